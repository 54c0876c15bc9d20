/** MoCo: tracked gradients, and weights that take one step on them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, sum } from '../../../../src/numbers/linear.ts';
import { course, near, softmax } from '../worked.ts';

test('moco: tracked gradients, and one step of the weights on them', () => {
  const [first, second] = course('moco', { beta: 0.5, betaSigma: 1, gamma: 0.2, gammaSigma: 1, rho: 0.5 }, [
    { rows: [[2, 0], [0, 1]] },
    { rows: [[2, 0], [0, 1]] },
  ]); // prettier-ignore
  // y = (1, 0), (0, .5). λ = ½ − .2 (G λ + ρ λ) = ½ − .2 (.5, .125) − .2 · .25, projected.
  const moved = [0.5 - 0.1 - 0.05, 0.5 - 0.025 - 0.05];
  const lift = (1 - sum(moved)) / 2;
  const lambda = moved.map((value) => value + lift);
  near(first?.direction, [at(lambda, 0), 0.5 * at(lambda, 1)]);
  // β/2 = ¼: y = (1.25, 0), (0, .625); γ/2 = .1.
  const next = lambda.map((value, i) => value - 0.1 * ([1.5625, 0.390625][i] ?? NaN) * value - 0.05 * value);
  const rise = (1 - sum(next)) / 2;
  near(second?.direction, [1.25 * (at(next, 0) + rise), 0.625 * (at(next, 1) + rise)]);
});

test('moco as LibMTL has it: rows as long as their losses, weights by the softmax', () => {
  const [first, second] = course('moco', { convention: 'libmtl', beta: 0.5, betaSigma: 0, gamma: 0.2, gammaSigma: 1, rho: 0.5 }, [
    { rows: [[2, 0], [0, 1]], losses: [3, 4], weights: [1, 3] },
    { rows: [[0, 5], [0, 1]], losses: [1, 2], weights: [1, 3] },
  ]); // prettier-ignore
  // y = ½ (3, 0), ½ (0, 4); λ = softmax(r − .2 (G r + ½ r)).
  const lambda = softmax([0.25 - 0.2 * (2.25 + 0.5) * 0.25, 0.75 - 0.2 * (4 + 0.5) * 0.75]);
  near(first?.direction, [1.5 * at(lambda, 0), 2 * at(lambda, 1)], 1e-7);
  // y = (.75, .5), (0, 2); γ/2.
  const [a, b] = [at(lambda, 0), at(lambda, 1)];
  const next = softmax([a - 0.1 * ((0.5625 + 0.25 + 0.5) * a + b), b - 0.1 * (a + 4.5 * b)]);
  near(second?.direction, [0.75 * at(next, 0), 0.5 * at(next, 0) + 2 * at(next, 1)], 1e-7);
  assert.equal(second?.weights, null);
  assert.deepEqual(Object.keys(second.state as object), ['step', 'lambda']);
});
