/** Unitary scalarization: Σ Lᵢ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, stepOf } from '../worked.ts';

test('unitary: every loss with weight 1; weights that a spec has nevertheless multiply it', () => {
  const state = { left: 'alone' };
  assert.deepEqual(made('unitary').weigh(stepOf([2, 5, 8]), state), { weights: [1, 1, 1], value: 15, state });
  assert.deepEqual(made('unitary').weigh(stepOf([2, 5], { weights: [1, 3] }), null).weights, [1, 3]);
  assert.equal(made('unitary').readsLosses, false);
});
