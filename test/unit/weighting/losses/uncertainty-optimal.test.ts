/** Optimal uncertainty weighting: 1/L. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

test('uncertainty-optimal: the inverse losses, times the spec’s weights; a loss of 0 stays finite', () => {
  const of = (losses: number[], parameters = {}) =>
    made('uncertainty-optimal', parameters).weigh(stepOf(losses, { weights: [1, 3] }), null);
  assert.deepEqual(of([2, 0.25]), { weights: [0.5, 12], value: 4, state: null });
  near(of([2, 0.25], { normalize: 'sum-to-one' }).weights, [0.04, 0.96]);
  near(of([0, 0.5]).weights, [1e30, 6]);
  assert.equal('readsLosses' in made('uncertainty-optimal'), false);
});
