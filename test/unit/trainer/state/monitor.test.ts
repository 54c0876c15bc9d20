import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../../src/trainer/tasks/contract.ts';
import {
  directionOf,
  initialSelection,
  parseMonitor,
  select,
  type SelectionState,
  type ValidationNumbers,
} from '../../../../src/trainer/state/monitor.ts';

const numbers: ValidationNumbers = {
  total: 2,
  skill: 0.25,
  losses: new Map([
    ['a/b', 0.5],
    ['skill', null],
  ]),
  metrics: new Map([['a/b', new Map([['accuracy', 0.75]])]]),
};
const higher = (metric: string): boolean => metric === 'accuracy';
const monitorOf = (text: string) => parseMonitor(text, higher);

test('reads totals, skill, losses and metrics; names may hold a slash', () => {
  assert.equal(monitorOf('validation/total').read(numbers), 2);
  assert.equal(monitorOf('validation/skill').read(numbers), 0.25);
  assert.equal(monitorOf('validation/a~1b/loss').read(numbers), 0.5);
  assert.equal(monitorOf('validation/a~1b/accuracy').read(numbers), 0.75);
  assert.equal(monitorOf('validation/skill/loss').read(numbers), null);
  assert.deepEqual(
    ['total', 'skill', 'a~1b/loss', 'a~1b/accuracy'].map((part) => monitorOf(`validation/${part}`).higherIsBetter),
    [false, true, false, true],
  );
});

test('a monitor that names nothing is refused', () => {
  for (const text of ['train/total', 'validation', 'validation/other', 'validation/a/b/c', '']) {
    assert.throws(() => monitorOf(text), /names nothing/, text);
  }
});

function run(
  values: readonly (number | null)[],
  text: string,
  patience: number,
  minDelta = 0,
): [number, number | null] {
  const monitor = monitorOf(text);
  let state: SelectionState = initialSelection;
  for (const [index, value] of values.entries()) {
    const selection = select(state, index + 1, value, monitor, { patience, minDelta });
    state = selection.state;
    if (selection.stop) return [state.best?.epoch ?? 0, index + 1];
  }
  return [state.best?.epoch ?? 0, null];
}

test('stops after `patience` evaluations without progress and remembers the best epoch', () => {
  assert.deepEqual(run([3, 2, 2.5, 2.4, 2.3, 1], 'validation/total', 3), [2, 5]);
  assert.deepEqual(run([0.1, 0.2, 0.15, 0.3], 'validation/skill', 2), [4, null]);
  // Two small gains within minDelta are no progress for stopping, though each is a new best.
  assert.deepEqual(run([3, 2.95, 2.9, 2.85], 'validation/total', 3, 0.5), [4, 4]);
});

test('an evaluation without a value decides nothing: it is neither the best nor waited for', () => {
  assert.deepEqual(run([null, null, null, null], 'validation/total', 1), [0, null]);
  assert.deepEqual(run([2, null, 3, null, null, 1, null], 'validation/total', 2), [6, null]);
  assert.deepEqual(run([2, null, 3, null, 3], 'validation/total', 2), [1, 5]);
});

test('a value that is no finite number is never the best, and counts as waiting once there was one', () => {
  assert.deepEqual(run([NaN, Infinity, NaN], 'validation/total', 2), [0, null]);
  assert.deepEqual(run([2, NaN, 1, Infinity, NaN], 'validation/total', 2), [3, 5]);
});

test('only what is better counts as better, and only what is better by more than minDelta as progress', () => {
  const verdict = (text: string, value: number, minDelta: number | null) => {
    const state: SelectionState = { best: { epoch: 1, value: 2 }, reference: 2, waited: 4 };
    const stopping = minDelta === null ? null : { patience: 5, minDelta };
    const { state: next, improved, stop } = select(state, 7, value, monitorOf(text), stopping);
    return [next.best?.epoch, next.best?.value, next.reference, next.waited, improved, stop];
  };
  assert.deepEqual(verdict('validation/total', 2, 0), [1, 2, 2, 5, false, true]);
  assert.deepEqual(verdict('validation/total', 1.5, 0), [7, 1.5, 1.5, 0, true, false]);
  assert.deepEqual(verdict('validation/total', 1.5, 0.5), [7, 1.5, 2, 5, true, true]);
  assert.deepEqual(verdict('validation/total', 1.25, 0.5), [7, 1.25, 1.25, 0, true, false]);
  assert.deepEqual(verdict('validation/total', 2.5, 0.25), [1, 2, 2, 5, false, true]);
  assert.deepEqual(verdict('validation/skill', 2.5, 0.5), [7, 2.5, 2, 5, true, true]);
  assert.deepEqual(verdict('validation/skill', 2.75, 0.5), [7, 2.75, 2.75, 0, true, false]);
  assert.deepEqual(verdict('validation/skill', 1.5, 0), [1, 2, 2, 5, false, true]);
  // Where nothing stops, the best is remembered all the same.
  assert.deepEqual(verdict('validation/total', 1.5, null), [7, 1.5, 1.5, 0, true, false]);
  assert.deepEqual(verdict('validation/total', 3, null), [1, 2, 2, 5, false, false]);
});

test('the direction of a metric is that of the task that measures it', () => {
  const tasks = [
    { type: 'classification', metrics: ['accuracy'] },
    { type: 'regression', metrics: ['mae', 'r2'] },
  ] as unknown as readonly Task[];
  const directions = ['accuracy', 'mae', 'r2', 'f1', ''].map((metric) => directionOf(tasks, metric));
  assert.deepEqual(directions, [true, false, true, false, false]);
});
