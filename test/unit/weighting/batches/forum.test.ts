/** FORUM: outer losses are descended as far as the inner problem stays solved. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, dot } from '../../../../src/numbers/linear.ts';
import type { Json } from '../../../../src/weighting/contract.ts';
import { said } from '../said.ts';
import { made, near, numbersOf, softmaxBackwards, stepOf } from '../worked.ts';

const [f, after] = [[3, 2], [1, 1.5]]; // prettier-ignore
// Outer norms are 2 and 3.
const outer = [[4, 1.5], [1.5, 9]]; // prettier-ignore
const inner = [[2, 0.5], [0.5, 1]]; // prettier-ignore
const cross = [[1, 0.3], [-0.5, 2]]; // prettier-ignore
const shares = [0.25, 0.75];
const state: Json = { logits: { a: 0, b: Math.log(3) } };
const byLogits = softmaxBackwards(shares, [2, 0.5]);
/** ‖∇q‖²: the part of ξ, and Σ σᵢ ∇fᵢ. */
const square = dot(byLogits, byLogits) + 2 / 16 + (2 * 0.5 * 3) / 16 + 9 / 16;
/** ĝ_t · ∇q. */
const along = [(0.25 + 0.225) / 2, (-0.125 + 1.5) / 3];

/** λ and ν, by trying λ = (t, 1 − t): for each the best ν is known. */
function solved(phi: number): { readonly lambda: readonly number[]; readonly pi: readonly number[] } {
  const pi = along.map((value) => phi - value / (square + 1e-8));
  const value = (t: number): number => {
    const lambda = [t, 1 - t];
    const mixed = dot(lambda, along);
    const free = (phi * (square + 1e-8) - 2 * mixed) / (2 * square);
    const nu = Math.max(free, dot(lambda, pi), 0);
    const length = t * t + (1 - t) ** 2 + (2 * t * (1 - t) * 1.5) / 6;
    return length + 2 * nu * mixed + nu * nu * square - nu * phi * (square + 1e-8);
  };
  let [low, high] = [0, 1];
  for (let i = 0; i < 200; i++) {
    const [one, two] = [low + (high - low) / 3, high - (high - low) / 3];
    if (value(one) < value(two)) high = two;
    else low = one;
  }
  return { lambda: [low, 1 - low], pi };
}

const step = (epoch: number) => stepOf(f, { epoch, weights: [1, 2], bilevel: { outer, inner, cross, after } });

test('forum: the multipliers, and what weighs outer and inner losses', () => {
  for (const phi of [0.2, 1.5, 4]) {
    const { lambda, pi } = solved(phi);
    const nu = Math.max(dot(lambda, pi), 0);
    const found = made('forum', { phi }).weigh(step(0), state);
    near(found.weights, [at(lambda, 0) / 2, (2 * at(lambda, 1)) / 3], 1e-5);
    near(found.inner, [0.25 * nu, 1.5 * nu], 1e-5);
    near(found.gradient, byLogits.map((value) => nu * value), 1e-5); // prettier-ignore
    assert.deepEqual(said(found), []);
  }
});

test('forum: λ is a running mean that slows with the epochs; the logits take a step of Adam', () => {
  const strategy = made('forum', { phi: 1.5, outerLearningRate: 0.3 });
  const { lambda } = solved(1.5);
  const before = { ...(state as object), lambda: { a: 0.9, b: 0.1 } };
  const found = strategy.weigh(step(15), before);
  // 16^−¾ = ⅛.
  const expected = [0.9 + (at(lambda, 0) - 0.9) / 8, 0.1 + (at(lambda, 1) - 0.1) / 8];
  near(numbersOf(found.state, 'lambda'), expected, 1e-5);
  near(found.weights, [at(expected, 0) / 2, (2 * at(expected, 1)) / 3], 1e-5);
  // f − f* is larger for the first: its logit falls.
  near(numbersOf(found.state, 'logits'), [-0.3, Math.log(3) + 0.3], 1e-5);
});

test('forum: how it looks ahead, the shares of the inner losses; an outer gradient of 0 is divided by 1', () => {
  const strategy = made('forum', { innerSteps: 7, innerLearningRate: 0.4 });
  assert.deepEqual(strategy.lookahead, { learningRate: 0.4, steps: 7, differences: false });
  near(strategy.shares?.(['a', 'b'], state), shares);
  near(strategy.shares?.(['a', 'b'], null), [0.5, 0.5]);
  const bilevel = { outer: [[0, 0], [0, 9]], inner, cross: [[0, 0], [1, 1]], after }; // prettier-ignore
  const { weights } = strategy.weigh({ ...step(0), bilevel }, state);
  near([at(weights, 0) + (3 * at(weights, 1)) / 2], [1], 1e-6);
  assert.throws(() => strategy.weigh(stepOf(f), null), /both halves of a batch/);
});
