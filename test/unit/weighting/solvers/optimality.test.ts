// Each solver against the conditions that define its answer, not against another solver.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { fairWeights } from '../../../../src/weighting/solvers/bargaining.ts';
import { conflictAverse } from '../../../../src/weighting/solvers/conflict-averse.ts';
import { at, cosinesOf, diagonal, dot, form, gramOf, multiply, sum } from '../../../../src/numbers/linear.ts';
import { frankWolfe, minNormPoint } from '../../../../src/weighting/solvers/min-norm.ts';
import { dualConeWeights, nonNegativeQuadratic } from '../../../../src/weighting/solvers/quadratic.ts';
import { projectOntoSimplex, softmax, softmaxBackward } from '../../../../src/weighting/solvers/simplex.ts';
import { jacobians } from '../jacobians.ts';

const onSimplex = (w: readonly number[]): void => {
  assert.ok(w.every((weight) => weight >= 0));
  assert.ok(Math.abs(sum(w) - 1) < 1e-12);
};

test('the shortest vector x satisfies gᵢ·x ≥ ‖x‖² for all rows', () => {
  fc.assert(
    fc.property(jacobians(), ({ rows }) => {
      const gram = gramOf(rows);
      const { x: w, converged } = minNormPoint(gram);
      assert.ok(converged);
      onSimplex(w);
      const products = multiply(gram, w);
      const value = dot(products, w);
      const sizes = diagonal(gram).map(Math.sqrt);
      const reach = dot(sizes, w);
      for (const [i, product] of products.entries())
        assert.ok(product >= value - 1e-12 * at(sizes, i) * reach - 1e-12 * reach * reach);
    }),
    { numRuns: 500 },
  );
});

test('Frank and Wolfe approach the exact point from above', () => {
  fc.assert(
    fc.property(jacobians(['gauss', 'conflict']), ({ rows }) => {
      const gram = gramOf(rows);
      const [exact, near] = [minNormPoint(gram).x, frankWolfe(gram, 1e-9, 20_000).x];
      assert.ok(form(gram, near) >= form(gram, exact) * (1 - 1e-12) - 1e-12);
      assert.ok(form(gram, near) <= form(gram, exact) + 1e-3 * Math.max(...diagonal(gram)));
    }),
    { numRuns: 50 },
  );
});

test('a dual-cone projection harms no row and is complementary', () => {
  fc.assert(
    fc.property(jacobians(['gauss', 'conflict', 'duplicate', 'dependent', 'opposite', 'zero-row']), ({ rows }) => {
      const raw = gramOf(rows);
      const trace = sum(diagonal(raw));
      const gram = raw.map((values, i) => values.map((value, j) => value / trace + (i === j ? 1e-4 : 0)));
      const u = gram.map((_, i) => 1 / (i + 1));
      const { x: w, converged } = dualConeWeights(gram, u);
      assert.ok(converged);
      for (const [i, gain] of multiply(gram, w).entries()) {
        assert.ok(at(w, i) >= at(u, i) && gain >= -1e-12);
        assert.ok((at(w, i) - at(u, i)) * gain <= 1e-10);
      }
    }),
    { numRuns: 300 },
  );
});

test('a program without a lowest point says so', () => {
  // Two opposite rows that must both gain: μ₁ = μ₂ grows for ever.
  const { unbounded, converged } = nonNegativeQuadratic(
    [
      [1, -1],
      [-1, 1],
    ],
    [1, 1],
  );
  assert.ok(unbounded && !converged);
});

test('the fair equations hold to rounding, or have no solution and say so', () => {
  const kinds = ['gauss', 'conflict', 'duplicate', 'dependent', 'opposite', 'scaled'] as const;
  fc.assert(
    fc.property(jacobians(kinds), fc.constantFrom(0.2, 0.5, 1, 2, 5), ({ rows }, power) => {
      const gram = gramOf(rows);
      const r = gram.map((_, i) => 1 + i);
      const { x: a, converged } = fairWeights(gram, r, power);
      assert.ok(a.every((weight) => weight > 0 && Number.isFinite(weight)));
      // How near to 0 combinations of the unit gradients come decides, whatever the sizes of the gradients are.
      const { cosines } = cosinesOf(gram);
      const shortest = form(cosines, minNormPoint(cosines).x);
      if (shortest > 1e-12) assert.ok(converged);
      if (shortest < 2e-16) assert.ok(!converged);
      if (!converged) return;
      for (const [i, row] of gram.entries()) {
        const left = dot(row, a);
        const rounding = 1e-14 * dot(row.map(Math.abs), a);
        const right = (at(r, i) / at(a, i)) ** power;
        assert.ok(Math.abs(left - right) <= 1e-7 * right + rounding, `${left} ${right}`);
      }
    }),
    { numRuns: 1000 },
  );
});

test('opposite gradients have no bargaining solution, and that is reported', () => {
  assert.equal(
    fairWeights(
      gramOf([
        [1, 2],
        [-1, -2],
      ]),
      [1, 1],
      1,
    ).converged,
    false,
  );
});

test("no vertex of the simplex lowers CAGrad's objective", () => {
  fc.assert(
    fc.property(jacobians(), fc.constantFrom(0.1, 0.4, 0.9, 2), ({ rows }, c) => {
      const raw = gramOf(rows);
      const size = sum(diagonal(raw));
      const gram = raw.map((values) => values.map((value) => value / size));
      const r = gram.map(() => 1 / gram.length);
      const { x: w, converged } = conflictAverse(gram, r, c);
      // A ball that holds 0 (c > 1) may end where rounding rules; the objective is judged all the same.
      assert.ok(converged || c > 1);
      onSimplex(w);
      const b = multiply(gram, r);
      const s = c * Math.sqrt(Math.max(dot(b, r), 0));
      const objective = (v: readonly number[]): number => dot(b, v) + s * Math.sqrt(Math.max(form(gram, v), 0));
      const value = objective(w);
      for (const i of w.keys()) {
        for (const step of [1e-4, 0.01, 0.3, 1]) {
          const moved = w.map((weight, j) => (1 - step) * weight + (i === j ? step : 0));
          assert.ok(objective(moved) >= value - 1e-9, `${objective(moved)} below ${value}`);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('the projection on the simplex is the nearest point', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 8 }), (y) => {
      const w = projectOntoSimplex(y);
      onSimplex(w);
      // (y − w)·(e_i − w) ≤ 0 for every vertex.
      const rest = y.map((value, i) => value - at(w, i));
      for (const i of y.keys()) assert.ok(at(rest, i) - dot(rest, w) <= 1e-12);
    }),
  );
});

test('the softmax backward is its finite difference', () => {
  const [z, v, h] = [[0.3, -1, 2], [1, -2, 0.5], 1e-6];
  const back = softmaxBackward(softmax(z), v);
  for (const i of z.keys()) {
    const move = (sign: number): number => dot(softmax(z.map((value, j) => value + (i === j ? sign * h : 0))), v);
    assert.ok(Math.abs((move(1) - move(-1)) / (2 * h) - at(back, i)) < 1e-9);
  }
});
