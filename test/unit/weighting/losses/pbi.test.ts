/** Penalty-based boundary intersection: d₁ + θ d₂ along and aside of the preferences. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, dot } from '../../../../src/numbers/linear.ts';
import { made, near, stepOf } from '../worked.ts';

test('pbi: its value and the derivative of it', () => {
  const [losses, r] = [[2, 5], [0.25, 0.75]]; // prettier-ignore
  const u = r.map((value) => value / Math.hypot(...r));
  const value = (l: readonly number[]): number => {
    const f = [at(l, 0) - 0.5, at(l, 1) - 1];
    return dot(f, u) + 2 * Math.hypot(...f.map((each, i) => each - dot(f, u) * at(u, i)));
  };
  const strategy = made('pbi', { theta: 2, reference: [0.5, 1] });
  const found = strategy.weigh(stepOf(losses, { weights: [1, 3] }), null);
  near([found.value ?? NaN], [value(losses)], 1e-9);
  const moved = (i: number, by: number): number[] => losses.map((l, j) => (i === j ? l + by : l));
  near(found.weights, losses.map((_, i) => (value(moved(i, 1e-6)) - value(moved(i, -1e-6))) / 2e-6), 1e-7); // prettier-ignore
});

test('pbi: by hand, and on the line of the preferences, where the root is smooth', () => {
  // u = (.6, .8), f = (7, 1): d₁ = 5, f − 5u = (4, −3): d₂ = 5.
  const strategy = made('pbi', { theta: 0.5, reference: [1, 2], preference: 'given' });
  const found = strategy.weigh(stepOf([8, 3], { weights: [3, 4] }), null);
  near(found.weights, [0.6 + 0.4, 0.8 - 0.3], 1e-9);
  near([found.value ?? NaN], [5 + 2.5], 1e-9);
  assert.equal(found.state, null);
  const along = made('pbi', { theta: 3 }).weigh(stepOf([6, 8], { weights: [3, 4] }), null);
  near(along.weights, [0.6, 0.8], 1e-6);
  // √(0 + 1e-12) = 1e-6 aside.
  near([along.value ?? NaN], [10 + 3e-6], 1e-12);
});
