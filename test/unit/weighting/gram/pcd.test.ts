/** PCD: nearest to the primary gradient, and every other task falls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '../said.ts';
import { near, weigh } from '../worked.ts';

test('pcd: the constraint by hand, in unit gradients, of the length of the primary one', () => {
  // u₀ + μ u₁ with u₁·d ≥ τ: μ = ½, of length √1.25.
  const rows = [[2, 0], [0, 3]]; // prettier-ignore
  const parameters = { beta: 0, epsilon: 0, tau: 0.5 };
  near(weigh('pcd', rows, { primary: 'a', ...parameters }).weights, [1 / Math.sqrt(1.25), 1 / 3 / Math.sqrt(1.25)]);
  near(weigh('pcd', [...rows].reverse(), { primary: 'b', ...parameters }).weights, [1 / 3 / Math.sqrt(1.25), 1 / Math.sqrt(1.25)]); // prettier-ignore
  // What falls by itself is left alone.
  near(weigh('pcd', [[2, 0], [3, 1]], { primary: 'a', ...parameters }).weights, [1, 0]); // prettier-ignore
});

test('pcd: sizes are running means of squares, corrected for their start, plus ε', () => {
  const parameters = { primary: 'a', beta: 0.5, epsilon: 0, tau: 0.5 };
  const first = weigh('pcd', [[2, 0], [0, 3]], parameters); // prettier-ignore
  assert.deepEqual(first.state, { squares: { a: 2, b: 4.5 }, counts: { a: 1, b: 1 } });
  // (½ · 2 + ½ · 1)/(1 − ¼) = 2: the primary gradient is 1/√2 long, the other 1; μ = ½.
  const second = weigh('pcd', [[1, 0], [0, 3]], { ...parameters, state: first.state }); // prettier-ignore
  const length = Math.sqrt(0.75);
  near(second.weights, [1 / Math.SQRT2 / length, 0.5 / 3 / length]);
  // ε under the root: 4 + 5 = 3², 11 + 5 = 4².
  const guarded = weigh('pcd', [[2, 0], [0, Math.sqrt(11)]], { ...parameters, beta: 0, epsilon: 5 }); // prettier-ignore
  const size = Math.sqrt(4 / 9 + 11 / 16 / 4);
  near(guarded.weights, [2 / 3 / size, 0.25 / size]);
});

test('pcd: without a label of the primary task nothing is learned, and that is said', () => {
  const found = weigh('pcd', [[1, 0], [0, 1]], { primary: 'c' }); // prettier-ignore
  assert.deepEqual(found.weights, [0, 0]);
  assert.match(said(found).join(), /^pcd: the primary task "c" has no label in this batch/u);
});

test('pcd: contradictions leave the primary gradient alone', () => {
  // Two others that pull against each other cannot both fall.
  const found = weigh('pcd', [[1, 0], [0, 1], [0, -1]], { primary: 'a', beta: 0 }); // prettier-ignore
  near(found.weights, [1, 0, 0]);
  assert.match(said(found).join(), /^pcd: the tasks contradict each other; the primary gradient/u);
  const fine = weigh('pcd', [[1, 0], [0, 1], [0, 2]], { primary: 'a', beta: 0 }); // prettier-ignore
  assert.deepEqual(said(fine), []);
});

test('pcd: a primary gradient of 0 gives no step', () => {
  assert.deepEqual(weigh('pcd', [[0, 0], [0, 1]], { primary: 'a' }).weights, [0, 0]); // prettier-ignore
});

test('pcd: where the others take back all of the primary gradient there is no step', () => {
  // u₁ = −u₀ must not rise (τ = 0): μ = 1, and u₀ + u₁ = 0.
  const found = weigh('pcd', [[2, 0], [-3, 0]], { primary: 'a', beta: 0, epsilon: 0, tau: 0 }); // prettier-ignore
  assert.deepEqual(found.weights, [0, 0]);
});
