/** Soft optimal uncertainty weighting: softmax((1/L)/τ). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../../src/numbers/linear.ts';
import { made, near, softmax, stepOf } from '../worked.ts';

test('uncertainty-softmax: the softmax of inverse losses by its temperature, times the spec’s weights', () => {
  const of = (losses: number[], temperature: number) =>
    made('uncertainty-softmax', { temperature }).weigh(stepOf(losses, { weights: [1, 3] }), null);
  const shares = softmax([0.5 / 4, 2 / 4]);
  const { weights, value, state } = of([2, 0.5], 4);
  near(weights, [at(shares, 0), 3 * at(shares, 1)]);
  near([value ?? NaN], [2 * at(shares, 0) + 1.5 * at(shares, 1)]);
  assert.equal(state, null);
  near(of([2, 0.5], 0.5).weights, [at(softmax([1, 4]), 0), 3 * at(softmax([1, 4]), 1)]);
  near(of([0, 0.5], 1).weights, [1, 0]);
});
