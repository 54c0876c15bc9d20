import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../../src/runs/attempts.ts';
import { stateOf, type Evidence } from '../../../src/runs/state.ts';

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
