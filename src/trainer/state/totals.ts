/**
 * Losses and metrics over many batches. A loss is the sum over labeled samples divided by their weight, never a mean of
 * batch means. All in double precision, and all of it survives a checkpoint that falls into the middle of an epoch.
 */
import type { LoadedBatch } from '../prepare/load-batch.ts';
import type { LossSum } from '../step/contract.ts';
import type { MetricResult, MetricSums } from '../tasks/metrics/contract.ts';
import type { Task } from '../tasks/contract.ts';
import type { Json } from '../../weighting/contract.ts';

/** Numbers of one pass over a split, in source order of the tasks. */
export interface PassResult {
  /** Null where the split has no label of the task, or all its labels weigh 0. */
  readonly losses: ReadonlyMap<string, number | null>;
  readonly metrics: ReadonlyMap<string, ReadonlyMap<string, number | null>>;
  /** By task: what should be told, and what is no single number. */
  readonly results: ReadonlyMap<string, MetricResult>;
}

export interface TotalsState {
  readonly losses: readonly (readonly [number, number])[];
  readonly metrics: readonly Json[];
}

/** Which labels the metrics count: all of them, or – while training – those that are trained on (weights above 0). */
export type Counted = 'all' | 'trained';

export class Totals {
  readonly #tasks: readonly Task[];
  readonly #counted: Counted;
  readonly #losses: { sum: number; weight: number }[];
  readonly #metrics: readonly MetricSums[];

  constructor(tasks: readonly Task[], counted: Counted) {
    this.#tasks = tasks;
    this.#counted = counted;
    this.#losses = tasks.map(() => ({ sum: 0, weight: 0 }));
    this.#metrics = tasks.map((task) => task.newMetrics());
  }

  /**
   * Adds one batch.
   *
   * @param losses in task order, null where absent
   * @param answers of all rows, in task order, null where absent
   */
  add(batch: LoadedBatch, losses: readonly (LossSum | null)[], answers: readonly (ArrayLike<number> | null)[]): void {
    this.#tasks.forEach((_, index) => {
      const loss = losses[index];
      const answer = answers[index];
      const labels = batch.labels[index];
      const sums = this.#losses[index];
      if (loss && sums) {
        sums.sum += loss.sum;
        sums.weight += loss.weight;
      }
      if (!answer || !labels) return;
      const { data, mask, weight, present } = labels;
      this.#metrics[index]?.update(answer, data, this.#counted === 'all' ? mask : weight, present);
    });
  }

  result(): PassResult {
    const results = new Map(this.#tasks.map((task, index) => [task.name, resultOf(this.#metrics[index])]));
    return {
      losses: new Map(this.#tasks.map((task, index) => [task.name, lossOf(this.#losses[index])])),
      metrics: new Map([...results].map(([name, { values }]) => [name, values])),
      results,
    };
  }

  state(): TotalsState {
    return {
      losses: this.#losses.map(({ sum, weight }) => [sum, weight] as const),
      metrics: this.#metrics.map((metric) => metric.state()),
    };
  }

  restore(state: TotalsState): void {
    state.losses.forEach(([sum, weight], index) => {
      const entry = this.#losses[index];
      if (entry) Object.assign(entry, { sum, weight });
    });
    this.#metrics.forEach((metric, index) => metric.restore(state.metrics[index] ?? null));
  }
}

function lossOf(sums: { sum: number; weight: number } | undefined): number | null {
  return sums && sums.weight > 0 ? sums.sum / sums.weight : null;
}

function resultOf(metric: MetricSums | undefined): MetricResult {
  if (!metric) throw new RangeError('A task has no metrics.');
  return metric.result();
}
