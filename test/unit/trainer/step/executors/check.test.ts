/** A captured step is judged by each kind of state on its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareLosses, compareNumbers, compareStates } from '../../../../../src/trainer/step/executors/check.ts';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import type { Compared } from '../../../../../src/trainer/step/recorded/state.ts';
import type { Forward } from '../../../../../src/trainer/step/contract.ts';

const part = (name: string, group: Compared['group'], before: number, captured: number, eager: number): Compared => ({
  ...{ name, group },
  before: Float32Array.of(before),
  captured: Float32Array.of(captured),
  eager: Float32Array.of(eager),
});

const slot = part('slot', 0, 0, 0.1, 0.1);
const count = part('count', 'kept', 4, 5, 5);

test('a count that moves by 1 excuses no weight', () => {
  const weights = (captured: number): Compared[] => [part('kernel', 'weights', 0, captured, 0.01), count, slot];
  assert.doesNotThrow(() => compareStates(weights(0.0101)));
  assert.throws(
    () => compareStates(weights(0.02)),
    (error) => error instanceof CaptureError && /step of kernel differs/.test(error.message),
  );
});

test('moving averages come of the forward pass alone: they may differ by rounding, not as weights may', () => {
  const averages = (captured: number): Compared[] => [part('mean', 'kept', 2, captured, 3), count, slot];
  assert.doesNotThrow(() => compareStates(averages(3.0005)));
  assert.throws(() => compareStates(averages(3.01)), /step of mean differs/);
  const wrong = [part('updates', 'kept', 4, 4, 5), slot];
  assert.throws(() => compareStates(wrong), /step of updates differs/);
});

/** Passes at nine tenths of what is allowed, and fails at eleven, whichever way it differs. */
function allows(allowed: number, compare: (difference: number) => void): void {
  for (const sign of [1, -1]) {
    assert.doesNotThrow(() => compare(0.9 * sign * allowed), String(allowed));
    assert.throws(() => compare(1.1 * sign * allowed), CaptureError, String(allowed));
  }
}

test('lists of numbers may differ by a ten thousandth of their length, and by as little as rounding makes of 0', () => {
  // ‖(3, 4)‖ is 5.
  allows(5e-4, (difference) => compareNumbers('norms', [3 + difference, 4], [3, 4]));
  allows(5e-4, (difference) => compareNumbers('norms', [3, 4 + difference], [3, 4]));
  allows(1e-7, (difference) => compareNumbers('norms', [0, difference], [0, 0]));
  const both = 1.1 * Math.SQRT1_2;
  assert.throws(() => compareNumbers('norms', [3 + both * 5e-4, 4 - both * 5e-4], [3, 4]), CaptureError);
  assert.doesNotThrow(() => compareNumbers('norms', [], []));
  assert.throws(
    () => compareNumbers('norms', [2, 0], [1, 0]),
    /^CaptureError: its norms differ from the eager step's \(1\.0e\+0, allowed 1\.0e-4\)$/,
  );
});

test('lists of another length differ, and what is no number from every number', () => {
  for (const [captured, eager] of [
    [[1], [1, 0]],
    [[1, 0], [1]],
    [[NaN], [1]],
    [
      [1, NaN],
      [1, 2],
    ],
  ] as const) {
    assert.throws(() => compareNumbers('norms', captured, eager), CaptureError, String(captured));
  }
  // A run that has lost its numbers has lost them both ways.
  assert.doesNotThrow(() => compareNumbers('norms', [NaN, 1], [NaN, 1]));
  assert.throws(() => compareStates([part('kernel', 'weights', 0, NaN, 0.01), slot]), /step of kernel differs/);
  assert.doesNotThrow(() => compareStates([part('kernel', 'weights', 0, NaN, NaN), slot]));
});

test('losses are compared task by task, sum and weight, and an absent one with an absent one', () => {
  const forward = (...losses: Forward['losses']): Forward => ({ losses, parts: [] });
  const good = forward({ sum: 10, weight: 4 }, null, { sum: 1, weight: 2 });
  assert.doesNotThrow(() => compareLosses(good, good));
  const differing = [
    forward({ sum: 10.1, weight: 4 }, null, { sum: 1, weight: 2 }),
    forward({ sum: 10, weight: 4.1 }, null, { sum: 1, weight: 2 }),
    forward({ sum: 10, weight: 4 }, null, { sum: 1.001, weight: 2 }),
    forward({ sum: 10, weight: 4 }, { sum: 0, weight: 0 }, { sum: 1, weight: 2 }),
    forward({ sum: 10, weight: 4 }, null, null),
  ];
  for (const other of differing) {
    assert.throws(() => compareLosses(other, good), /its losses differ/);
    assert.throws(() => compareLosses(good, other), /its losses differ/);
  }
  assert.throws(() => compareLosses(good, forward({ sum: 10, weight: 4 }, null)), /its losses differ/);
});

/** One part of a group that moves by `own` from `before`; the rest of the group moves by `rest`. */
function moving(group: Compared['group'], before: number, own: number, rest: number, others: readonly Compared[]) {
  const [eager, moved] = [before + own, part('rest', group, 0, rest, rest)];
  return (difference: number): void =>
    compareStates([part('one', group, before, eager + difference, eager), moved, ...others]);
}

test('weights: a fiftieth of their own step, a share of the whole one, and rounding', () => {
  const far = part('far', 'kept', 0, 1e6, 1e6);
  for (const [others, share] of [
    [[far], 1e-3],
    // Where the optimizer has slots, they tell: a weight whose gradient is 0 may make a step of rounding.
    [[far, slot], 0.2],
  ] as const) {
    allows(0.02 * 3 + share * 3 + 3e-6, moving('weights', 0, 3, 0, others));
    allows(0.02 * 3 + share * 5 + 3e-6, moving('weights', 0, 3, 4, others));
    allows(share * 100, moving('weights', 0, 0, 100, others));
    allows(1000e-6, moving('weights', 1000, 0, 0, others));
    allows(1e-9, moving('weights', 0, 0, 0, others));
  }
});

test('slots: a thousandth of their own step, a hundred thousandth of the whole one, and nothing for their size', () => {
  const other = part('other slot', 1, 0, 1e6, 1e6);
  const weight = part('weight', 'weights', 0, 1e6, 1e6);
  allows(1e-3 * 3 + 1e-5 * 5, moving(0, 0, 3, 4, [other, weight]));
  allows(1e-5 * 1000, moving(0, 0, 0, 1000, [other, weight]));
  allows(1e-3 * 1000 + 1e-5 * 1000, moving(0, 1000, 1000, 0, [other, weight]));
  assert.throws(() => moving(0, 1000, 0, 0, [other, weight])(1e-3 / 2), /step of one differs/);
  allows(1e-9, moving(0, 0, 0, 0, [other, weight]));
});

test('what else the model keeps: as slots, and rounding by its size', () => {
  const others = [slot, part('weight', 'weights', 0, 1e6, 1e6)];
  allows(1e-3 * 3 + 1e-5 * 5 + 3e-6, moving('kept', 0, 3, 4, others));
  allows(1e-5 * 1000, moving('kept', 0, 0, 1000, others));
  allows(1000e-6, moving('kept', 1000, 0, 0, others));
  assert.throws(
    () => moving('kept', 0, 1, 0, others)(1),
    /^CaptureError: its step of one differs from the eager step's \(1\.0e\+0, allowed 1\.0e-3\)$/,
  );
});

test('states of another length differ', () => {
  const short = { ...part('kernel', 'weights', 0, 1, 1), captured: new Float32Array(0) };
  assert.throws(() => compareStates([short, slot]), /step of kernel differs/);
  const long = { ...part('kernel', 'weights', 0, 1, 1), captured: Float32Array.of(1, 1) };
  assert.throws(() => compareStates([long, slot]), /step of kernel differs/);
});
