/** What the functions of this folder give: JSON values; a number that does not exist is null and has a reason. */

/** [low, high]. */
export type Interval = readonly [number, number];

/**
 * Why there is no answer: no value, a single one, a value that is no finite number, values without spread (all equal to
 * 1e-12, where a t statistic would be a ratio of rounding errors).
 */
export type Reason = 'no-values' | 'one-value' | 'not-finite' | 'no-spread';

/** A mean with its t interval and the two-sided test against 0. */
export interface MeanTest {
  readonly n: number;
  readonly mean: number | null;
  /** Standard error of the mean, as the test uses it. */
  readonly error: number | null;
  readonly interval: Interval | null;
  readonly t: number | null;
  readonly df: number | null;
  readonly p: number | null;
  /** Null where everything is there. */
  readonly reason: Reason | null;
}
