/** FAMO: softmax weights of log losses, whose logits follow how much each log loss fell. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../../src/numbers/linear.ts';
import { made, near, stepOf } from '../worked.ts';

test('famo: weights, value, and the step of its logits after the optimizer’s', () => {
  const strategy = made('famo', { learningRate: 0.1, weightDecay: 0, minLosses: [1, 0] });
  const statistics = stepOf([3, 5], { weights: [1, 3] });
  // softmax(ln(T r)) = r; D = L − m.
  const c = 0.25 / 2 + 0.75 / 5;
  const { weights, value, state } = strategy.weigh(statistics, null);
  near(weights, [0.125 / c, 0.15 / c], 1e-7);
  near([value ?? NaN], [(0.25 / c) * Math.log(2) + (0.75 / c) * Math.log(5)], 1e-7);
  assert.equal(state, null);
  // δ = ln D − ln D', larger for the first, whose logit falls: Adam's first step has the size of the rate.
  const next = strategy.afterStep?.(statistics, [1.5, 4.5], null) as { logits: Record<string, number> };
  near([next.logits['a'] ?? NaN, next.logits['b'] ?? NaN], [Math.log(0.5) - 0.1, Math.log(1.5) + 0.1], 1e-6);
  // A loss at its stated minimum counts as just above it.
  const low = strategy.weigh(stepOf([1, 5]), null).weights;
  assert.ok(low.every(Number.isFinite) && at(low, 0) > 0.999, low.join());
  assert.ok(strategy.weigh(stepOf([0.5, 5]), null).weights.every(Number.isFinite), 'below it');
});

test('famo: logits go on from where they are, with Adam’s decay; its weights are normalized where asked', () => {
  const strategy = made('famo', { learningRate: 0.5, weightDecay: 2, normalize: 'sum-to-tasks' });
  const logits = { a: 1, b: -1 };
  const found = strategy.weigh(stepOf([3, 5]), { logits });
  const z = [Math.exp(1) / (Math.exp(1) + Math.exp(-1)), Math.exp(-1) / (Math.exp(1) + Math.exp(-1))];
  const c = at(z, 0) / 3 + at(z, 1) / 5;
  near(found.weights, [(2 * at(z, 0)) / 3 / c, (2 * at(z, 1)) / 5 / c], 1e-7);
  // Nothing fell: the decay alone, 2 ξ, which Adam's first step makes ±η.
  const still = strategy.afterStep?.(stepOf([3, 5]), [3, 5], { logits }) as { logits: Record<string, number> };
  near(Object.values(still.logits), [0.5, -0.5], 1e-6);
});
