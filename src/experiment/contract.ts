/**
 * The words of an experiment: arms are compared, stages follow one another, a run is one training of one variant of the spec
 * with the seeds of one replicate. Everything here is plain data: what is planned is found from the text, the data and the
 * engine alone, and from what earlier runs have come to; nothing of it depends on when or where.
 */
import type { Json } from '../common/checks.ts';
import type { Text } from '../common/text.ts';
import type {
  ArmSpec,
  ExperimentSpec,
  FactorSpec,
  ReplicatesSpec,
  Setting,
  Spec,
  SpecReading,
  StageSpec,
  TaskType,
} from '../spec/index.ts';

/** What a run depends on beside its spec: a run on another engine or other data is another run. */
export interface Surroundings {
  readonly engine: { readonly name: string; readonly version: string };
  /** SHA-256 of every file of the data, of the split and of the strategy's code, by its path relative to the root. */
  readonly files: ReadonlyMap<string, string>;
}

/** A spec that is trained, aside from its seeds. */
export interface Variant {
  /** Hash of the resolved long form without seeds, names and the section `experiment`. */
  readonly hash: string;
  /** The text that the settings are put into: the spec as written, or one derived from it. */
  readonly text: string;
  readonly settings: readonly Setting[];
  readonly spec: Spec;
  /** The task of a single-task baseline that this is; null where it trains all tasks of the spec. */
  readonly task: string | null;
}

/** Why a variant cannot be trained: what its settings make of the spec. */
export interface Refusal {
  /** Pointer into the spec's text: the arm, or what of it is wrong. */
  readonly pointer: string;
  readonly code: string;
  readonly message: Text;
}

/** What is run for one point of an arm: one variant, or one a task. */
export interface Candidate {
  /** What tells it from others of its arm; empty for an arm's only one. */
  readonly label: string;
  /** Names of factors to values, for those that were found by a design. */
  readonly point: ReadonlyMap<string, Json>;
  readonly variants: readonly Variant[];
}

/**
 * `compare`: counts in the comparison. `tune`: looks for the best setting of its own arm. `explore`: looks for arms. What
 * tunes and explores is judged on the validation split.
 */
export type Role = 'compare' | 'tune' | 'explore';

/** Seeds of one replicate, the same for every arm where they are paired. */
export interface Replicate {
  readonly seed: number;
  readonly settings: readonly Setting[];
}

export interface PlannedRun {
  /** Hash of variant, seeds, data and engine: 20 hexadecimal digits. */
  readonly id: string;
  readonly stage: string;
  readonly arm: string;
  readonly role: Role;
  /** `Candidate.label`. */
  readonly label: string;
  readonly point: ReadonlyMap<string, Json>;
  /** `Variant.task`. */
  readonly task: string | null;
  readonly seed: number;
  readonly variant: Variant;
  readonly replicate: Replicate;
}

/** A value by the name of a task, in the order of the spec. */
export type PerTask<T> = ReadonlyMap<string, T>;

/** Metric to value; null where it is not defined (R² of a constant). */
export type Metrics = PerTask<ReadonlyMap<string, number | null>>;

/** Why a run has no numbers: its parameters ended as no finite numbers, it failed otherwise, its process was killed again and again. */
export type Failure = 'nan' | 'crash' | 'killed' | 'data-changed';

/** What has become of a run. A run that goes on, or was never begun, has none. */
export interface Outcome {
  readonly state: 'done' | 'failed' | 'pruned';
  readonly failure: Failure | null;
  /** In words, where it failed or was pruned. */
  readonly reason: Text | null;
  /** Of the model that was kept. Empty where there is none. */
  readonly validation: Metrics;
  readonly test: Metrics;
  /** `validation/skill` and `validation/total` at the epoch that was kept. */
  readonly scores: ReadonlyMap<string, number | null>;
  readonly seconds: number;
  readonly epochs: number;
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number } | null;
}

/** What is measured of a task. */
export interface Measure {
  readonly task: string;
  readonly type: TaskType;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** Difference that matters, in the metric's unit; null where none was declared. */
  readonly margin: number | null;
}

/** Something that is to be known of an arm, or that is wrong with it. */
export interface ArmNote {
  readonly code: string;
  readonly message: Text;
}

/** An arm whose runs take as long as another run does: how long that is shows once both have been tried. */
export interface Pace {
  /** What is timed. */
  readonly reference: Candidate;
  /** The candidate with these numbers of epochs (or steps, where the spec counts them) by task. */
  readonly lasting: (candidate: Candidate, lengths: PerTask<number>) => Candidate;
}

export type Tune = NonNullable<ArmSpec['tune']>;

export interface Arm {
  readonly id: string;
  /** Pointer to the arm in the text; null for one that follows from a short form. */
  readonly pointer: string | null;
  /** What is run without tuning: one candidate, or the points of a frontier. */
  readonly candidates: readonly Candidate[];
  readonly tune: Tune | null;
  /** More than one candidate stands for points of one curve, each compared by itself unless one was chosen before. */
  readonly frontier: boolean;
  readonly notes: readonly ArmNote[];
  /** Null where the text says how long its runs are. */
  readonly pace: Pace | null;
  /** Candidates for the points of a tuning. */
  readonly at: (
    settings: readonly Setting[],
    label: string,
    point: Candidate['point'],
  ) => Candidate | readonly Refusal[];
}

export interface Stage {
  readonly id: string;
  readonly pointer: string | null;
  /** How settings of the factors are chosen; null for a stage that runs arms. */
  readonly method: NonNullable<StageSpec['method']> | null;
  readonly runs: number | null;
  readonly prune: StageSpec['prune'] | null;
  readonly take: NonNullable<StageSpec['take']> | null;
  readonly replicates: ReplicatesSpec | null;
  /** Its runs count in the comparison. */
  readonly compares: boolean;
}

export type MadeVariant = { readonly variant: Variant } | { readonly refusals: readonly Refusal[] };

/** A text read once, whatever is put into it. */
export interface Base {
  readonly text: string;
  readonly reading: SpecReading;
  /** The task of a single-task baseline. */
  readonly task: string | null;
  /** What is wrong with the text itself is told there, once, and not again for every arm. */
  readonly told: ReadonlySet<string>;
  /** By settings: a design is written out again whenever a run has ended, and most of it is what it was. */
  readonly made: Map<string, MadeVariant>;
}

/** The section, every short form and default written out. */
export interface Design {
  readonly spec: Spec;
  readonly text: string;
  /** The text, read. */
  readonly base: Base;
  readonly experiment: ExperimentSpec;
  readonly factors: readonly FactorSpec[];
  readonly arms: readonly Arm[];
  /** The arm that others are compared with. */
  readonly baseline: string;
  readonly stages: readonly Stage[];
  readonly measures: readonly Measure[];
  /** `validation/skill`, `validation/total` or `validation/<task>/<metric>`: what is best among candidates. */
  readonly selection: string;
  /** Hash of all that a verdict depends on beside the runs: measures, margins, hypotheses, analysis, failures, looks. */
  readonly analysisHash: string;
}

/** Runs whose settings depend on what others will have come to. */
export interface Pending {
  readonly stage: string;
  /** Null where the arms themselves are not known yet. */
  readonly arm: string | null;
  /** At most so many. */
  readonly runs: number;
}

/** An arm as it is compared, once that is known. */
export interface ComparedArm {
  readonly id: string;
  readonly stage: string;
  /** The arm or the stage it comes from: `static-frontier` for its points. */
  readonly of: string;
  readonly settings: readonly Setting[];
  readonly point: Candidate['point'];
  readonly tuned: boolean;
  /** Seeds in order. */
  readonly seeds: readonly number[];
  /** Its runs by seed, single-task baselines by task within; what two arms share stands with both. */
  readonly runs: readonly PlannedRun[];
  /** Confirmed with seeds of its own, or only explored. */
  readonly confirmed: boolean;
}

export interface Expansion {
  /** In the order in which they are started. No id stands there twice. */
  readonly runs: readonly PlannedRun[];
  readonly pending: readonly Pending[];
  readonly compared: readonly ComparedArm[];
  /** What could not go as planned, in words: an arm for which nothing could be chosen, settings that were merged. */
  readonly remarks: readonly Text[];
}
