import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  at,
  cosinesOf,
  dot,
  gramOf,
  multiply,
  plus,
  pseudoSolve,
  row,
  scaled,
  solve,
  solvePositive,
  symmetricEigen,
} from '../../../src/numbers/linear.ts';
import { matrices } from '../weighting/jacobians.ts';

const norm = (v: readonly number[]): number => Math.sqrt(dot(v, v));

test('eigenvectors are orthonormal and give the matrix back', () => {
  fc.assert(
    fc.property(matrices(), (rows) => {
      const gram = gramOf(rows);
      const { values, vectors } = symmetricEigen(gram);
      const size = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
      for (const [i, vector] of vectors.entries()) {
        const left = multiply(gram, vector);
        assert.ok(norm(plus(left, vector, -at(values, i))) <= 1e-13 * size);
        for (const [j, other] of vectors.entries()) assert.ok(Math.abs(dot(vector, other) - (i === j ? 1 : 0)) < 1e-13);
      }
      assert.deepEqual(
        values,
        [...values].sort((a, b) => b - a),
      );
    }),
  );
});

test('a solved system gives its right-hand side back', () => {
  fc.assert(
    fc.property(matrices(), (rows) => {
      const gram = gramOf(rows).map((values, i) => values.map((value, j) => value + (i === j ? 1 : 0)));
      const b = gram.map((_, i) => i + 1);
      for (const x of [solvePositive(gram, b), solve(gram, b)]) {
        assert.ok(x);
        assert.ok(norm(plus(multiply(gram, x), b, -1)) <= 1e-10 * norm(b) * (1 + norm(row(gram, 0))));
      }
    }),
  );
});

test('elimination pivots: a zero on the diagonal is no obstacle, a singular matrix is null', () => {
  assert.deepEqual(
    solve(
      [
        [0, 2],
        [3, 0],
      ],
      [4, 9],
    ),
    [3, 2],
  );
  assert.equal(
    solve(
      [
        [1, 2],
        [2, 4],
      ],
      [1, 1],
    ),
    null,
  );
  assert.equal(
    solvePositive(
      [
        [1, 2],
        [2, 1],
      ],
      [1, 1],
    ),
    null,
  );
});

test("the pseudo-inverse meets Penrose's conditions on dependent rows", () => {
  const gram = gramOf([
    [1, 2, 0],
    [2, 4, 0],
    [0, 1, 1],
  ]);
  const b = multiply(gram, [1, -1, 2]);
  const { solution, rank } = pseudoSolve(gram, b);
  assert.equal(rank, 2);
  assert.ok(norm(plus(multiply(gram, solution), b, -1)) < 1e-12);
  // The shortest solution has no part in the null space, spanned by (2, −1, 0).
  assert.ok(Math.abs(dot(solution, [2, -1, 0])) < 1e-12);
  assert.deepEqual(pseudoSolve(gramOf([[0, 0]]), [1]).solution, scaled([1], 0));
});

test('cosines are products by both norms, of rows without a norm 0, and never beyond ±1', () => {
  assert.deepEqual(cosinesOf([[4, -1, 0], [-1, 1, 0], [0, 0, 0]]), { norms: [2, 1, 0], cosines: [[1, -0.5, 0], [-0.5, 1, 0], [0, 0, 1]] }); // prettier-ignore
  for (const beyond of [1.5, -1.5]) {
    const { cosines } = cosinesOf([[1, beyond], [beyond, 1]]); // prettier-ignore
    assert.deepEqual(cosines, [[1, Math.sign(beyond)], [Math.sign(beyond), 1]]); // prettier-ignore
  }
});

test('a pivot must be above the tolerance, as a share of its diagonal entry', () => {
  // The second pivot is 1.25 − 1 = 0.25, a fifth of its entry.
  const near = [
    [4, 2],
    [2, 1.25],
  ];
  assert.deepEqual(solvePositive(near, [8, 4.5], 0.19), [1, 2]);
  assert.equal(solvePositive(near, [8, 4.5], 0.21), null);
  assert.equal(solvePositive([[3]], [1], 1), null);
});
