/**
 * A comparison: everything that was found out about the arms of an experiment, or about some runs. Plain data without a
 * function or a Map, so that it crosses every border unchanged. The editor's view, the report and all formats are readings of
 * it; none of them computes anything.
 */
import type { RunState } from '../../common/run-state.ts';
import type { Text } from '../../common/text.ts';
import type { Failure, Measure } from '../contract.ts';
import type { Interval } from '../statistics/contract.ts';

/**
 * What is said of an arm beside the baseline, on one task. `undecided` has a reason; `not-confirmed` is what was only explored.
 */
export type Verdict = 'helps' | 'hurts' | 'equivalent' | 'non-inferior' | 'undecided' | 'not-confirmed';

/**
 * What there is of an arm, a task and a seed: a value; a metric without one (R² of a constant); a run that failed; one that
 * was cut short while exploring; one that has not ended.
 */
export type CellState = 'value' | 'undefined' | 'failed' | 'pruned' | 'missing';

export interface Cell {
  readonly state: CellState;
  /** Null unless the state is `value`. */
  readonly value: number | null;
}

export type SplitName = 'test' | 'validation';

/**
 * An arm's differences to the baseline on one task, paired by seed. Where nothing is paired (`Comparison.paired`), the difference of
 * their means: `n` is then the smaller number of values, `differences` is empty, and runs are counted instead of pairs.
 */
export interface Delta {
  /** Pairs with both values, of those that the newest look sees. */
  readonly n: number;
  /** Seeds that only one of the two has. */
  readonly unpaired: number;
  /** Pairs in which a run failed, a metric is undefined, a run has not ended. */
  readonly failed: number;
  readonly undefined: number;
  readonly missing: number;
  /** Arm − baseline, one a pair. */
  readonly differences: readonly number[];
  readonly mean: number | null;
  /** At the level that was asked for, with the variance for overlapping training sets. */
  readonly interval: Interval | null;
  /** The same for the whole family at once: 1 − level shared among its tests. */
  readonly familyInterval: Interval | null;
  /** Of the paired t test (Welch's where nothing is paired), nothing adjusted. */
  readonly p: number | null;
  /**
   * With the variance for overlapping training sets; equal to `p` where splits do not vary. Where runs failed, that of the test by
   * ranks, raised for the overlap; equal to `rankP` where splits do not vary.
   */
  readonly correctedP: number | null;
  /** `correctedP` after spending (looks) and Holm. What the verdict goes by. */
  readonly adjustedP: number | null;
  /** Of the sign-flip test on the mean difference, beside it. */
  readonly signFlipP: number | null;
  /** Of the signed-rank test (rank-sum where nothing is paired) with failed runs as the worst; only where a run failed. */
  readonly rankP: number | null;
  /** The t test without any correction and the sign-flip test, which has none either, fall on different sides of 1 − level. */
  readonly disagreement: boolean;
  readonly verdict: Verdict;
  /** Why it is undecided, or what stands beside the verdict. */
  readonly reason: Text | null;
  /** Null without a margin. */
  readonly equivalence: {
    readonly p: number | null;
    readonly interval: Interval | null;
    readonly equivalent: boolean;
  } | null;
  readonly nonInferiority: {
    readonly p: number | null;
    readonly bound: number | null;
    readonly nonInferior: boolean;
  } | null;
  /** Seeds beyond those there are that would see the margin with the wanted power; null where that cannot be said. */
  readonly moreSeeds: number | null;
}

export interface ArmMeasure {
  readonly task: string;
  readonly metric: string;
  /** In the order of the arm's seeds. */
  readonly cells: readonly Cell[];
  /** Values that there are. */
  readonly n: number;
  readonly failed: number;
  readonly undefined: number;
  readonly missing: number;
  readonly mean: number | null;
  readonly sd: number | null;
  /** Student's t over the values, with the variance for overlapping training sets; none where a failed run is the worst. */
  readonly interval: Interval | null;
  /** Null for the baseline, and for a task that the arm or the baseline lacks. */
  readonly delta: Delta | null;
  /** Why there is no mean, interval or difference. */
  readonly reason: Text | null;
}

export interface ArmDeltaM {
  readonly values: readonly (number | null)[];
  readonly mean: number | null;
  readonly interval: Interval | null;
  /** Tasks counted in points of skill, not in shares of the baseline. */
  readonly skillPoints: readonly string[];
  /** Why there is none, or what is missing of it. */
  readonly reason: Text | null;
}

/** What an arm cost, over its runs that ended. */
export interface Costs {
  /** Mean of a replicate: all its runs together. */
  readonly seconds: number | null;
  readonly secondsPerEpoch: number | null;
}

export interface ComparisonArm {
  readonly id: string;
  /** The arm or stage that it comes from; for runs, the same as `id`. */
  readonly of: string;
  readonly stage: string | null;
  readonly confirmed: boolean;
  readonly tuned: boolean;
  /** One run a task. */
  readonly singleTask: boolean;
  readonly split: SplitName;
  /** Factor to level, where a design chose them. */
  readonly point: readonly { readonly factor: string; readonly level: string }[];
  readonly seeds: readonly number[];
  /** Replicates, and those of them in which a run failed or has not ended. */
  readonly n: number;
  readonly failed: number;
  readonly missing: number;
  /** Tasks in the order of `Comparison.measures`; without those that the arm does not have. */
  readonly measures: readonly ArmMeasure[];
  /** Null without single-task baselines, and for them. */
  readonly deltaM: ArmDeltaM | null;
  /** 1 is best; over tasks and seeds that all arms have. */
  readonly meanRank: number | null;
  readonly costs: Costs;
  /** Of a replicate's runs together; null where no run tells. */
  readonly parameters: number | null;
  readonly runs: readonly { readonly id: string; readonly seed: number; readonly task: string | null }[];
}

export interface Correlations {
  readonly tasks: readonly string[];
  /** Pearson's r between tasks over an arm's seeds, values turned so that higher is better. Null without spread or below 3 seeds. */
  readonly arms: readonly {
    readonly id: string;
    readonly n: number;
    readonly r: readonly (readonly (number | null)[])[];
  }[];
  /** The same within arms, over all of them together (each arm's mean taken out). */
  readonly pooled: { readonly n: number; readonly r: readonly (readonly (number | null)[])[] };
}

export interface ParetoView {
  /** Arms that no other one beats by its means, all tasks together. */
  readonly front: readonly string[];
  readonly points: readonly {
    readonly id: string;
    /** In the order of the measures; arms without a mean for each are not here. */
    readonly means: readonly number[];
    readonly intervals: readonly (Interval | null)[];
    /** Arms whose means are no worse anywhere and better somewhere. */
    readonly behind: readonly string[];
    /** Those of them for which this is decided: better on a task, and better or no worse by the margin on every other one. */
    readonly dominatedBy: readonly string[];
  }[];
  /** Every two tasks with the front by these two alone. */
  readonly pairs: readonly { readonly x: string; readonly y: string; readonly front: readonly string[] }[];
  /** Arms that could not be placed. */
  readonly leftOut: readonly string[];
}

export interface FactorView {
  readonly task: string;
  readonly split: SplitName;
  readonly runs: number;
  readonly effects: readonly {
    readonly factors: readonly string[];
    readonly df: number;
    readonly etaSquared: number | null;
    readonly partialEtaSquared: number | null;
  }[];
  readonly levels: readonly {
    readonly factor: string;
    readonly level: string;
    readonly runs: number;
    readonly mean: number;
  }[];
  /** Of every two factors, where few enough are shown: the first one named before the second. */
  readonly interactions: readonly Interaction[];
  readonly remark: Text | null;
}

/** Means of the runs by the levels of two factors. */
export interface Interaction {
  readonly factors: readonly [string, string];
  /** Every level of the first with every one of the second, those without runs too. */
  readonly cells: readonly {
    readonly levels: readonly [string, string];
    readonly runs: number;
    /** Null without runs. */
    readonly mean: number | null;
    /** Student's t over the runs at the comparison's level, with the variance for overlapping training sets; null below two runs, and where all are equal. */
    readonly interval: Interval | null;
  }[];
}

/** A part of the spread between runs. */
export interface VariancePart {
  readonly source: 'split' | 'armBySplit' | 'seed' | 'armBySplitAndSeed';
  readonly name: Text;
  /** In the metric's unit, squared; not below 0. */
  readonly variance: number;
  /** As the moments give it; below 0 where it is too small to be seen. */
  readonly raw: number;
  /** Of all parts together; null where there is no spread. */
  readonly share: number | null;
}

/** Where the spread of a task's metric between runs comes from, as far as the design tells. */
export interface VarianceView {
  readonly task: string;
  readonly metric: string;
  readonly arms: number;
  readonly splits: number;
  /** Of each split, in each arm. */
  readonly seeds: number;
  /** Runs that are left out, since not every arm has a value there. */
  readonly dropped: number;
  readonly parts: readonly VariancePart[];
  /** What cannot be told apart, and why. */
  readonly reason: Text | null;
}

export interface Difference {
  /** JSON Pointer into the resolved long form. */
  readonly pointer: string;
  /** As JSON; null where an arm lacks it. In the order of `Differences.arms`. */
  readonly values: readonly (string | null)[];
}

export interface Differences {
  readonly arms: readonly string[];
  readonly differences: readonly Difference[];
}

export interface HypothesisResult {
  readonly id: string;
  readonly claim: 'superior' | 'non-inferior' | 'equivalent';
  readonly measure: string;
  readonly metric: string;
  readonly arms: readonly [string, string];
  readonly result: 'supported' | 'refuted' | 'undecided';
  readonly reason: Text;
  readonly n: number;
  readonly mean: number | null;
  readonly interval: Interval | null;
  readonly p: number | null;
  readonly adjustedP: number | null;
  /** Which tests `adjustedP` counts: all arms beside the baseline, the other hypotheses, or none. */
  readonly family: 'baseline' | 'hypotheses' | 'none';
  readonly bound: number | null;
  readonly margin: number | null;
}

/** With `family: "all"`: is an arm better on every task at once (intersection–union)? */
export interface ArmClaim {
  readonly arm: string;
  /** The largest p of its tasks, 1 where one points the other way; null where a task cannot be tested. */
  readonly p: number | null;
  /** Holm's, over the arms of which it is asked. */
  readonly adjustedP: number | null;
  readonly holds: boolean;
  readonly reason: Text;
}

export interface FailureNote {
  readonly arm: string;
  readonly seed: number;
  readonly task: string | null;
  readonly failure: Failure | 'pruned';
  readonly reason: Text | null;
}

export interface LooksReport {
  /** Different results at which the test split has been looked at so far. */
  readonly count: number;
  /** Looks that were declared before the runs, the last one among them. */
  readonly declared: number;
  /** Why they could not be counted. */
  readonly problem: Text | null;
}

export interface Comparison {
  readonly v: 1;
  readonly kind: 'experiment' | 'runs';
  readonly name: string;
  readonly question: string | null;
  readonly level: number;
  readonly family: 'any' | 'all';
  /** Tests that `adjustedP` counts. */
  readonly tests: number;
  /** Differences are of pairs of the same seed; else of arms with seeds of their own. */
  readonly paired: boolean;
  /** Empty with `family: "any"`. */
  readonly claims: readonly ArmClaim[];
  /** n_test/n_train where splits vary; 0 where they do not. */
  readonly overlap: number;
  readonly baseline: string;
  readonly measures: readonly Measure[];
  readonly arms: readonly ComparisonArm[];
  readonly correlation: Correlations | null;
  readonly pareto: ParetoView | null;
  readonly factors: readonly FactorView[];
  readonly differences: Differences;
  readonly variance: readonly VarianceView[];
  /** Why no interval covers another test set, where one would be wanted. */
  readonly crossed: Text | null;
  readonly hypotheses: readonly HypothesisResult[];
  readonly failures: readonly FailureNote[];
  readonly looks: LooksReport | null;
  /** Where what was done differs from what was planned. */
  readonly deviations: readonly Text[];
  /** What a reader must know beside: other data, dropped seeds, what is not known yet. */
  readonly remarks: readonly Text[];
  readonly provenance: Provenance;
  /** Null for an experiment: its arms are compared, not single runs. */
  readonly beside: RunsBeside | null;
}

/** What a run has of a metric on a split. `absent`: the run does not have the task. */
export interface BesideValue {
  readonly state: CellState | 'absent';
  /** Null unless the state is `value`. */
  readonly value: number | null;
  /** The finished epoch that had it; null where it is that of the kept model. */
  readonly epoch: number | null;
}

/** A metric of a task on a split, run by run. */
export interface BesideRow {
  readonly task: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** `test`: of the kept model. `validation`: the best that any finished epoch had. */
  readonly split: SplitName;
  /** In the order of `RunsBeside.runs`. */
  readonly values: readonly BesideValue[];
}

/** A run by itself. */
export interface BesideRun {
  readonly id: string;
  /** Its name; where several have the same, with the end of the id. */
  readonly label: string;
  readonly created: number;
  readonly state: RunState;
  /** A person has pinned it as reference. */
  readonly pinned: boolean;
  readonly seed: number;
  readonly engine: string | null;
  readonly strategy: string;
  /** The run and step that it was forked from. */
  readonly fork: { readonly run: string; readonly step: number } | null;
}

/** Single runs side by side, as they were picked: nothing is grouped, nothing is judged. */
export interface RunsBeside {
  /** Id of the run that others are compared with: the pinned one, else the first. */
  readonly reference: string;
  readonly runs: readonly BesideRun[];
  readonly rows: readonly BesideRow[];
  /** Places of the long form where specs differ, seeds and names too; values in the order of `runs`. */
  readonly differences: readonly Difference[];
  /** Why a difference of the numbers is not that of the specs' alone: data, splits, seeds, engines, runs that have not ended. */
  readonly caveats: readonly Text[];
}

/** Where the numbers come from. */
export interface Provenance {
  readonly engines: readonly string[];
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly plan: string | null;
  readonly versions: readonly string[];
  /** What differs between seeds: split, init, order, dropout. */
  readonly varies: readonly string[];
  readonly held: readonly string[];
}
