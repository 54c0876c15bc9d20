/** Metrics of numbers in the unit of the data, per column, then the mean over columns (sklearn, uniform_average). */
import { undefinedBecause } from './classification.ts';
import { fieldsOf, fillFrom, numberFrom } from './state.ts';
import type { Json, MetricResult, MetricSums, MetricWarning } from './types.ts';

export interface RegressionOptions {
  readonly metrics: readonly string[];
  readonly columns: number;
  /** Levels of a quantile task: each column then has one prediction per level, in this order. */
  readonly quantiles?: readonly number[];
}

/** Sums kept for each column. */
const fields = ['absolute', 'square', 'pinball', 'mean', 'spread'] as const;

export class RegressionSums implements MetricSums {
  readonly #options: RegressionOptions;
  /** Levels; a point prediction is judged as the median. */
  readonly #levels: readonly number[];
  readonly #sums: Readonly<Record<(typeof fields)[number], Float64Array>>;
  #count = 0;
  #crossings = 0;

  constructor(options: RegressionOptions) {
    this.#options = options;
    this.#levels = options.quantiles ?? [0.5];
    const zeros = (): Float64Array => new Float64Array(options.columns);
    this.#sums = { absolute: zeros(), square: zeros(), pinball: zeros(), mean: zeros(), spread: zeros() };
  }

  update(predicted: ArrayLike<number>, target: ArrayLike<number>, labelled: ArrayLike<number>): void {
    const { columns } = this.#options;
    for (let row = 0; row < labelled.length; row++) {
      if (!((labelled[row] ?? 0) > 0)) continue;
      this.#count++;
      let crosses = false;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        const levels = this.#levels.map((_, level) => predicted[at * this.#levels.length + level] ?? 0);
        crosses ||= this.#add(column, levels, target[at] ?? 0);
      }
      if (crosses) this.#crossings++;
    }
  }

  result(): MetricResult {
    const warnings: MetricWarning[] = [];
    const values = new Map<string, number | null>();
    for (const metric of this.#options.metrics) {
      if (this.#count === 0) warnings.push(undefinedBecause(metric, 'no sample has a label', '没有带标签的样本'));
      values.set(metric, this.#count === 0 ? null : this.#value(metric, warnings));
    }
    if (this.#crossings > 0) warnings.push(crossingWarning(this.#crossings, this.#count));
    return { values, warnings, details: this.#levels.length > 1 ? { crossings: this.#crossings } : {} };
  }

  state(): Json {
    const sums = Object.fromEntries(fields.map((field) => [field, [...this.#sums[field]]]));
    return { ...sums, count: this.#count, crossings: this.#crossings };
  }

  restore(state: Json): void {
    const saved = fieldsOf(state);
    for (const field of fields) fillFrom(this.#sums[field], saved[field], field);
    this.#count = numberFrom(saved['count']);
    this.#crossings = numberFrom(saved['crossings']);
  }

  /** Adds one column of one sample; true when its quantiles are out of order. */
  #add(column: number, predictions: readonly number[], target: number): boolean {
    const { absolute, square, pinball, mean, spread } = this.#sums;
    const error = target - (predictions[medianOf(this.#levels)] ?? 0);
    bump(absolute, column, Math.abs(error));
    bump(square, column, error * error);
    let loss = 0;
    let crosses = false;
    for (const [index, level] of this.#levels.entries()) {
      const difference = target - (predictions[index] ?? 0);
      loss += Math.max(level * difference, (level - 1) * difference);
      crosses ||= outOfOrder(this.#levels, predictions, index);
    }
    bump(pinball, column, loss / this.#levels.length);
    // Welford: the spread around a mean that is not known in advance.
    const deviation = target - (mean[column] ?? 0);
    bump(mean, column, deviation / this.#count);
    bump(spread, column, deviation * (target - (mean[column] ?? 0)));
    return crosses;
  }

  #value(metric: string, warnings: MetricWarning[]): number | null {
    const { absolute, square, pinball } = this.#sums;
    const n = this.#count;
    switch (metric) {
      case 'mae':
        return average(absolute.map((sum) => sum / n));
      case 'rmse':
        return average(square.map((sum) => Math.sqrt(sum / n)));
      case 'pinball':
        return average(pinball.map((sum) => sum / n));
      case 'r2':
        return this.#r2(warnings);
      default:
        return average(square.map((sum) => sum / n));
    }
  }

  #r2(warnings: MetricWarning[]): number | null {
    const { square, spread, mean } = this.#sums;
    // The spread of equal numbers is rounding of the numbers themselves, not variance.
    const constant = spread.some((sum, column) => !(sum > this.#count * ((mean[column] ?? 0) * 1e-13) ** 2));
    if (constant) {
      warnings.push(undefinedBecause('r2', 'the target does not vary', '目标没有变化'));
      return null;
    }
    return average(square.map((sum, column) => 1 - sum / (spread[column] ?? 1)));
  }
}

/** The level that stands for the point prediction: 0.5, or the middle one. */
function medianOf(levels: readonly number[]): number {
  const exact = levels.indexOf(0.5);
  return exact >= 0 ? exact : Math.floor((levels.length - 1) / 2);
}

/** A higher level with a lower value than one before it, whatever the order in which the levels were written. */
function outOfOrder(levels: readonly number[], values: readonly number[], index: number): boolean {
  for (let other = 0; other < index; other++) {
    const rises = (levels[index] ?? 0) > (levels[other] ?? 0);
    const difference = (values[index] ?? 0) - (values[other] ?? 0);
    if (rises ? difference < 0 : difference > 0) return true;
  }
  return false;
}

function bump(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function crossingWarning(crossings: number, count: number): MetricWarning {
  return {
    code: 'quantiles-cross',
    metric: 'pinball',
    message: {
      en: `The predicted quantiles cross in ${String(crossings)} of ${String(count)} samples.`,
      zh: `${String(count)} 个样本中有 ${String(crossings)} 个的预测分位数发生交叉。`,
    },
  };
}
