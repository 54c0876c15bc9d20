import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
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
