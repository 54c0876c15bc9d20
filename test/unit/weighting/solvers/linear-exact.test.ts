// Matrices small enough to be worked out by hand, and what is told of those without an answer.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  at,
  cosinesOf,
  diagonal,
  dot,
  entry,
  form,
  part,
  pick,
  products,
  pseudoSolve,
  row,
  scaled,
  solve,
  solvePositive,
  symmetricEigen,
  unit,
} from '../../../../src/numbers/linear.ts';

const near = (found: readonly number[], expected: readonly number[], by = 1e-12): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - at(expected, i)) <= by, `${found.join()} for ${expected.join()}`),
  );
};
describe('matrices', () => {
  test('entries, rows and parts', () => {
    const matrix = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ];
    assert.deepEqual([at([5, 6], 1), row(matrix, 2), entry(matrix, 1, 2)], [6, [7, 8, 9], 6]);
    for (const wrong of [() => at([1], 1), () => at([1], -1), () => row(matrix, 3)]) assert.throws(wrong, RangeError);
    assert.deepEqual(diagonal(matrix), [1, 5, 9]);
    assert.deepEqual(part(matrix, [2, 0]), [
      [9, 7],
      [3, 1],
    ]);
    assert.deepEqual(pick([5, 6, 7], [2, 2, 0]), [7, 7, 5]);
    assert.equal(form(matrix, [1, 0, 2]), 1 * (1 + 6) + 2 * (7 + 18));
    assert.equal(form(matrix, [1, 0, 0], [0, 0, 1]), 3);
    assert.deepEqual(
      products(
        [[1, 2]],
        [
          [3, 4],
          [5, 6],
        ],
      ),
      [[11, 17]],
    );
    assert.deepEqual(unit(3, 1), [0, 1, 0]);
  });

  test('norms and cosines: a zero row is at right angles to all others', () => {
    const { norms, cosines } = cosinesOf([
      [9, -6, 0],
      [-6, 16, 0],
      [0, 0, 0],
    ]);
    assert.deepEqual(norms, [3, 4, 0]);
    assert.deepEqual(cosines, [
      [1, -0.5, 0],
      [-0.5, 1, 0],
      [0, 0, 1],
    ]);
    // Rounding may leave a square below 0 or a product above that of the norms.
    assert.deepEqual(
      cosinesOf([
        [4, 5],
        [-5, 4],
      ]).cosines,
      [
        [1, 1],
        [-1, 1],
      ],
    );
    assert.deepEqual(
      cosinesOf([
        [-1e-20, 1],
        [1, 4],
      ]),
      {
        norms: [0, 2],
        cosines: [
          [1, 0],
          [0, 1],
        ],
      },
    );
    // Products of the norms may lie outside the range of numbers where each does not.
    near(
      cosinesOf([
        [1e300, 1e-10],
        [1e-10, 1e-300],
      ]).cosines.flat(),
      [1, 1e-10, 1e-10, 1],
      1e-15,
    );
  });

  test('a pivot that is not above the tolerance is none', () => {
    // Pivots: 1, and 1 − .75 = .25 of 1.
    const matrix = [
      [1, Math.sqrt(0.75)],
      [Math.sqrt(0.75), 1],
    ];
    assert.ok(solvePositive(matrix, [1, 1], 0.2499999));
    assert.equal(solvePositive(matrix, [1, 1], 0.2500001), null);
    assert.equal(
      solvePositive(
        [
          [1, 1],
          [1, 1],
        ],
        [1, 1],
      ),
      null,
    );
    near(
      solvePositive(
        [
          [4, 2, 0],
          [2, 5, 3],
          [0, 3, 6],
        ],
        [2, -1, 9],
      ) ?? [],
      [1.8, -2.6, 2.8],
    );
  });

  test('elimination swaps rows and tells a matrix that has no inverse', () => {
    near(
      solve(
        [
          [0, 1, 1],
          [2, 0, 1],
          [1, 1, 0],
        ],
        [5, 5, 3],
      ) ?? [],
      [1, 2, 3],
    );
    near(
      solve(
        [
          [1e-20, 1],
          [1, 1],
        ],
        [1, 2],
      ) ?? [],
      [1, 1],
    );
    assert.equal(
      solve(
        [
          [0, 1],
          [0, 2],
        ],
        [1, 1],
      ),
      null,
    );
    assert.deepEqual(solve([[4]], [2]), [0.5]);
  });

  test('eigenvalues come largest first, equal ones in their order; diagonal matrices are done at once', () => {
    assert.deepEqual(
      symmetricEigen([
        [1, 0],
        [0, 3],
      ]),
      {
        values: [3, 1],
        vectors: [
          [0, 1],
          [1, 0],
        ],
      },
    );
    assert.deepEqual(
      symmetricEigen([
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
      ]).vectors,
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    );
    const { values, vectors } = symmetricEigen([
      [2, 1],
      [1, 2],
    ]);
    near(values, [3, 1]);
    near(scaled(vectors[0] ?? [], Math.sign(at(vectors[0] ?? [], 0))), [Math.SQRT1_2, Math.SQRT1_2]);
    near([dot(vectors[1] ?? [], [1, 1])], [0]);
    assert.deepEqual(symmetricEigen([]), { values: [], vectors: [] });
  });

  test('a pseudo-inverse drops what rounding leaves of dependent rows, and nothing else', () => {
    const found = pseudoSolve(
      [
        [1, 1],
        [1, 1],
      ],
      [2, 2],
    );
    assert.equal(found.rank, 1);
    near(found.solution, [1, 1]);
    // Nearly dependent is not dependent: (1, 1) and (1, −1) with eigenvalues 2 and 1e-9.
    const small = 1e-9;
    const almost = pseudoSolve(
      [
        [1 + small / 2, 1 - small / 2],
        [1 - small / 2, 1 + small / 2],
      ],
      [1, 0],
    );
    assert.equal(almost.rank, 2);
    near(almost.solution, [0.25 + 0.5 / small, 0.25 - 0.5 / small], 1e3);
    const plain = pseudoSolve(
      [
        [4, 0],
        [0, 2],
      ],
      [4, 4],
    );
    near(plain.solution, [1, 2]);
    assert.equal(plain.rank, 2);
    assert.equal(
      pseudoSolve(
        [
          [0, 0],
          [0, 0],
        ],
        [1, 1],
      ).rank,
      0,
    );
  });
});
