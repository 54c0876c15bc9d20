/** Uncertainty weighting: Σ ½ exp(−sᵢ) Lᵢ + ½ sᵢ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../../src/numbers/linear.ts';
import { made, near, stepOf } from '../worked.ts';

test('uncertainty: weights ½ exp(−s), its value, and the slopes ½ − ½ exp(−s) L of raw losses', () => {
  const strategy = made('uncertainty', { init: -0.5, stateLearningRate: 0.02 });
  const { learned } = strategy;
  assert.ok(learned);
  assert.deepEqual([strategy.needs, strategy.readsLosses, strategy.initialState], ['losses', false, null]);
  assert.equal(learned.learningRate, 0.02);
  assert.equal(made('uncertainty').learned?.learningRate, undefined, 'the main optimizer steps them');
  assert.deepEqual(made('uncertainty').learned?.values(null, ['a', 'b']), [0, 0]);

  const losses = [3, 0.5];
  const check = (state: Parameters<typeof strategy.weigh>[1], s: readonly number[]): void => {
    const found = strategy.weigh(stepOf(losses, { weights: [1, 4] }), state);
    const halves = s.map((value) => 0.5 * Math.exp(-value));
    near(found.weights, [at(halves, 0), 4 * at(halves, 1)]);
    near([found.value ?? NaN], [at(halves, 0) * 3 + at(halves, 1) * 0.5 + 0.5 * (at(s, 0) + at(s, 1))]);
    near(found.gradient, [0.5 - 3 * at(halves, 0), 0.5 - 0.5 * at(halves, 1)]);
    assert.deepEqual(found.state, state);
  };
  check(null, [-0.5, -0.5]);
  const later = learned.replace(null, ['b'], [1.5]);
  assert.deepEqual(later, { s: { b: 1.5 } });
  check(later, [-0.5, 1.5]);
});

test('uncertainty: the slopes are those of the value', () => {
  const strategy = made('uncertainty');
  const valueAt = (a: number): number => strategy.weigh(stepOf([3, 0.5]), { s: { a, b: 0.7 } }).value ?? NaN;
  const { gradient } = strategy.weigh(stepOf([3, 0.5]), { s: { a: 0.2, b: 0.7 } });
  near([gradient?.[0] ?? NaN], [(valueAt(0.2 + 1e-6) - valueAt(0.2 - 1e-6)) / 2e-6], 1e-8);
});
