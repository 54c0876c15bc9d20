/** Cholesky factors and what is solved with them, calculated by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cholesky, solveFactored } from '../../../src/numbers/dense.ts';

// [[2, 0, 0], [6, 1, 0], [-8, 5, 3]] times its transpose.
const matrix = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);
const factor = Float64Array.of(2, 0, 0, 6, 1, 0, -8, 5, 3);

test('the factor is lower triangular, and its square is the matrix', () => {
  assert.deepEqual(cholesky(matrix, 3), factor);
  assert.deepEqual(cholesky(Float64Array.of(9), 1), Float64Array.of(3));
});

test('several right-hand sides are solved at once, in place', () => {
  // The matrix times the columns (1, 2, 3) and (-1, 0, 2).
  const b = Float64Array.of(-20, -36, -43, -98, 192, 212);
  solveFactored(factor, 3, b, 2);
  assert.deepEqual(b, Float64Array.of(1, -1, 2, 0, 3, 2));
});

test('what is not positive definite has no factor; the tolerance is a share of the diagonal entry', () => {
  assert.equal(cholesky(Float64Array.of(1, 1, 1, 1), 2), null);
  assert.equal(cholesky(Float64Array.of(1, 2, 2, 1), 2), null);
  assert.equal(cholesky(Float64Array.of(NaN), 1), null);
  // Beside 4 and 2 the second pivot is 1.25 − 1 = 0.25, a fifth of its entry.
  const near = Float64Array.of(4, 2, 2, 1.25);
  assert.deepEqual(cholesky(near, 2, 0.19), Float64Array.of(2, 0, 1, 0.5));
  assert.equal(cholesky(near, 2, 0.21), null);
  // As large as the tolerance is not above it.
  assert.equal(cholesky(Float64Array.of(3), 1, 1), null);
});
