/** Aligned-MTL: gradients whose singular values are all alike. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { near, weigh } from '../worked.ts';

test('aligned-mtl: the level is the smallest, the lower median or the mean of the singular values', () => {
  // At right angles the eigenvalues are the squares: 16, 4, 1 and weights σ/‖gᵢ‖ · ⅓.
  const rows = [[4, 0, 0], [0, 2, 0], [0, 0, 1]]; // prettier-ignore
  const of = (scaleMode?: string) => weigh('aligned-mtl', rows, scaleMode === undefined ? {} : { scaleMode }).weights;
  const expected = (level: number): number[] => [4, 2, 1].map((norm) => level / norm / 3);
  near(of(), expected(1));
  near(of('min'), expected(1));
  near(of('median'), expected(2));
  near(of('rmse'), expected(Math.sqrt(7)));
  near(weigh('aligned-mtl', rows.slice(0, 2), { scaleMode: 'median' }).weights, [2 / 4 / 2, 2 / 2 / 2]);
});

test('aligned-mtl: two gradients at 60°, with unequal preferences', () => {
  // G = ((2, 1), (1, 2)): eigenvalues 3 along (1, 1)/√2 and 1 along (1, −1)/√2; r = (¼, ¾) has the parts 1/√2 and −½/√2.
  const gram = [[2, 1], [1, 2]]; // prettier-ignore
  const of = (parameters: object) =>
    weigh('aligned-mtl', [[1], [1]], { more: { gram, weights: [1, 3] }, ...parameters }).weights;
  const [one, other] = [1 / Math.sqrt(3) / 2, -0.25];
  const expected = [one + other, one - other];
  near(of({}), expected);
  near(of({ convention: 'sum' }), expected.map((weight) => 2 * weight)); // prettier-ignore
  near(of({ scaleMode: 'rmse' }), expected.map((weight) => Math.SQRT2 * weight)); // prettier-ignore
});

test('aligned-mtl: dependent gradients leave directions out', () => {
  // The same gradient twice: one eigenvalue of 2 along (1, 1)/√2.
  near(weigh('aligned-mtl', [[1, 0], [1, 0]], { more: { weights: [1, 3] } }).weights, [0.5, 0.5]); // prettier-ignore
});

test('aligned-mtl without any gradient: the preferences', () => {
  assert.deepEqual(weigh('aligned-mtl', [[0], [0]], { more: { weights: [1, 3] } }).weights, [0.25, 0.75]); // prettier-ignore
  assert.deepEqual(weigh('aligned-mtl', [[0], [0]], { convention: 'sum' }).weights, [1, 1]); // prettier-ignore
});
