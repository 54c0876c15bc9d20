import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { acquireLock } from '../../../src/runs/lock.ts';
import { parseRecord } from '../../../src/runs/records.ts';
import { openWriter } from '../../../src/runs/writer.ts';
import { startBody, stepBody, temporaryFolder } from './helpers.ts';

const recordsOf = (file: string) =>
  fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const record = parseRecord(line);
      assert.ok(typeof record !== 'string', `${JSON.stringify(record)}: ${line}`);
      return record;
    });

test('records get seq and time, keep the order of names, and write non-finite numbers as text', async (context) => {
  const directory = temporaryFolder(context);
  const lock = await acquireLock(directory, { attempt: 1 });
  const writer = openWriter(directory, { token: lock.token, now: () => 1000 });
  assert.equal(writer.append(startBody(1)), 0);
  assert.equal(writer.append(stepBody(1)), 1);
  writer.close();
  const lines = fs.readFileSync(path.join(directory, 'events.ndjson'), 'utf8').split('\n');
  assert.equal(
    lines[1],
    '{"v":1,"seq":1,"t":1000,"kind":"step","step":1,"steps":1,"epoch":1,"losses":{"10":1,"2":0.5},' +
      '"weights":{"10":0.25,"2":0.75},"total":"NaN","objective":"Infinity","penalty":0,"learningRate":0.001,"stepsPerSecond":100}',
  );
});

test('a tail torn at any byte is cut, and seq goes on without a gap', async (context) => {
  const directory = temporaryFolder(context);
  const lock = await acquireLock(directory, { attempt: 1 });
  const writer = openWriter(directory, { token: lock.token, now: () => 5 });
  for (let step = 1; step <= 3; step++) writer.append(stepBody(step));
  writer.close();
  const file = path.join(directory, 'events.ndjson');
  const whole = fs.readFileSync(file);
  for (let length = 0; length <= whole.length; length++) {
    fs.writeFileSync(file, whole.subarray(0, length));
    const complete = whole.subarray(0, length).filter((byte) => byte === 0x0a).length;
    const again = openWriter(directory, { token: lock.token, now: () => 5 });
    assert.equal(again.append(stepBody(9)), complete);
    again.close();
    const seqs = recordsOf(file).map((record) => record.seq);
    assert.deepEqual(
      seqs,
      Array.from({ length: complete + 1 }, (_, index) => index),
    );
  }
});

test('garbage lines do not stop a writer from finding the last seq', async (context) => {
  const directory = temporaryFolder(context);
  const lock = await acquireLock(directory, { attempt: 1 });
  const writer = openWriter(directory, { token: lock.token });
  writer.append(stepBody(1));
  writer.close();
  fs.appendFileSync(path.join(directory, 'events.ndjson'), `garbage\n\0\0\0\n${'x'.repeat(1_000_000)}\n{"v":1}\n`);
  assert.equal(openWriter(directory, { token: lock.token }).nextSeq, 1);
});

test('without the lock nothing is written, and losing it stops the writer', async (context) => {
  const directory = temporaryFolder(context);
  assert.throws(() => openWriter(directory, { token: 'a'.repeat(32) }), { code: 'lock-lost' });
  assert.equal(fs.existsSync(path.join(directory, 'events.ndjson')), false);
  const lock = await acquireLock(directory, { attempt: 1 });
  assert.throws(() => openWriter(directory, { token: 'b'.repeat(32) }), { code: 'lock-lost' });
  lock.release();
  assert.equal(lock.held(), false);
});

test('resumedFrom finds the checkpoint record, passes over superseded ones, and heals a missing one', async (context) => {
  const directory = temporaryFolder(context);
  const lock = await acquireLock(directory, { attempt: 1 });
  const writer = openWriter(directory, { token: lock.token });
  const checkpoint = (step: number) => ({ step, epoch: 1, path: `checkpoints/${step}`, bytes: 10 });
  const append = (step: number) => {
    const { path: at, bytes } = checkpoint(step);
    return writer.append({ kind: 'checkpoint', step, path: at, bytes });
  };
  writer.append(startBody(1));
  const first = append(2);
  writer.append(stepBody(3));
  const second = append(4);
  assert.deepEqual(writer.resumedFrom(checkpoint(4)), { step: 4, epoch: 1, seq: second });
  // The second attempt went back to the first checkpoint, and died after it had written checkpoints/4 anew.
  writer.append(startBody(2, { step: 2, epoch: 1, seq: first }));
  const seq = writer.nextSeq;
  assert.deepEqual(writer.resumedFrom(checkpoint(4)), { step: 4, epoch: 1, seq });
  assert.equal(writer.nextSeq, seq + 1);
  assert.deepEqual(writer.resumedFrom(checkpoint(2)), { step: 2, epoch: 1, seq: first });
  writer.close();
});

test('a run directory that is gone is not said to be another process’s', async (context) => {
  const directory = temporaryFolder(context);
  const { token } = await acquireLock(directory, { attempt: 1 });
  fs.writeFileSync(path.join(directory, 'run.json'), '{}');
  const other = 'c'.repeat(32);
  assert.throws(() => openWriter(directory, { token: other }), { code: 'lock-lost', message: /Another process/ });
  openWriter(directory, { token }).close();
  fs.renameSync(directory, `${directory}-moved`);
  context.after(() => fs.rmSync(`${directory}-moved`, { recursive: true }));
  assert.throws(() => openWriter(directory, { token }), { code: 'lock-lost', message: /moved or deleted/ });
});
