import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import type { Attempt } from '../../../src/runs/attempts.ts';
import { isLive, type RunState } from '../../../src/common/run-state.ts';
import { lastLines, stateOf, type Evidence } from '../../../src/runs/state.ts';
import { temporaryFolder } from './helpers.ts';

const attempt = (number: number, created: number): Attempt => ({
  v: 1,
  attempt: number,
  token: 'aa',
  engine: 'auto',
  root: '..',
  allowOutside: false,
  keepAliveMinutes: 0,
  created,
  versions: {},
});

const evidence = (parts: Partial<Evidence>): Evidence => ({
  ...{ start: null, end: null, state: null, holder: null, attempt: attempt(1, 1000), now: 1500 },
  ...parts,
});

test('a young attempt without a lock is still starting, until it has once had it', () => {
  assert.equal(stateOf(evidence({})), 'preparing');
  assert.equal(stateOf(evidence({ now: 60_000 })), 'crashed');
  // Killed within the first seconds of its training.
  assert.equal(stateOf(evidence({ start: { attempt: 1 } })), 'crashed');
  // A resume that was launched just now: the `start` is that of the attempt before.
  assert.equal(stateOf(evidence({ start: { attempt: 1 }, attempt: attempt(2, 1400) })), 'preparing');
  assert.equal(stateOf(evidence({ attempt: null })), 'idle');
});

test('the end of an attempt before the newest is not the run’s', () => {
  const end = (t: number): Evidence['end'] => ({ v: 1, seq: 9, t, kind: 'end', status: 'completed', seconds: 1 });
  const late = { now: 1_000_000 };
  // Attempt 2 was made at 2000: an end before that is of attempt 1, whose start it follows.
  const before = { start: { attempt: 1 }, attempt: attempt(2, 2000), ...late };
  assert.equal(stateOf(evidence({ ...before, end: end(1999) })), 'crashed');
  assert.equal(stateOf(evidence({ ...before, end: end(2000) })), 'completed');
  assert.equal(stateOf(evidence({ ...before, start: { attempt: 2 }, end: end(1) })), 'completed');
  assert.equal(stateOf(evidence({ ...before, attempt: null, end: end(1) })), 'completed');
  const holder = { attempt: 2, token: 'a', since: 0, pid: 1, boot: '', ticks: 0 };
  assert.equal(stateOf(evidence({ ...before, holder, end: end(1999) })), 'preparing');
});

test('an attempt that ended is not starting; nor one from the future; a start without attempts is a crash', () => {
  const ended = { ...attempt(1, 1000), ended: { status: 'died' } };
  assert.equal(stateOf(evidence({ attempt: ended })), 'crashed');
  assert.equal(stateOf(evidence({ attempt: attempt(1, 1000), now: 1000 - 15_000 })), 'crashed');
  assert.equal(stateOf(evidence({ attempt: attempt(1, 1000), now: 1000 - 14_999 })), 'preparing');
  assert.equal(stateOf(evidence({ attempt: null, start: { attempt: 1 } })), 'crashed');
});

test('four states are live', () => {
  const all: readonly RunState[] = ['idle', 'preparing', 'running', 'paused', 'stopping', 'stopped', 'completed', 'failed', 'crashed']; // prettier-ignore
  assert.deepEqual(all.filter(isLive), ['preparing', 'running', 'paused', 'stopping']);
});

test('the last lines of a log: five that say something, of its last eight kilobytes', (context) => {
  const file = path.join(temporaryFolder(context), 'log.txt');
  assert.deepEqual(lastLines(file), []);
  fs.writeFileSync(file, '');
  assert.deepEqual(lastLines(file), []);
  fs.writeFileSync(file, 'a\r\nb\n\n \t\nc\nd\ne\nf');
  assert.deepEqual(lastLines(file), ['b', 'c', 'd', 'e', 'f']);
  assert.deepEqual(lastLines(file, 2), ['e', 'f']);
  const lines = Array.from({ length: 2048 }, (_, index) => String(index).padStart(7));
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  assert.deepEqual(lastLines(file, 5000), lines.slice(-1024));
});
