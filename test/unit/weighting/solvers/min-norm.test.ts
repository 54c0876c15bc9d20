// Shortest vectors of small hulls, with all that the solvers tell: how many steps, how far off, and whether at all.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, dot, gramOf } from '../../../../src/numbers/linear.ts';
import { frankWolfe, minNormPoint } from '../../../../src/weighting/solvers/min-norm.ts';

const near = (found: readonly number[], expected: readonly number[], by = 1e-12): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - at(expected, i)) <= by, `${found.join()} for ${expected.join()}`),
  );
};
describe('shortest vectors', () => {
  test('of one, two and three rows', () => {
    assert.deepEqual(minNormPoint([[7]]), { x: [1], converged: true, iterations: 1, residual: 0 });
    // A zero gradient is the shortest, whichever it is.
    assert.deepEqual(
      minNormPoint([
        [1, 0],
        [0, 0],
      ]),
      { x: [0, 1], converged: true, iterations: 0, residual: 0 },
    );
    // Where the shortest row is nearest to 0 already there is nothing to do.
    assert.deepEqual(
      minNormPoint(
        gramOf([
          [3, 1],
          [1, 0],
        ]),
      ),
      { x: [0, 1], converged: true, iterations: 1, residual: 0 },
    );
    // At right angles: in proportion to 1/‖g‖².
    const right = minNormPoint([
      [1, 0, 0],
      [0, 4, 0],
      [0, 0, 16],
    ]);
    near(right.x, [16 / 21, 4 / 21, 1 / 21]);
    assert.deepEqual([right.converged, right.iterations, right.residual], [true, 3, 0]);
    near(
      minNormPoint(
        gramOf([
          [1, 0],
          [-3, 0],
        ]),
      ).x,
      [0.75, 0.25],
    );
    // The third row ends nearer to 0 than the first that was tried: that one leaves.
    const rows = [
      [1, 0.2],
      [-3, 2],
      [3, 2],
    ];
    const { x } = minNormPoint(gramOf(rows));
    const point = [0, 1].map((k) => rows.reduce((total, values, i) => total + at(values, k) * at(x, i), 0));
    assert.ok(rows.every((values) => dot(values, point) >= dot(point, point) - 1e-12));
  });

  test('by Frank and Wolfe: exact line searches, told as not converged where the steps end first', () => {
    const gram = [
      [1, 0],
      [0, 4],
    ];
    // (½, ½): ‖·‖² = 1.25, towards the first row by (1.25 − .5)/(1.25 + 1 − 1).
    assert.deepEqual(frankWolfe(gram, 1e-3, 1), { x: [0.8, 0.2], converged: false, iterations: 1, residual: 0.6 });
    const two = frankWolfe(gram, 1e-3, 2);
    near(two.x, [0.8, 0.2]);
    assert.deepEqual([two.converged, two.iterations], [true, 2]);
    assert.ok(two.residual < 1e-12);
    assert.deepEqual(
      frankWolfe([
        [1, 0],
        [0, 1],
      ]),
      { x: [0.5, 0.5], converged: true, iterations: 1, residual: 0 },
    );
    // A row that lies behind another is left at once, and the iteration stays on the vertex to its end.
    assert.deepEqual(
      frankWolfe([
        [1, 2],
        [2, 9],
      ]),
      { x: [1, 0], converged: false, iterations: 100, residual: 1 },
    );
    const random = gramOf([
      [1, 2, 0],
      [-1, 1, 3],
      [2, -1, 1],
    ]);
    assert.deepEqual(frankWolfe(random), frankWolfe(random, 1e-3, 100));
    assert.notDeepEqual(frankWolfe(random), frankWolfe(random, 1e-1, 100));
  });
});
