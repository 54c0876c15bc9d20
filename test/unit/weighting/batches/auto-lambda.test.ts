/** Auto-λ: logits follow the gradient of the summed outer losses after a step on the inner ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../../src/numbers/linear.ts';
import { made, near, softmax, softmaxBackwards, stepOf } from '../worked.ts';

const cross = [[1, 2], [3, -1]]; // prettier-ignore
const state = { logits: { a: 0, b: Math.log(3) } };
const shares = [0.25, 0.75];
const backward = (v: readonly number[]): number[] => softmaxBackwards(shares, v);

test('auto-lambda: −η J_softmaxᵀ of the sums of inner products, or of the differences that stand for them', () => {
  const exact = made('auto-lambda', { innerLearningRate: 0.2 }).weigh(stepOf([1, 1], { cross }), state);
  near(exact.gradient, backward([4, 1]).map((value) => -0.2 * value)); // prettier-ignore
  const other = stepOf([1, 1], { cross, differences: [-2, 6] });
  near(made('auto-lambda').weigh(other, state).gradient, backward([-2, 6]).map((value) => -0.1 * value)); // prettier-ignore
  assert.throws(() => made('auto-lambda').weigh(stepOf([1, 1]), state), /J₁ J₂ᵀ/);
  // Adam's first step with its rate; the new shares, times the spec's weights.
  const { weights, state: next } = made('auto-lambda', { outerLearningRate: 0.5 }).weigh(stepOf([1, 1], { cross, weights: [1, 2] }), state); // prettier-ignore
  // The first task's products are the larger: more of it, since a step down its gradient helps more.
  const moved = softmax([0.5, Math.log(3) - 0.5]);
  near(weights, [at(moved, 0), 2 * at(moved, 1)], 1e-6);
  near(Object.values((next as { logits: Record<string, number> }).logits), [0.5, Math.log(3) - 0.5], 1e-6);
  near(made('auto-lambda').weigh(stepOf([1, 1], { cross: [[1, 1], [1, 1]] }), null).weights, [0.5, 0.5]); // prettier-ignore
});

test('auto-lambda: how it looks ahead, and the shares of the inner losses', () => {
  const lookahead = (parameters: object) => made('auto-lambda', parameters).lookahead;
  assert.deepEqual(lookahead({ innerLearningRate: 0.2 }), { learningRate: 0.2, steps: 1, differences: true });
  assert.deepEqual(lookahead({ slopes: 'finite-differences' }), lookahead({}), 'as the authors do');
  assert.deepEqual(lookahead({ slopes: 'exact' }), { learningRate: undefined, steps: 1, differences: false });
  near(made('auto-lambda').shares?.(['a', 'b'], state), shares);
});

test('auto-lambda: a second step goes on from the logits and moments of the first', () => {
  const strategy = made('auto-lambda', { outerLearningRate: 0.5 });
  const first = strategy.weigh(stepOf([1, 1], { cross }), null);
  // Two logits begin at ½ each, and move by ±½; a slope of the other sign, as large but for the shares.
  near(first.weights, softmax([0.5, -0.5]), 1e-6); // prettier-ignore
  const second = strategy.weigh(stepOf([1, 1], { cross: [[2, 1], [-1, 3]] }), first.state); // prettier-ignore
  const slope = [0.25 * -1.5, -0.1 * 3 * at(first.weights, 0) * at(first.weights, 1) * -1];
  const g1 = -0.1 * 0.25 * 3;
  const g2 = at(slope, 1);
  const m = (0.09 * g1 + 0.1 * g2) / (1 - 0.81);
  const v = (0.000999 * g1 ** 2 + 0.001 * g2 ** 2) / (1 - 0.999 ** 2);
  const moved = 0.5 - (0.5 * m) / (Math.sqrt(v) + 1e-8);
  near(second.weights, softmax([0.5 + moved, 0.5 - moved]), 1e-5);
});
