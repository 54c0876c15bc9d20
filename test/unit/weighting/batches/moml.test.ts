/** MOML: logits follow the shortest vector of the hull of the outer losses’ unit slopes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitSlopes } from '../../../../src/weighting/batches/moml.ts';
import { made, near, softmax, softmaxBackwards, stepOf } from '../worked.ts';

const cross = [[1, 2], [3, -1]]; // prettier-ignore
const state = { logits: { a: 0, b: Math.log(3) } };
const shares = [0.25, 0.75];
const backward = (v: readonly number[]): number[] => softmaxBackwards(shares, v);

test('moml: the shortest vector of the hull of the unit slopes', () => {
  const slopes = cross.map((row) => {
    const slope = backward(row).map((value) => -value);
    return slope.map((value) => value / Math.hypot(...slope));
  });
  unitSlopes(cross, shares).forEach((found, i) => near(found, slopes[i] ?? []));
  // A gradient that does not depend on ξ stays 0.
  assert.deepEqual(unitSlopes([[2, 2]], [0.5, 0.5]).map((row) => row.map(Math.abs)), [[0, 0]]); // prettier-ignore
  // Two directions that are opposite, as with two tasks whose slopes differ in sign: they cancel.
  near(made('moml').weigh(stepOf([1, 1], { cross }), state).gradient, [0, 0], 1e-9);
  // Of one direction: that direction.
  near(made('moml').weigh(stepOf([1, 1], { cross: [[1, 2], [0, 5]] }), state).gradient, [Math.SQRT1_2, -Math.SQRT1_2], 1e-9); // prettier-ignore
});

test('moml: how it looks ahead, the shares of the inner losses, and the step of its logits', () => {
  assert.deepEqual(made('moml', { innerLearningRate: 0.3 }).lookahead, { learningRate: 0.3, steps: 1, differences: false }); // prettier-ignore
  near(made('moml').shares?.(['a', 'b'], state), shares);
  near(made('moml').shares?.(['a'], null), [1]);
  assert.throws(() => made('moml').weigh(stepOf([1, 1]), state), /J₁ J₂ᵀ/);
  // The slope (1, −1)/√2 takes Adam's first step: −.2 and +.2.
  const step = stepOf([1, 1], { cross: [[1, 2], [0, 5]], weights: [1, 2] }); // prettier-ignore
  const { weights, problems } = made('moml', { outerLearningRate: 0.2 }).weigh(step, state);
  const [a = NaN, b = NaN] = softmax([-0.2, Math.log(3) + 0.2]);
  near(weights, [a, 2 * b], 1e-6);
  assert.deepEqual(problems, []);
});
