/** Geometric loss: ∏ Lᵢ^rᵢ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

test('geometric: the product of the losses with the preferences as powers, and its derivative', () => {
  const step = stepOf([2, 8, 4], { weights: [1, 2, 1] });
  const { weights, value, state } = made('geometric').weigh(step, null);
  // 2^¼ 8^½ 4^¼
  const product = 2 ** 2.25;
  near([value ?? NaN], [product]);
  near(weights, [(0.25 * product) / 2, (0.5 * product) / 8, (0.25 * product) / 4]);
  assert.equal(state, null);
  const given = made('geometric', { preference: 'given' }).weigh(step, null);
  near([given.value ?? NaN], [512]);
  near(given.weights, [256, 128, 128]);
});

test('geometric: normalized weights leave the value; losses of 0 stay finite', () => {
  const of = (losses: number[], parameters = {}) => made('geometric', parameters).weigh(stepOf(losses), null);
  near(of([2, 8], { normalize: 'sum-to-one' }).weights, [0.8, 0.2]);
  near([of([2, 8], { normalize: 'sum-to-one' }).value ?? NaN], [4]);
  near(of([0, 4]).weights, [1e15, 2.5e-16]);
});
