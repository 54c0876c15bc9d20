import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { LeaseWatch, openLease } from '../../../src/runs/leases.ts';
import { temporaryFolder } from './helpers.ts';

test('ticks are counted since a lease last changed, whatever the clock says', (context) => {
  const directory = temporaryFolder(context);
  const lease = openLease(directory, 'window', 1_000_000);
  const watch = new LeaseWatch(directory, 3);
  const file = path.join(directory, 'leases', lease.id);
  let time = 1_000_000;
  // A touch that no clock can miss: the test does not wait for the file system's resolution.
  const touch = (): void => fs.utimesSync(file, ++time, time);
  for (let round = 0; round < 5; round++) {
    touch();
    assert.equal(watch.tick(), false);
    assert.equal(watch.ticks, 0);
    assert.equal(watch.tick(), false);
    assert.equal(watch.tick(), false);
  }
  assert.equal(watch.ticks, 2);
  lease.release();
  assert.equal(watch.tick(), true);
  const second = openLease(directory, 'terminal', 1_000_000);
  assert.equal(watch.tick(), false);
  second.release();
  assert.deepEqual(fs.readdirSync(path.join(directory, 'leases')), []);
});

test('a limit of 0 never stops a run, and a missing folder is no lease', (context) => {
  const watch = new LeaseWatch(temporaryFolder(context), 0);
  for (let tick = 0; tick < 100; tick++) assert.equal(watch.tick(), false);
  assert.equal(watch.ticks, 100);
});

test('a lease that cannot be removed is no error', (context) => {
  const directory = temporaryFolder(context);
  const lease = openLease(directory, 'terminal', 1_000_000);
  const file = path.join(directory, 'leases', lease.id);
  fs.rmSync(file);
  // A folder is not removed as a file, whoever asks.
  fs.mkdirSync(path.join(file, 'in the way'), { recursive: true });
  assert.doesNotThrow(() => lease.release());
  assert.ok(fs.existsSync(file));
});
