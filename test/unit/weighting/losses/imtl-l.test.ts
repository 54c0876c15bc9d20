/** IMTL-L: Σ exp(sᵢ) Lᵢ − sᵢ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf } from '../worked.ts';

test('imtl-l: weights exp(s), its value, and the slopes exp(s) L − 1 of raw losses', () => {
  const strategy = made('imtl-l', { init: 0.5, stateLearningRate: 0.03 });
  assert.deepEqual([strategy.needs, strategy.readsLosses, strategy.initialState], ['losses', false, null]);
  assert.equal(strategy.learned?.learningRate, 0.03);
  const first = strategy.weigh(stepOf([3, 0.5], { weights: [1, 4] }), null);
  const e = Math.exp(0.5);
  near(first.weights, [e, 4 * e]);
  near([first.value ?? NaN], [3.5 * e - 1]);
  near(first.gradient, [3 * e - 1, 0.5 * e - 1]);
  assert.equal(first.state, null);
  const later = strategy.weigh(stepOf([3, 0.5]), { s: { b: Math.log(6) } });
  near(later.weights, [e, 6]);
  near([later.value ?? NaN], [3 * e - 0.5 + 3 - Math.log(6)]);
  near(later.gradient, [3 * e - 1, 2]);
  assert.deepEqual(made('imtl-l').learned?.values(null, ['a']), [0]);
});
