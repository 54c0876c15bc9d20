// How long a training still takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LossHistory } from '../../../src/messages/history.ts';
import type { EventRecord } from '../../../src/runs/events.ts';

const start = {
  ...{ kind: 'start', attempt: 1, stepsPerEpoch: 10, epochs: 6, strategy: 'static', seed: 0 },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  ...{ tasks: [], parameters: { total: 0, shared: 0, byTask: {} } },
  samples: { train: 0, validation: 0, test: 0, labelled: {} },
};
const step = (at: number, stepsPerSecond: number): object => ({
  ...{ kind: 'step', step: at, steps: 1, epoch: 1, total: 1, objective: 1, penalty: 0, losses: {}, weights: null },
  ...{ learningRate: 0.1, stepsPerSecond },
});
const epoch = (seconds: number): object => ({
  ...{ kind: 'epoch', epoch: 1, seconds, train: { losses: {}, metrics: {} }, validation: null },
});
const left = (...records: readonly object[]): number | null => {
  const history = new LossHistory();
  history.append(records.map((record, seq) => ({ v: 1, seq, t: seq, ...record })) as unknown as EventRecord[]);
  return history.remainingSeconds();
};

test('by the steps before an epoch has ended, by whole epochs after', () => {
  assert.equal(left(start, step(4, 8)), 56 / 8);
  assert.equal(left(start, step(10, 100), epoch(3)), 15, 'five epochs of three seconds: evaluation is part of them');
  assert.equal(left(start, step(15, 100), epoch(3)), 13.5);
});

test('the pace is that of the last five epochs, and one slow epoch does not make it', () => {
  const slow = [100, 100, 1, 1, 9, 1, 1].map(epoch);
  assert.equal(left(start, ...slow, step(50, 1)), 1);
});

test('nothing is said where nothing is known', () => {
  assert.equal(left(), null);
  assert.equal(left(start), null);
  assert.equal(left(start, step(4, 0)), null);
  assert.equal(left(start, step(60, 5)), 0);
  assert.equal(left(start, step(70, 5)), 0, 'never below');
});
