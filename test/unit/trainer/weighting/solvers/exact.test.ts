// Small problems whose answers are known, with all that the solvers tell: how many steps, how far off, and whether at all.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { keyed } from '../../../../../src/trainer/random.ts';
import {
  cancellation,
  fairWeights,
  fairWeightsOf,
  nonZeroRows,
} from '../../../../../src/trainer/weighting/solvers/bargaining.ts';
import { conflictAverse } from '../../../../../src/trainer/weighting/solvers/conflict-averse.ts';
import {
  at,
  cosinesOf,
  diagonal,
  dot,
  entry,
  form,
  gramOf,
  multiply,
  part,
  pick,
  products,
  pseudoSolve,
  row,
  scaled,
  solve,
  solvePositive,
  sum,
  symmetricEigen,
  unit,
} from '../../../../../src/trainer/weighting/solvers/linear.ts';
import { frankWolfe, minNormPoint } from '../../../../../src/trainer/weighting/solvers/min-norm.ts';
import { convexProgram, type Program } from '../../../../../src/trainer/weighting/solvers/program.ts';
import { dualConeWeights, nonNegativeQuadratic } from '../../../../../src/trainer/weighting/solvers/quadratic.ts';
import { projectOntoSimplex, softmax } from '../../../../../src/trainer/weighting/solvers/simplex.ts';
import { jacobians } from '../jacobians.ts';

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

describe('CAGrad’s problem', () => {
  test('with a radius of 0 it is the shortest vector; else the lowest point of b·w + s ‖g_w‖', () => {
    const gram = gramOf([
      [1, 0.3, 0],
      [-0.5, 1, 0.2],
      [0, -0.4, 1],
    ]);
    const third = [1 / 3, 1 / 3, 1 / 3];
    near(conflictAverse(gram, third, 0).x, minNormPoint(gram).x);
    const [b, s] = [multiply(gram, third), 0.5 * Math.sqrt(form(gram, third))];
    const objective = (w: readonly number[]): number => dot(b, w) + s * Math.sqrt(form(gram, w));
    const found = conflictAverse(gram, third, 0.5);
    assert.equal(found.converged, true);
    for (let i = 0; i <= 40; i += 1) {
      for (let j = 0; i + j <= 40; j += 1) {
        assert.ok(objective([i / 40, j / 40, (40 - i - j) / 40]) >= objective(found.x) - 1e-12, `${i} ${j}`);
      }
    }
  });

  test('two tasks at right angles, equally long, share; a longer one has less', () => {
    near(
      conflictAverse(
        [
          [1, 0],
          [0, 1],
        ],
        [0.5, 0.5],
        0.4,
      ).x,
      [0.5, 0.5],
    );
    const { x, converged, residual } = conflictAverse(
      [
        [1, 0],
        [0, 4],
      ],
      [0.5, 0.5],
      0.4,
    );
    assert.deepEqual([converged, residual], [true, 0]);
    assert.ok(at(x, 0) > at(x, 1), x.join());
  });
});

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
