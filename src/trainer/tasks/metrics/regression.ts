/**
 * Metrics of numbers in the unit of the data, per column over the samples that have a number there, then the mean over
 * columns (sklearn, uniform_average). A column without any number is left out of the mean, and named.
 */
import type { Json } from '../../../common/checks.ts';
import { listNames } from '../../../data/table.ts';
import { undefinedBecause, unlabeled } from './warnings.ts';
import { fieldsOf, fillFrom, numberFrom } from './state.ts';
import type { MetricName } from '../../../spec/resolved.ts';
import type { MetricResult, MetricSums, MetricTable, MetricWarning, Warn } from './contract.ts';

export interface RegressionOptions {
  readonly metrics: readonly MetricName<'regression'>[];
  /** Names of the target's columns. */
  readonly columns: readonly string[];
  /** Levels of a quantile task: each column then has one prediction per level, in this order. */
  readonly quantiles?: readonly number[];
}

/** Sums kept for each column. */
const fields = ['absolute', 'square', 'pinball', 'mean', 'spread'] as const;

/** What one column has summed up over its n numbers; `mean` is that of the target, `spread` Σ(y − ȳ)². */
type Column = Readonly<Record<(typeof fields)[number], number>> & { readonly n: number };

/** Mean over the columns that have numbers. */
const average =
  (of: (column: Column) => number) =>
  (columns: readonly Column[]): number =>
    columns.reduce((sum, column) => sum + of(column), 0) / columns.length;

/** Of the columns that have numbers. */
const table: MetricTable<'regression', (columns: readonly Column[], warn: Warn) => number | null> = {
  mae: average(({ absolute, n }) => absolute / n),
  rmse: average(({ square, n }) => Math.sqrt(square / n)),
  mse: average(({ square, n }) => square / n),
  pinball: average(({ pinball, n }) => pinball / n),
  r2: (columns, warn) => {
    // The spread of equal numbers is rounding of the numbers themselves, not variance.
    if (columns.some(({ n, spread, mean }) => !(spread > n * (mean * 1e-13) ** 2))) {
      warn(undefinedBecause('r2', 'the target does not vary', '目标没有变化'));
      return null;
    }
    return average(({ square, spread }) => 1 - square / spread)(columns);
  },
};

export class RegressionSums implements MetricSums {
  readonly #options: RegressionOptions;
  /** Levels; a point prediction is judged as the median. */
  readonly #levels: readonly number[];
  readonly #sums: Readonly<Record<(typeof fields)[number], Float64Array>>;
  /** Numbers seen in each column. */
  readonly #counts: Float64Array;
  #samples = 0;
  #crossings = 0;

  constructor(options: RegressionOptions) {
    this.#options = options;
    this.#levels = options.quantiles ?? [0.5];
    const zeros = (): Float64Array => new Float64Array(options.columns.length);
    this.#counts = zeros();
    this.#sums = { absolute: zeros(), square: zeros(), pinball: zeros(), mean: zeros(), spread: zeros() };
  }

  update(
    predicted: ArrayLike<number>,
    target: ArrayLike<number>,
    labeled: ArrayLike<number>,
    present?: ArrayLike<number>,
  ): void {
    const columns = this.#options.columns.length;
    for (let row = 0; row < labeled.length; row++) {
      if (!((labeled[row] ?? 0) > 0)) continue;
      this.#samples++;
      let crosses = false;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        if (present?.[at] === 0) continue;
        const levels = this.#levels.map((_, level) => predicted[at * this.#levels.length + level] ?? 0);
        // Every column is added, whether one before it crossed or not.
        if (this.#add(column, levels, target[at] ?? 0)) crosses = true;
      }
      if (crosses) this.#crossings++;
    }
  }

  result(): MetricResult {
    const warnings: MetricWarning[] = [];
    const values = new Map<string, number | null>();
    const columns = this.#columns();
    for (const metric of this.#options.metrics) {
      if (this.#samples === 0) warnings.push(unlabeled(metric));
      values.set(metric, this.#samples === 0 ? null : table[metric](columns, (warning) => warnings.push(warning)));
    }
    const absent = this.#options.columns.filter((_, column) => this.#counts[column] === 0);
    if (this.#samples > 0 && absent.length > 0) warnings.push(absentColumns(absent));
    if (this.#crossings > 0) warnings.push(crossingWarning(this.#crossings, this.#samples));
    return { values, warnings, details: this.#levels.length > 1 ? { crossings: this.#crossings } : {} };
  }

  state(): Json {
    const sums = Object.fromEntries(fields.map((field) => [field, [...this.#sums[field]]]));
    return { ...sums, counts: [...this.#counts], samples: this.#samples, crossings: this.#crossings };
  }

  restore(state: Json): void {
    const saved = fieldsOf(state);
    for (const field of fields) fillFrom(this.#sums[field], saved[field], field);
    fillFrom(this.#counts, saved['counts'], 'counts');
    this.#samples = numberFrom(saved['samples']);
    this.#crossings = numberFrom(saved['crossings']);
  }

  /** Adds one column of one sample; true when its quantiles are out of order. */
  #add(column: number, predictions: readonly number[], target: number): boolean {
    const { absolute, square, pinball, mean, spread } = this.#sums;
    bump(this.#counts, column, 1);
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
    bump(mean, column, deviation / (this.#counts[column] ?? 1));
    bump(spread, column, deviation * (target - (mean[column] ?? 0)));
    return crosses;
  }

  /** Those that have numbers. */
  #columns(): readonly Column[] {
    const { absolute, square, pinball, mean, spread } = this.#sums;
    const at = (sums: Float64Array, column: number): number => sums[column] ?? NaN;
    return [...this.#counts].flatMap((n, column) => {
      if (n === 0) return [];
      return [
        {
          ...{ n, absolute: at(absolute, column), square: at(square, column), pinball: at(pinball, column) },
          ...{ mean: at(mean, column), spread: at(spread, column) },
        },
      ];
    });
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

function absentColumns(names: readonly string[]): MetricWarning {
  return {
    code: 'columns-absent',
    metric: 'columns',
    message: {
      en: `No sample has a number in ${listNames(names)}: the metrics are means over the other columns.`,
      zh: `没有样本在${listNames(names, 'zh')}列有数值：各指标为其余列的平均。`,
    },
  };
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
