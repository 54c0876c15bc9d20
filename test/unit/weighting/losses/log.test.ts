/** The sum of log losses: Σ wᵢ ln Lᵢ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

test('log: weights w/L and the value Σ w ln L; a loss of 0 stays finite', () => {
  const of = (losses: number[], parameters = {}) =>
    made('log', parameters).weigh(stepOf(losses, { weights: [1, 3] }), null);
  const { weights, value, state } = of([2, 0.25]);
  near(weights, [0.5, 12]);
  near([value ?? NaN], [Math.log(2) + 3 * Math.log(0.25)]);
  assert.equal(state, null);
  near(of([2, 0.25], { normalize: 'sum-to-one' }).weights, [0.04, 0.96]);
  near(of([0, 1]).weights, [1e30, 3]);
  near([of([0, 1]).value ?? NaN], [-30 * Math.LN10]);
});
