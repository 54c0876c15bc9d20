/** Dynamic task prioritization: −(1 − κ̄)^γ ln κ̄. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, stepOf, weigh } from '../worked.ts';

test('performance: a task that was not measured keeps its mean, those behind it go on', () => {
  const found = weigh('performance', [[1], [1], [1]], {
    state: { mean: { a: 0.5, c: 0.6 } },
    more: { performance: [null, 0.4, 0.8] },
    ...{ alpha: 0.25, gamma: 2 },
  });
  const means = [0.5, 0.4, 0.25 * 0.8 + 0.75 * 0.6];
  near(found.weights, means.map((mean) => -((1 - mean) ** 2) * Math.log(mean)), 1e-9); // prettier-ignore
  assert.deepEqual(Object.keys((found.state as { mean: object }).mean), ['a', 'c', 'b']);
  const clipped = weigh('performance', [[1], [1]], { more: { performance: [0, 1] }, inverse: true });
  near(clipped.weights, [0.01, 0.99].map((mean) => -1 / ((1 - mean) * Math.log(mean))), 1e-9); // prettier-ignore
});

test('performance: the running mean over two steps; what was never measured counts as half', () => {
  const strategy = made('performance', { alpha: 0.2, gamma: 3 });
  const focal = (mean: number): number => -((1 - mean) ** 3) * Math.log(mean);
  const first = strategy.weigh(stepOf([2, 5], { weights: [1, 4], performance: [0.3, null] }), null);
  near(first.weights, [focal(0.3), 4 * focal(0.5)]);
  near([first.value ?? NaN], [2 * focal(0.3) + 20 * focal(0.5)]);
  assert.deepEqual(first.state, { mean: { a: 0.3 } });
  const second = strategy.weigh(stepOf([2, 5], { performance: [0.8, 1.5] }), first.state);
  near(second.weights, [focal(0.2 * 0.8 + 0.8 * 0.3), focal(0.99)]);
  assert.throws(() => strategy.weigh(stepOf([2, 5]), null), /a measure of performance/);
});
