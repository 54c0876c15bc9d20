import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { LeaseWatch, openLease, touchEvery } from '../../../src/runs/leases.ts';
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

test('a lease is named after its holder, touched at its own pace until released, and by hand', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const directory = temporaryFolder(context);
  const touches = (id: string): string => fs.readFileSync(path.join(directory, 'leases', id), 'utf8');
  const driver = openLease(directory, 'driver');
  const quick = openLease(directory, 'window', 3000);
  assert.match(driver.id, /^driver-[0-9a-f]{12}$/);
  assert.match(quick.id, /^window-[0-9a-f]{12}$/);
  assert.deepEqual([touches(driver.id), touches(quick.id)], ['1\n', '1\n']);
  assert.equal(touchEvery, 10_000);
  context.mock.timers.tick(9_999);
  assert.deepEqual([touches(driver.id), touches(quick.id)], ['1\n', '4\n']);
  context.mock.timers.tick(1);
  assert.equal(touches(driver.id), '2\n');
  driver.touch();
  assert.equal(touches(driver.id), '3\n');
  driver.release();
  context.mock.timers.tick(10_000);
  assert.deepEqual(fs.readdirSync(path.join(directory, 'leases')), [quick.id]);
  quick.release();
  // A run that is gone is nobody's mistake.
  const late = openLease(directory, 'terminal', 3000);
  fs.rmSync(directory, { recursive: true });
  fs.writeFileSync(directory, '');
  context.mock.timers.tick(3000);
  late.release();
});

test('a new holder counts as a touch, one that leaves does not; the limit is met at its tick', (context) => {
  const directory = temporaryFolder(context);
  const watch = new LeaseWatch(directory, 2);
  const first = openLease(directory, 'window', 1_000_000);
  assert.deepEqual([watch.tick(), watch.ticks], [false, 0]);
  const second = openLease(directory, 'driver', 1_000_000);
  assert.deepEqual([watch.tick(), watch.ticks], [false, 0], 'one of two has changed');
  first.release();
  assert.deepEqual([watch.tick(), watch.ticks], [false, 1]);
  assert.deepEqual([watch.tick(), watch.ticks], [true, 2]);
  assert.deepEqual([watch.tick(), watch.ticks], [true, 3]);
  second.release();
  // What lay there before the watch began is no touch.
  const old = openLease(directory, 'window', 1_000_000);
  assert.equal(new LeaseWatch(directory, 1).tick(), true);
  old.release();
});
