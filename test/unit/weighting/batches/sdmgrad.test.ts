/** SDMGrad: projected momentum steps on the weights, held near the preferences. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { made, near, numbersOf, stepOf } from '../worked.ts';

const parameters = { learningRate: 0.1, momentum: 0.5, lambda: 0.5, iterations: 2 };

test('sdmgrad: two steps with momentum, by hand', () => {
  // Roots of the diagonal have the mean 1. w = (½, ½), r = (¼, ¾): slopes (2.375, 2.75), w = (.51875, .48125); then slopes
  // (2.35625, 2.7875) and half of the first ones, lifted by .3853125.
  const cross = [[1, 2], [3, 1]]; // prettier-ignore
  const strategy = made('sdmgrad', parameters);
  const step = (matrix: number[][]) => stepOf([1, 1], { cross: matrix, weights: [1, 3] });
  const first = strategy.weigh(step(cross), strategy.initialState);
  near(numbersOf(first.state, 'w'), [0.5496875, 0.4503125], 1e-7);
  near(first.weights, [(0.5496875 + 0.125) / 1.5, (0.4503125 + 0.375) / 1.5], 1e-7);
  // The size of the gradients does not matter.
  near(strategy.weigh(step([[9, 18], [27, 9]]), null).weights, first.weights, 1e-7); // prettier-ignore
  // w is kept: one more step from there, without momentum.
  const next = made('sdmgrad', { ...parameters, iterations: 1 }).weigh(step(cross), first.state);
  const [a, b] = [0.5496875 + 0.125, 0.4503125 + 0.375];
  const moved = [0.5496875 - 0.1 * (a + 2 * b), 0.4503125 - 0.1 * (3 * a + b)];
  const lift = (1 - (moved[0] ?? NaN) - (moved[1] ?? NaN)) / 2;
  near(numbersOf(next.state, 'w'), moved.map((value) => value + lift), 1e-7); // prettier-ignore
  assert.throws(() => strategy.weigh(stepOf([1, 1]), null), /J₁ J₂ᵀ/);
});

test('sdmgrad: the scale is the mean of the roots of the diagonal, where a negative one counts as 0', () => {
  // (√16 + 0)/2 = 2: divided by 4. w = (½, ½) + .5 (1, 3): slopes (1, −2)·w/4 …
  const strategy = made('sdmgrad', { ...parameters, iterations: 1, preference: 'given' });
  const found = strategy.weigh(stepOf([1, 1], { cross: [[16, 0], [0, -8]], weights: [1, 3] }), null); // prettier-ignore
  // A = (4, −2): slopes 4 · 1 and −2 · 2; (.1, .9).
  near(numbersOf(found.state, 'w'), [0.1, 0.9], 1e-7);
  near(found.weights, [(0.1 + 0.5) / 1.5, (0.9 + 1.5) / 1.5], 1e-7);
});
