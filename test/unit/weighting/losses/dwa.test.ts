/** Dynamic weight average: T softmax(r/τ), r the ratio of the mean losses of the last two epochs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../src/weighting/contract.ts';
import { at } from '../../../../src/numbers/linear.ts';
import { made, near, softmax, stepOf } from '../worked.ts';

const tasks = ['a', 'b'];

test('dwa: a mean loss of 0 counts as unchanged; a task that came late waits for its second epoch', () => {
  const strategy = made('dwa', { temperature: 0.5 });
  let state: Json = null;
  const epoch = (names: string[], means: number[]): void => {
    state = strategy.afterEpoch?.(names, means, state) ?? null;
  };
  const weights = (): readonly number[] => strategy.weigh(stepOf([1, 1]), state).weights;
  epoch(['a'], [2]);
  epoch(tasks, [0, 4]);
  assert.deepEqual(weights(), [1, 1]);
  epoch(tasks, [3, 1]);
  // Rates 3/0, taken as 1, and 1/4; divided by τ.
  near(weights(), softmax([2, 0.5]).map((share) => 2 * share)); // prettier-ignore
  epoch(['b'], [2]);
  near(weights(), softmax([2, 4]).map((share) => 2 * share)); // prettier-ignore
});

test('dwa: the spec’s weights multiply it, and the value is the weighted sum', () => {
  const strategy = made('dwa', { temperature: 3 });
  const state = { newer: { a: 1, b: 6 }, older: { a: 2, b: 2 } };
  const found = strategy.weigh(stepOf([5, 7], { weights: [1, 4] }), state);
  const shares = softmax([0.5 / 3, 1]);
  near(found.weights, [2 * at(shares, 0), 8 * at(shares, 1)]);
  near([found.value ?? NaN], [10 * at(shares, 0) + 56 * at(shares, 1)]);
  assert.deepEqual(found.state, state);
  assert.deepEqual([strategy.readsLosses, strategy.initialState], [false, null]);
});
