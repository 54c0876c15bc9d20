// Quadratic programs with z ≥ 0: known answers, the conditions of optimality, and programs without a lowest point.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { keyed } from '../../../../src/numbers/random.ts';
import { at, diagonal, gramOf, multiply, sum } from '../../../../src/numbers/linear.ts';
import { dualConeWeights, nonNegativeQuadratic } from '../../../../src/weighting/solvers/quadratic.ts';
import { jacobians } from '../jacobians.ts';

const near = (found: readonly number[], expected: readonly number[], by = 1e-12): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - at(expected, i)) <= by, `${found.join()} for ${expected.join()}`),
  );
};
describe('quadratic programs with z ≥ 0', () => {
  test('without coupling each coordinate is its own', () => {
    const found = nonNegativeQuadratic(
      [
        [1, 0, 0],
        [0, 2, 0],
        [0, 0, 4],
      ],
      [1, -1, 2],
    );
    assert.deepEqual(found, { x: [1, 0, 0.5], converged: true, iterations: 2, residual: 0, unbounded: false });
    assert.deepEqual(nonNegativeQuadratic([[1]], [-1]), {
      x: [0],
      converged: true,
      iterations: 0,
      residual: 0,
      unbounded: false,
    });
    assert.deepEqual(nonNegativeQuadratic([[1]], [0]).x, [0]);
  });

  test('with coupling', () => {
    near(
      nonNegativeQuadratic(
        [
          [2, -1],
          [-1, 2],
        ],
        [3, 0],
      ).x,
      [2, 1],
    );
    near(
      nonNegativeQuadratic(
        [
          [2, 1],
          [1, 2],
        ],
        [3, 0],
      ).x,
      [1.5, 0],
    );
    near(
      nonNegativeQuadratic(
        [
          [1, 0.9],
          [0.9, 1],
        ],
        [1, 1.05],
      ).x,
      [0.055 / 0.19, 0.15 / 0.19],
      1e-9,
    );
    // Strongly coupled: H z = b.
    near(
      nonNegativeQuadratic(
        [
          [1, 2],
          [2, 9],
        ],
        [1, 2.5],
      ).x,
      [0.8, 0.1],
      1e-9,
    );
    near(
      nonNegativeQuadratic(
        [
          [1, 2],
          [2, 4.1],
        ],
        [1, 2.04],
      ).x,
      [0.2, 0.4],
      1e-9,
    );
  });

  test('against the conditions of optimality, from many starts', () => {
    fc.assert(
      fc.property(jacobians(['gauss', 'conflict', 'duplicate']), fc.nat(1000), ({ rows }, seed) => {
        const draw = keyed(seed, 'b');
        const h = gramOf(rows);
        // b in the range of H, so that there is a lowest point.
        const b = multiply(
          h,
          rows.map(() => draw.normal()),
        );
        const { x, converged, unbounded, residual } = nonNegativeQuadratic(h, b);
        assert.ok(converged && !unbounded, 'converged');
        const size = Math.max(...diagonal(h));
        multiply(h, x).forEach((left, i) => {
          const slope = left - at(b, i);
          assert.ok(at(x, i) >= 0 && slope >= -1e-8 * size * (1 + sum(x)), `${slope}`);
          assert.ok(Math.abs(at(x, i) * slope) <= 1e-7 * size * (1 + sum(x)) ** 2, `${slope} ${at(x, i)}`);
        });
        assert.ok(residual >= 0 && residual < 1e-8, String(residual));
      }),
      { numRuns: 300 },
    );
  });

  test('one without end says so at the step where it finds it', () => {
    const found = nonNegativeQuadratic(
      [
        [1, -1],
        [-1, 1],
      ],
      [1, 1],
    );
    assert.deepEqual([found.converged, found.unbounded, found.iterations, found.residual], [false, true, 1, Infinity]);
    assert.equal(nonNegativeQuadratic([[0]], [1]).unbounded, true);
    // What counts as dependent is the caller's to say: curvature 1 − .9² = .19 is left of 1.
    const h = [
      [1, -0.9],
      [-0.9, 1],
    ];
    assert.equal(nonNegativeQuadratic(h, [1, 1], 0.18).converged, true);
    assert.equal(nonNegativeQuadratic(h, [1, 1], 0.2).unbounded, true);
    near(nonNegativeQuadratic(h, [1, 1]).x, [10, 10], 1e-9);
  });

  test('projections onto the dual cone are at least the weights that are projected', () => {
    // g₀ = (1, 0), g₁ = (−1, 1): the projection of g₀ is (½, ½) = g₀ + ½ g₁.
    const found = dualConeWeights(
      gramOf([
        [1, 0],
        [-1, 1],
      ]),
      [1, 0],
    );
    near(found.x, [1, 0.5]);
    assert.equal(found.converged, true);
    near(
      dualConeWeights(
        [
          [1, 0],
          [0, 1],
        ],
        [0.3, 0.7],
      ).x,
      [0.3, 0.7],
    );
  });
});
