/** The sum of the losses: Σ wᵢ Lᵢ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, stepOf } from '../worked.ts';

test('sum: 1 for every task present, times the spec’s weights', () => {
  const of = (losses: number[], weights: number[], parameters = {}) =>
    made('sum', parameters).weigh(stepOf(losses, { weights }), null);
  assert.deepEqual(of([2, 5, 8], [1, 3, 0.5]), { weights: [1, 3, 0.5], value: 21, state: null });
  assert.deepEqual(of([2], [3]), { weights: [3], value: 6, state: null });
  assert.deepEqual(of([2, 5], [1, 3], { normalize: 'sum-to-tasks' }).weights, [0.5, 1.5]);
  assert.equal(made('sum').readsLosses, false);
});
