// Points on the simplex and beyond it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../../src/numbers/linear.ts';
import { projectOntoSimplex, softmax } from '../../../../src/weighting/solvers/simplex.ts';

const near = (found: readonly number[], expected: readonly number[], by = 1e-12): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - at(expected, i)) <= by, `${found.join()} for ${expected.join()}`),
  );
};
test('the simplex: points on it stay, points beyond a corner become the corner', () => {
  near(projectOntoSimplex([0.2, 0.3, 0.5]), [0.2, 0.3, 0.5]);
  near(projectOntoSimplex([0.9, 0.8, -1]), [0.55, 0.45, 0]);
  assert.deepEqual(projectOntoSimplex([2, 0]), [1, 0]);
  assert.deepEqual(projectOntoSimplex([3]), [1]);
  near(projectOntoSimplex([-5, -5]), [0.5, 0.5]);
  near(softmax([0, Math.log(3)]), [0.25, 0.75]);
  near(softmax([1000, 1000 + Math.log(4)]), [0.2, 0.8]);
  near(softmax([-1000, -1000]), [0.5, 0.5]);
});
