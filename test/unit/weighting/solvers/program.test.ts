// Convex programs with an equality: against projections and shortest vectors that are found in other ways.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { at, form, gramOf, diagonal, scaled, sum, unit } from '../../../../src/numbers/linear.ts';
import { minNormPoint } from '../../../../src/weighting/solvers/min-norm.ts';
import { convexProgram, type Program } from '../../../../src/weighting/solvers/program.ts';
import { projectOntoSimplex } from '../../../../src/weighting/solvers/simplex.ts';
import { jacobians } from '../jacobians.ts';

const near = (found: readonly number[], expected: readonly number[], by = 1e-12): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - at(expected, i)) <= by, `${found.join()} for ${expected.join()}`),
  );
};
describe('convex programs', () => {
  const identity = (count: number): number[][] => Array.from({ length: count }, (_, i) => unit(count, i));
  const above0 = (count: number): Program['inequalities'] =>
    identity(count).map((values) => ({ row: scaled(values, -1), bound: 0 }));

  test('an equality alone: the nearest point of a plane', () => {
    const found = convexProgram({ h: identity(2), c: [0, 0], equality: { row: [1, 2], value: 5 }, inequalities: [] });
    near(found.x, [1, 2]);
    assert.equal(found.converged, true);
    // ½ ‖z − (3, 1)‖² with z₀ + z₁ = 2.
    near(
      convexProgram({ h: identity(2), c: [-3, -1], equality: { row: [1, 1], value: 2 }, inequalities: [] }).x,
      [2, 0],
    );
    // A curvature of its own in each direction: λ = H⁻¹ a scaled to aᵀz = 3.
    near(
      convexProgram({
        h: [
          [1, 0],
          [0, 2],
        ],
        c: [0, 0],
        equality: { row: [1, 1], value: 3 },
        inequalities: [],
      }).x,
      [2, 1],
    );
  });

  test('the nearest point of the simplex is that of the projection', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 6 }), (y) => {
        const { x, converged, residual } = convexProgram({
          h: identity(y.length),
          c: scaled(y, -1),
          equality: { row: y.map(() => 1), value: 1 },
          inequalities: above0(y.length),
        });
        assert.ok(converged && residual < 1e-7, String(residual));
        near(x, projectOntoSimplex(y), 1e-5);
      }),
      { numRuns: 60 },
    );
  });

  test('the shortest vector of a hull is that of Wolfe’s method', () => {
    fc.assert(
      fc.property(jacobians(['gauss', 'conflict']), ({ rows }) => {
        const h = gramOf(rows);
        const { x, converged } = convexProgram({
          h,
          c: rows.map(() => 0),
          equality: { row: rows.map(() => 1), value: 1 },
          inequalities: above0(rows.length),
        });
        assert.ok(converged, 'converged');
        near([form(h, x)], [form(h, minNormPoint(h).x)], 1e-6 * Math.max(...diagonal(h)));
        near([sum(x)], [1], 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('bounds other than 0, some of them met; no point at all is told', () => {
    const upper: Program['inequalities'] = [
      { row: [1, 0], bound: 0.2 },
      { row: [0, -1], bound: 5 },
    ];
    const program: Program = { h: identity(2), c: [-1, 0], equality: { row: [1, 1], value: 1 }, inequalities: upper };
    const found = convexProgram(program);
    near(found.x, [0.2, 0.8], 1e-7);
    assert.ok(found.converged && found.iterations > 1 && found.iterations < 30, String(found.iterations));
    const none = convexProgram({ ...program, inequalities: [{ row: [1, 1], bound: 0 }] });
    assert.equal(none.converged, false);
    assert.ok(none.residual > 1e-3, String(none.residual));
  });
});
