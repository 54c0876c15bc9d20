/** The mean of the losses: Σ wᵢ Lᵢ / T. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

test('mean: 1/T over the tasks present, times the spec’s weights', () => {
  const of = (losses: number[], weights: number[]) => made('mean').weigh(stepOf(losses, { weights }), null);
  const { weights, value } = of([2, 5, 7], [1, 3, 2]);
  near(weights, [1 / 3, 1, 2 / 3]);
  near([value ?? NaN], [31 / 3]);
  assert.deepEqual(of([2, 5], [1, 3]), { weights: [0.5, 1.5], value: 8.5, state: null });
  assert.deepEqual(of([2], [3]), { weights: [3], value: 6, state: null });
  assert.equal(made('mean').readsLosses, false);
});
