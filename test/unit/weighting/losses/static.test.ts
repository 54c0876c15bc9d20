/** Static weights: Σ wᵢ Lᵢ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, stepOf } from '../worked.ts';

test('static: the weights of the spec as they are, or brought to sum 1 or T over the tasks present', () => {
  const step = stepOf([2, 5], { weights: [1, 3] });
  const state = { left: 'alone' };
  assert.deepEqual(made('static').weigh(step, state), { weights: [1, 3], value: 17, state });
  assert.deepEqual(made('static', { normalize: 'sum-to-one' }).weigh(step, null), {
    ...{ weights: [0.25, 0.75], value: 4.25, state: null },
  });
  assert.deepEqual(made('static', { normalize: 'sum-to-tasks' }).weigh(step, null), {
    ...{ weights: [0.5, 1.5], value: 8.5, state: null },
  });
  assert.equal(made('static').readsLosses, false);
  assert.equal(made('static').initialState, null);
});
