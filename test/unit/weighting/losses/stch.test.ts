/** Smooth Tchebycheff scalarization: μ ln Σ exp(rᵢ (Lᵢ − zᵢ)/μ), and the form of log losses relative to their nadir. */
import { test } from 'node:test';
import { at, sum } from '../../../../src/numbers/linear.ts';
import type { Weighting } from '../../../../src/weighting/contract.ts';
import { made, near, softmax, stepOf } from '../worked.ts';

test('stch with a measured nadir: Σ ln L to the end of the warm-up epoch, whose mean losses become the nadir', () => {
  const strategy = made('stch', { form: 'log-nadir', mu: 0.5, warmup: 1 });
  let state = strategy.initialState;
  const step = (epoch: number, losses: readonly number[]): Weighting => {
    const found = strategy.weigh(stepOf(losses, { epoch }), state);
    ({ state } = found);
    return found;
  };
  const logs = step(0, [2, 5]);
  near(logs.weights, [0.5, 0.2]);
  near([logs.value ?? NaN], [Math.log(10)]);
  for (const losses of [[2, 4], [4, 6], [3, 8]]) near(step(1, losses).weights, losses.map((loss) => 1 / loss)); // prettier-ignore
  const [nadir, losses] = [[3, 6], [1.5, 12]]; // prettier-ignore
  const ratios = losses.map((loss, i) => loss / at(nadir, i));
  const { weights, value } = step(2, losses);
  // T μ ln Σ exp(ln(L/n)/μ), and its derivative.
  near([value ?? NaN], [2 * 0.5 * Math.log(sum(ratios.map((ratio) => ratio ** 2)))]);
  const shares = softmax(ratios.map((ratio) => Math.log(ratio) / 0.5));
  near(weights, shares.map((share, i) => (2 * share) / at(losses, i))); // prettier-ignore
  // Without an epoch it is the first one; a task without a measured nadir keeps Σ ln L.
  const { epoch: _, ...without } = stepOf([2, 5]);
  near(strategy.weigh(without, state).weights, [0.5, 0.2]);
  const halfway = { sums: { a: 3 }, counts: { a: 1 } };
  near(strategy.weigh(stepOf([2, 5], { epoch: 3 }), halfway).weights, [0.5, 0.2]);
});

test('stch, plain: r softmax(r (L − z)/μ), its value and its reference point', () => {
  const strategy = made('stch', { mu: 2, reference: [0.5, 1] });
  const { weights, value } = strategy.weigh(stepOf([2, 5], { weights: [1, 3] }), null);
  const y = [0.25 * 1.5, 0.75 * 4];
  near([value ?? NaN], [2 * Math.log(Math.exp(at(y, 0) / 2) + Math.exp(at(y, 1) / 2))]);
  const shares = softmax(y.map((each) => each / 2));
  near(weights, [0.25 * at(shares, 0), 0.75 * at(shares, 1)]);
});

test('stch: with weights as given; epochs of the warm-up are those before the measured one', () => {
  const given = made('stch', { mu: 0.5, preference: 'given', normalize: 'sum-to-one' });
  const found = given.weigh(stepOf([2, 1], { weights: [1, 3] }), null);
  const shares = softmax([4, 6]);
  const raw = [at(shares, 0), 3 * at(shares, 1)];
  near(found.weights, raw.map((weight) => weight / sum(raw))); // prettier-ignore
  near([found.value ?? NaN], [0.5 * Math.log(Math.exp(4) + Math.exp(6))]);
  // Where nothing is warmed up the first epoch is the measured one.
  const measured = made('stch', { form: 'log-nadir', mu: 2, warmup: 0 });
  let { state } = measured.weigh(stepOf([4, 9]), null);
  ({ state } = measured.weigh(stepOf([2, 3]), state));
  near(measured.weigh(stepOf([3, 12], { epoch: 1 }), state).weights, [2 * at(softmax([0, Math.log(2) / 2]), 0) / 3, 2 * at(softmax([0, Math.log(2) / 2]), 1) / 12]); // prettier-ignore
  // Large exponents do not overflow.
  near([made('stch', { mu: 1e-4 }).weigh(stepOf([2, 4]), null).value ?? NaN], [2]);
});
