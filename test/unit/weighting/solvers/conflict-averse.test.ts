// CAGrad’s problem against a walk over the whole simplex.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conflictAverse } from '../../../../src/weighting/solvers/conflict-averse.ts';
import { at, dot, form, gramOf, multiply } from '../../../../src/numbers/linear.ts';
import { minNormPoint } from '../../../../src/weighting/solvers/min-norm.ts';

const near = (found: readonly number[], expected: readonly number[], by = 1e-12): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - at(expected, i)) <= by, `${found.join()} for ${expected.join()}`),
  );
};
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

  test('where the hull holds 0, the closed form of the right support ends the search at its first try', () => {
    const rows = [[1, -4], [-4, 2], [1, 0]]; // prettier-ignore
    const { x, converged, iterations } = conflictAverse(gramOf(rows), [1 / 3, 1 / 3, 1 / 3], 1.5);
    near(x, [0.1, 0.2, 0.7]);
    assert.deepEqual([converged, iterations], [true, 1]);
  });

  test('a row that was needed on the way and is not at the end leaves again: a pass for each that enters, and one that finds none', () => {
    for (const [rows, c] of [
      [[[0, 0, -1, -4], [2, -6, -3, -5], [-5, 7, 0, 1]], 0.7],
      [[[0, 0, -4], [-3, 6, -1], [-5, -8, -2], [2, 6, -2]], 0.9],
    ] as const) {
      const gram = gramOf(rows);
      const mean = rows.map(() => 1 / rows.length);
      const { x, converged, iterations } = conflictAverse(gram, mean, c);
      // The first row is the lowest vertex, where the way begins; two others enter, and it leaves.
      assert.deepEqual([at(x, 0), converged, iterations], [0, true, 3]);
      const [b, s] = [multiply(gram, mean), c * Math.sqrt(form(gram, mean))];
      const objective = (w: readonly number[]): number => dot(b, w) + s * Math.sqrt(form(gram, w));
      const vertices = rows.map((_, i) => objective(rows.map((__, j) => Number(i === j))));
      assert.equal(vertices.indexOf(Math.min(...vertices)), 0);
      // No step towards a vertex, however small, goes down.
      for (const towards of rows.keys()) {
        for (const step of [1e-4, 1e-2, 0.3]) {
          const moved = x.map((value, i) => (1 - step) * value + (i === towards ? step : 0));
          assert.ok(objective(moved) >= objective(x) - 1e-12, `${String(towards)} ${String(step)}`);
        }
      }
    }
  }); // prettier-ignore
});
