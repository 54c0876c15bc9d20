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
});
