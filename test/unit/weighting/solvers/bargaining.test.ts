// Fair weights where the equations have closed forms, and where they have no solution.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cancellation, fairWeights, fairWeightsOf, nonZeroRows } from '../../../../src/weighting/solvers/bargaining.ts';
import { at, gramOf, multiply, scaled, unit } from '../../../../src/numbers/linear.ts';

const near = (found: readonly number[], expected: readonly number[], by = 1e-12): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - at(expected, i)) <= by, `${found.join()} for ${expected.join()}`),
  );
};
describe('fair weights', () => {
  test('of gradients at right angles: aᵢ = (rᵢ^p/Gᵢᵢ)^(1/(1 + p))', () => {
    for (const power of [0.5, 1, 2]) {
      const [r, squares] = [
        [1, 2, 3],
        [4, 0.25, 1e6],
      ];
      const found = fairWeights(
        squares.map((square, i) => scaled(unit(3, i), square)),
        r,
        power,
      );
      const expected = r.map((value, i) => (value ** power / at(squares, i)) ** (1 / (1 + power)));
      found.x.forEach((value, i) => assert.ok(Math.abs(value / at(expected, i) - 1) < 1e-9, found.x.join()));
      assert.equal(found.converged, true);
      assert.ok(found.residual < 1e-8, String(found.residual));
    }
  });

  test('of two: the closed form, one step; opposite ones have none', () => {
    // Cosine .6: aᵢ = 1/(‖gᵢ‖ √1.6).
    const found = fairWeights(
      [
        [4, 3.6],
        [3.6, 9],
      ],
      [1, 1],
      1,
    );
    near(found.x, [1 / (2 * Math.sqrt(1.6)), 1 / (3 * Math.sqrt(1.6))]);
    assert.deepEqual([found.converged, found.iterations, found.residual], [true, 1, 0]);
    // Unequal preferences, on both sides of a right angle: the equations themselves.
    for (const product of [-0.9, -0.2, 0, 0.3, 0.95]) {
      const [gram, r] = [
        [
          [1, 2 * product],
          [2 * product, 4],
        ],
        [1, 5],
      ];
      const { x } = fairWeights(gram, r, 1);
      multiply(gram, x).forEach((left, i) => assert.ok(Math.abs(left * at(x, i) - at(r, i)) < 1e-9, x.join()));
    }
    const opposite = fairWeights(
      gramOf([
        [1, 0],
        [-2, 0],
      ]),
      [1, 1],
      1,
    );
    assert.deepEqual(opposite, { x: [1, 0.5], converged: false, iterations: 1, residual: Infinity });
  });

  test('three rows that cancel have none, and the weights with which they do are known', () => {
    const gram = gramOf([
      [1, 0],
      [-1, 1],
      [0, -2],
    ]);
    const { converged } = fairWeights(gram, [1, 1, 1], 1);
    assert.equal(converged, false);
    const weights = cancellation(gram) ?? [];
    near(scaled(weights, 1 / at(weights, 0)), [1, 1, 0.5], 1e-6);
    assert.equal(
      cancellation([
        [1, 0],
        [0, 1],
      ]),
      null,
    );
    assert.deepEqual(
      nonZeroRows([
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 2],
      ]),
      [0, 2],
    );
    near(
      fairWeightsOf(
        [
          [4, 9, 0],
          [9, 9, 9],
          [0, 9, 1],
        ],
        [0, 2],
        [1, 7, 4],
        1,
      ).x,
      [0.5, 2],
    );
  });
});
