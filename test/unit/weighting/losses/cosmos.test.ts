/** COSMOS: Σ rᵢ Lᵢ − λ cos(r, L). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dot } from '../../../../src/numbers/linear.ts';
import { made, near, stepOf } from '../worked.ts';

test('cosmos: its value and the derivative of it', () => {
  const [losses, r] = [[2, 5], [0.25, 0.75]]; // prettier-ignore
  const value = (l: readonly number[]): number => dot(r, l) - (3 * dot(r, l)) / Math.sqrt(dot(r, r) * dot(l, l));
  const found = made('cosmos', { lambda: 3 }).weigh(stepOf(losses, { weights: [1, 3] }), null);
  near([found.value ?? NaN], [value(losses)], 1e-9);
  const moved = (i: number, by: number): number[] => losses.map((l, j) => (i === j ? l + by : l));
  near(found.weights, losses.map((_, i) => (value(moved(i, 1e-6)) - value(moved(i, -1e-6))) / 2e-6), 1e-7); // prettier-ignore
});

test('cosmos: by hand, with the weights as they are given', () => {
  // r = (4, 3), L = (3, 4): r·L = 24, norms 5: cosine .96; wᵢ = rᵢ − λ (rᵢ/25 − .96 Lᵢ/25).
  const step = stepOf([3, 4], { weights: [4, 3] });
  const found = made('cosmos', { lambda: 10, preference: 'given' }).weigh(step, null);
  near([found.value ?? NaN], [24 - 9.6]);
  near(found.weights, [4 - 1.6 + 1.152, 3 - 1.2 + 1.536]);
  assert.equal(found.state, null);
});

test('cosmos: losses of 0 have no angle: nothing is divided by 0', () => {
  const none = made('cosmos').weigh(stepOf([0, 0]), null);
  assert.ok(none.weights.every(Number.isFinite), none.weights.join());
  assert.equal(none.value, 0);
  // w = r − λ r/1e-8: of the guard that torch has.
  near(made('cosmos', { lambda: 2 }).weigh(stepOf([0, 0], { weights: [1, 3] }), null).weights, [
    0.25 - 5e7,
    0.75 - 1.5e8,
  ]);
});
