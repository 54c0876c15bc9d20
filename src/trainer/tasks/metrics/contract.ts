/**
 * Metrics over a split: sums in double precision, filled batch by batch, whose state survives a checkpoint. Every label
 * counts once, whatever its sample weight: `sampleWeight` weighs losses, not metrics.
 */
import type { Json } from '../../../common/checks.ts';
import type { Text } from '../../../common/text.ts';
import type { AvailableTask, MetricName } from '../../../spec/resolved.ts';

export interface MetricWarning {
  readonly code: 'metric-undefined' | 'classes-absent' | 'columns-absent' | 'quantiles-cross' | 'iou-dead';
  readonly metric: string;
  readonly message: Text;
  /** Why a metric is not defined: the same for all metrics that lack the same thing. */
  readonly reason?: Text;
}

export interface MetricResult {
  /** In the order asked for; null where a metric is not defined. */
  readonly values: ReadonlyMap<string, number | null>;
  readonly warnings: readonly MetricWarning[];
  /** What has no single number: `confusion` (rows true, columns predicted), `crossings`, `zeroOverlap`. */
  readonly details: { readonly [key: string]: Json };
}

/** Accumulates one task's metrics over one split. All values in original units. */
export interface MetricSums {
  /**
   * @param answers [n, …] of `Task.answers`, row by row: probabilities or classes, values, boxes
   * @param target [n, …] in loss space: class index, values, box corners
   * @param labeled [n]: rows with 0 are left out
   * @param present [n, …]: 0 at the numbers of a target that are missing; absent where none is
   */
  update(
    answers: ArrayLike<number>,
    target: ArrayLike<number>,
    labeled: ArrayLike<number>,
    present?: ArrayLike<number>,
  ): void;
  result(): MetricResult;
  state(): Json;
  /** @throws Error when the state belongs to another task */
  restore(state: Json): void;
}

/** Takes what is to be said of a metric that has no value, or one of only a part. */
export type Warn = (warning: MetricWarning) => void;

/** The metrics of a type of task: a row each, which makes a value of its sums. The compiler names the missing row. */
export type MetricTable<Type extends AvailableTask, Row> = { readonly [Name in MetricName<Type>]: Row };
