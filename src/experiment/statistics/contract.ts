/** What the functions of this folder give: JSON values; a number that does not exist is null and has a reason. */
import type { Text } from '../../common/text.ts';

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

/** What a run gave for a measure: its metric; null where the metric is undefined on its data; or the run failed. */
export type SeedValue = number | null | 'failed';

export interface SeedRecord {
  readonly seed: number;
  readonly value: SeedValue;
}

/** A metric of one task, as it is judged. */
export interface Measure {
  readonly task: string;
  readonly higherIsBetter: boolean;
  /** In the metric's unit, frozen before the confirming runs; null where none was declared. */
  readonly margin: number | null;
  /** Verdicts are of primary measures alone. */
  readonly primary: boolean;
}

export interface ArmRecord {
  readonly arm: string;
  /** Judged on fresh seeds. An arm that was only explored gets numbers and no verdict. */
  readonly confirmed: boolean;
  /** By task. Pairs are made by the seed, whatever the order. */
  readonly values: Readonly<Record<string, readonly SeedRecord[]>>;
}

export interface JudgeInput {
  /** The arm that the others are compared with; one of `arms`. */
  readonly baseline: string;
  readonly arms: readonly ArmRecord[];
  /** One a task. */
  readonly measures: readonly Measure[];
  /** Of intervals; 1 − level is the share of errors. */
  readonly level: number;
  /** `any`: each verdict counts by itself, Holm. `all`: only that all hold is claimed, intersection–union. */
  readonly family: 'any' | 'all';
  /** n_test/n_train where the split varies with the seed, null where it does not. */
  readonly testOverTrain: number | null;
  /** `worst`: a failed run is the worst rank, and there is no t test. `exclude`: its pair is left out, and counted. */
  readonly failures: 'worst' | 'exclude';
  /** Shares of the planned information at the looks so far, this one last; null where there is one look, at the end. */
  readonly looks: readonly number[] | null;
  /** False: every arm has seeds of its own, nothing is paired, and the test is Welch's. */
  readonly paired?: boolean;
  /** The power that more seeds are proposed for; 0.8 where nothing is said. */
  readonly power?: number;
  /** False leaves out how many more seeds would decide. */
  readonly planning?: boolean;
}

export type Verdict = 'helps' | 'hurts' | 'equivalent' | 'non-inferior' | 'undecided' | 'not-confirmed';

/**
 * Arm − baseline, paired by seed, in the metric's unit. Of arms that are not paired, the difference of their means; `pairs` is
 * then the smaller number of values, and failures and undefined metrics are counted by runs.
 */
export interface Delta {
  /** Pairs of two values. */
  readonly pairs: number;
  /** Pairs in which a run failed, pairs in which a metric is undefined, seeds that only one of the two has. */
  readonly failedPairs: number;
  readonly undefinedPairs: number;
  readonly unpaired: number;
  readonly mean: number | null;
  readonly interval: Interval | null;
  /** With the family's (and the look's) level at Holm's first step. */
  readonly familyInterval: Interval | null;
  /** Of one test by itself: `t` (Welch's where nothing is paired), or one by ranks (signed-rank, rank-sum) where runs failed. */
  readonly p: number | null;
  /** The same made good for training sets that overlap: equal to `p` for a t test, which knows them. */
  readonly corrected: number | null;
  readonly test: 't' | 'rank';
  /** For the looks and the family; null where it is in none (secondary, explored, undefined metrics). */
  readonly adjustedP: number | null;
  readonly signFlipP: number | null;
  /** More seeds until the planned power at the margin is reached; null once it is decided, without a margin or an estimate. */
  readonly moreSeeds: number | null;
  readonly verdict: Verdict;
  readonly reasons: readonly Text[];
}

/** An arm on a task. */
export interface JudgedCell {
  readonly arm: string;
  readonly task: string;
  /** By seed, ascending. */
  readonly values: readonly SeedRecord[];
  /** Of the values that are there. */
  readonly mean: number | null;
  readonly interval: Interval | null;
  /** Null for the baseline. */
  readonly delta: Delta | null;
}

/** With `family: all`: does an arm help on every primary measure? */
export interface Claim {
  readonly arm: string;
  /** The largest p of its measures; 1 where one of them points the other way. */
  readonly p: number | null;
  /** Holm's, over the arms. */
  readonly adjustedP: number | null;
  readonly holds: boolean;
}

export interface Judgment {
  readonly level: number;
  /** Tests in the family: primary measures of confirmed arms. */
  readonly tests: number;
  readonly cells: readonly JudgedCell[];
  /** Empty with `family: any`. */
  readonly claims: readonly Claim[];
}
