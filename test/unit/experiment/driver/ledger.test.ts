import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import { ExperimentError } from '../../../../src/experiment/error.ts';
import { encodeLedger, LedgerReader, parseLedger, type LedgerBody } from '../../../../src/experiment/driver/ledger.ts';
import { isFullDisk, LedgerWriter } from '../../../../src/experiment/driver/writer.ts';
import { lockExperiment } from '../../../../src/experiment/lock.ts';
import { RunError } from '../../../../src/runs/error.ts';
import { fillDisk } from '../../full-disk.ts';
import { quickFolder } from '../workplace.ts';

const reason = text('why', '为何');
const mark = { sha256: 'a', analysisHash: 'b', engine: 'wasm 1', files: 'c' };
const bodies: readonly LedgerBody[] = [
  { kind: 'start', driver: 1, executor: 'local', jobs: null, slots: 2, says: reason, version: '1' },
  { kind: 'submit', run: 'r', stage: 'main', arm: 'a', task: null, seed: 1, spec: 'x', resume: false },
  { kind: 'death', run: 'r', attempt: 1, step: 0, code: null, signal: 'SIGKILL' },
  { kind: 'retry', run: 'r', attempt: 2, reason },
  { kind: 'pruned', run: 'r', epoch: 3, reason },
  { kind: 'end', run: 'r', state: 'failed', failure: 'crash', reason, seconds: 1.5 },
  { kind: 'pause', by: 'window' },
  { kind: 'resume', by: 'window' },
  { kind: 'deviation', before: mark, after: mark, changes: reason, counted: 1, of: 2 },
  { kind: 'stop', driver: 1, reason: 'done', message: null },
];

test('every kind of record is written and read as it was', () => {
  for (const [seq, body] of bodies.entries()) {
    assert.deepEqual(parseLedger(encodeLedger(seq, 5, body)), { v: 1, seq, t: 5, ...body });
  }
});

test('a record without one of its members is none', () => {
  for (const body of bodies) {
    const whole = { v: 1, seq: 0, t: 1, ...body } as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(whole)) {
      const found = parseLedger(JSON.stringify({ ...whole, [name]: undefined }));
      assert.equal(typeof found, 'string', `${body.kind} without ${name}`);
    }
  }
});

test('what is no record is told as such', () => {
  const end = { v: 1, seq: 0, t: 1, kind: 'end', run: 'r', state: 'done', failure: null, reason: null, seconds: 1 };
  const told = (change: object): unknown => {
    const found = parseLedger(JSON.stringify({ ...end, ...change }));
    return typeof found === 'string' ? found : null;
  };
  assert.equal(told({}), null);
  assert.equal(told({ v: 2 }), 'not a record of version 1');
  assert.equal(told({ kind: 'other' }), 'of an unknown kind');
  assert.match(String(told({ state: 'won' })), /state/);
  assert.match(String(told({ failure: 'luck' })), /failure/);
  assert.match(String(told({ reason: { en: 'only' } })), /reason/);
  assert.match(String(told({ seq: -1 })), /seq/);
  assert.match(String(told({ seconds: '1' })), /seconds/);
  assert.equal(parseLedger('{'), 'not JSON');
  assert.equal(parseLedger('[]'), 'not a record of version 1');
});

test('records are numbered without gaps across writers; a torn line is cut off, garbage is told', async (context) => {
  const folder = quickFolder(context);
  const lock = await lockExperiment(folder, 1);
  const first = new LedgerWriter(folder, lock.token, () => 7);
  assert.deepEqual(first.append({ kind: 'pause', by: 'a' }), { v: 1, seq: 0, t: 7, kind: 'pause', by: 'a' });
  first.append({ kind: 'resume', by: 'a' });
  first.close();
  const file = path.join(folder, 'ledger.ndjson');
  fs.appendFileSync(file, '{"v":1,"seq":2,"t":1,"kind":"pau');
  const reader = new LedgerReader(folder);
  assert.deepEqual(reader.read().records.map(({ seq }) => seq), [0, 1]); // prettier-ignore
  assert.deepEqual(reader.read(), { records: [], replaced: false, problems: [] });
  const second = new LedgerWriter(folder, lock.token);
  second.append({ kind: 'pause', by: 'b' });
  second.close();
  assert.deepEqual(reader.read().records.map(({ seq, kind }) => [seq, kind]), [[2, 'pause']]); // prettier-ignore
  fs.appendFileSync(file, 'noise\n');
  const third = new LedgerWriter(folder, lock.token);
  third.append({ kind: 'resume', by: 'b' });
  third.close();
  const last = reader.read();
  assert.deepEqual([last.records.map(({ seq }) => seq), last.problems], [[3], ['not JSON']]);
  // A gap means that a line was lost.
  fs.appendFileSync(file, `${encodeLedger(9, 1, { kind: 'pause', by: 'c' })}\n`);
  assert.deepEqual(reader.read().problems, ['seq 9 after 3']);
  fs.writeFileSync(file, `${encodeLedger(0, 1, { kind: 'pause', by: 'c' })}\n`);
  const anew = reader.read();
  assert.deepEqual([anew.replaced, anew.records.length, anew.problems], [true, 1, []]);
  lock.release();
});

test('only the holder of the lock writes', async (context) => {
  const folder = quickFolder(context);
  assert.throws(
    () => new LedgerWriter(folder, 'nobody-at-all'),
    (error) => error instanceof ExperimentError && error.code === 'lock-lost' && error.exitCode === 1,
  );
  const lock = await lockExperiment(folder, 1);
  await assert.rejects(
    () => lockExperiment(folder, 2),
    (error) => error instanceof ExperimentError && error.code === 'alive' && error.exitCode === 2 && error.message.includes(String(process.pid)), // prettier-ignore
  );
  lock.release();
});

test('a full disk is told as one, and leaves the last whole record', async (context) => {
  const folder = quickFolder(context);
  const lock = await lockExperiment(folder, 1);
  const ledger = new LedgerWriter(folder, lock.token);
  ledger.append({ kind: 'pause', by: 'a' });
  const empty = fillDisk();
  let thrown: unknown;
  try {
    ledger.append({ kind: 'resume', by: 'a' });
  } catch (error) {
    thrown = error;
  } finally {
    empty();
  }
  assert.ok(thrown instanceof ExperimentError && thrown.code === 'unwritable' && isFullDisk(thrown));
  assert.match(thrown.message, /no space left/);
  assert.equal(ledger.append({ kind: 'resume', by: 'a' }).seq, 1);
  ledger.close();
  lock.release();
  assert.equal(isFullDisk(Object.assign(new Error('x'), { code: 'EDQUOT' })), true);
  assert.equal(isFullDisk(Object.assign(new Error('x'), { code: 'EACCES' })), false);
  assert.equal(
    isFullDisk(new RunError('unwritable', 'There is no space left (ENOSPC).', '没有剩余空间（ENOSPC）。')),
    true,
  );
  assert.equal(isFullDisk(new RunError('unwritable', 'cannot be written (EACCES).', '无法写入（EACCES）。')), false);
});
