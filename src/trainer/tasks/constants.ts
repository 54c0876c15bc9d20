/**
 * Best constant predictions: the raw output that makes the training loss least when it may not look at the input. Its
 * loss on validation is L⁰ of `validation/skill` (conventions 3).
 */
import { product } from '../../data/table.ts';
import type { Loss } from './losses/contract.ts';
import type { LabeledTargets } from './contract.ts';

/** Weighted mean of one column over the labeled rows; NaN without any. */
export function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    sum += (values[row] ?? 0) * (weights[row] ?? 0);
    total += weights[row] ?? 0;
  }
  return sum / total;
}

/** Smallest value at which at least the share `level` of the weight is reached: it minimizes the pinball loss. */
export function weightedQuantile(values: ArrayLike<number>, weights: ArrayLike<number>, level: number): number {
  const rows = Array.from(weights, (_, row) => row).filter((row) => (weights[row] ?? 0) > 0);
  rows.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const total = rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0);
  let reached = 0;
  for (const row of rows) {
    reached += weights[row] ?? 0;
    if (reached >= level * total) return values[row] ?? 0;
  }
  return NaN;
}

/** Minimum of a convex function by golden section, to about 1e-9 of the interval. */
export function convexMinimum(value: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [atC, atD] = [value(c), value(d)];
  for (let turn = 0; turn < 60; turn++) {
    if (atC <= atD) {
      [b, d, atD] = [d, c, atC];
      c = b - ratio * (b - a);
      atC = value(c);
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + ratio * (b - a);
      atD = value(d);
    }
  }
  return (a + b) / 2;
}

/** One column out of row-major values. */
export function columnOf(values: ArrayLike<number>, width: number, column: number): Float64Array {
  return Float64Array.from(
    { length: Math.floor(values.length / width) },
    (_, row) => values[row * width + column] ?? 0,
  );
}

/** Sample weights as they hold for one column of targets: 0 where its number is missing. */
export function weightsInColumn(
  { weights, present }: Pick<LabeledTargets, 'weights' | 'present'>,
  width: number,
  column: number,
): ArrayLike<number> {
  if (present === undefined) return weights;
  return Float64Array.from(weights, (weight, row) => (present[row * width + column] === 0 ? 0 : weight));
}

export function hasLabels(weights: ArrayLike<number>): boolean {
  for (let row = 0; row < weights.length; row++) if ((weights[row] ?? 0) > 0) return true;
  return false;
}

/**
 * Mean loss of one raw prediction for all rows, in double precision.
 *
 * @param shape of a label
 */
export function constantLoss(
  loss: Loss,
  raw: ArrayLike<number>,
  shape: readonly number[],
  labels: LabeledTargets,
): number {
  const mean = new ConstantLoss(loss, raw, shape);
  mean.add(labels);
  return mean.value();
}

/** The same of labels that come in parts, in their order. */
export class ConstantLoss {
  readonly #loss: Loss;
  readonly #raw: ArrayLike<number>;
  readonly #width: number;
  #sum = 0;
  #total = 0;

  /** @param shape of a label */
  constructor(loss: Loss, raw: ArrayLike<number>, shape: readonly number[]) {
    this.#loss = loss;
    this.#raw = raw;
    this.#width = product(shape);
  }

  add({ targets, weights, present }: LabeledTargets): void {
    const values = Float64Array.from(targets);
    const there = present && Uint8Array.from(present);
    for (let row = 0; row < weights.length; row++) {
      const weight = weights[row] ?? 0;
      if (weight === 0) continue;
      const [from, to] = [row * this.#width, (row + 1) * this.#width];
      const sample = this.#loss.sample(this.#raw, values.subarray(from, to), there?.subarray(from, to));
      this.#sum += weight * sample.loss;
      this.#total += weight * sample.weight;
    }
  }

  /** NaN without labels. */
  value(): number {
    return this.#sum / this.#total;
  }
}

/**
 * Least value by pattern search: tries a step up and down in each coordinate, halves the steps when none helps. Good to
 * the smallest step in a basin; the box losses it serves have one around the mean box.
 */
export function patternSearch(
  value: (x: readonly number[]) => number,
  start: readonly number[],
  { largest = 0.5, smallest = 1e-4 } = {},
): number[] {
  let best = [...start];
  let bestValue = value(best);
  for (let step = largest; step >= smallest;) {
    let improved = false;
    for (let coordinate = 0; coordinate < best.length; coordinate++) {
      for (const direction of [step, -step]) {
        const trial = best.map((x, index) => (index === coordinate ? x + direction : x));
        const trialValue = value(trial);
        if (trialValue >= bestValue) continue;
        [best, bestValue, improved] = [trial, trialValue, true];
      }
    }
    if (!improved) step /= 2;
  }
  return best;
}
