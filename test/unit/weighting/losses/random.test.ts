/** Random weights: softmax(z), z drawn at every step. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

test('random: the softmax of the draws of the step, times the spec’s weights', () => {
  const strategy = made('random', {}, { tasks: ['a', 'b', 'c'] });
  const of = (normal: number[]) => strategy.weigh(stepOf([8, 4, 1], { weights: [1, 2, 4], draws: { normal } }), null);
  const { weights, value, state } = of([0, Math.log(3), Math.log(4)]);
  near(weights, [1 / 8, 3 / 4, 2]);
  near([value ?? NaN], [6]);
  assert.equal(state, null);
  near(of([Math.log(2), 0, 0]).weights, [0.5, 0.5, 1]);
  assert.equal(strategy.readsLosses, false);
  assert.throws(() => strategy.weigh(stepOf([1, 1, 1]), null), /normal draws/);
});
