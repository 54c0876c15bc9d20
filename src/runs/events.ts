/**
 * The records of `events.ndjson`, version 1: one JSON object a line. Numbers are finite or the strings `"NaN"`,
 * `"Infinity"`, `"-Infinity"`; maps keyed by task names are written in source order.
 *
 * A writer is given Maps (`EventInput`), since only they keep the order of names such as `10` and `2`. A reader gives
 * plain objects (`EventRecord`), which cross a webview's border unchanged: look up own properties only, and take the
 * order of tasks from the `start` record's `tasks`.
 */

import type { ForkFacts } from './fork/record.ts';

/** A number as it stands in the file. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/** JSON object keyed by task name: own properties only, in an order that means nothing (see above). */
export type ByTask<T> = Readonly<Record<string, T>>;

export interface EngineRecord {
  readonly name: string;
  readonly device: string;
  /** In English. */
  readonly detail: string;
  /** The same in Chinese; missing in runs of earlier versions. */
  readonly zh?: string;
  readonly graph: boolean;
  readonly threads: number;
  readonly deterministic: boolean;
}

export interface TaskRecord {
  readonly name: string;
  readonly type: string;
  readonly loss: string;
  readonly metrics: readonly string[];
  readonly primary: string;
  readonly higherIsBetter: boolean;
}

export interface SplitCounts {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

export interface SampleCounts extends SplitCounts {
  readonly labelled: ByTask<SplitCounts>;
}

export interface ParameterRecord {
  readonly total: number;
  readonly shared: number;
  readonly byTask: ByTask<number>;
}

export interface ResumedFrom {
  readonly step: number;
  readonly epoch: number;
  /** `seq` of the `checkpoint` record; later records before this `start` are superseded. */
  readonly seq: number;
}

export type Losses = ByTask<JsonNumber | null>;
export type Metrics = ByTask<Readonly<Record<string, JsonNumber | null>>>;

export interface SplitResult {
  readonly losses: Losses;
  readonly metrics: Metrics;
}

export interface BestRecord {
  readonly epoch: number;
  readonly monitor: string;
  readonly value: JsonNumber;
}

/** Where the samples of a run are. */
export interface StorageRecord {
  /** Read from disk while the network trains. */
  readonly streamed: boolean;
  /** Bytes that the data may take in memory. */
  readonly memory: number;
  /** Bytes in temporary files. */
  readonly disk: number;
}

/** A change of what a run depends on that somebody accepted: a file, or what the engine was and is. */
export interface AcceptedRecord {
  readonly attempt: number;
  readonly step: number;
  readonly kind: 'file' | 'engine' | 'engine-version' | 'device' | 'threads';
  readonly path?: string;
  readonly change?: 'changed' | 'grew' | 'missing' | 'added';
  readonly before: string | number | { readonly bytes?: number; readonly sha256: string } | null;
  readonly after: string | number | { readonly bytes?: number; readonly sha256: string } | null;
}

/** What the rows told of sizes, so that the spec's picture need not read them again. */
export interface SizesRecord {
  /** SHA-256 of everything in the spec that the sizes follow from (`sizesKey`). */
  readonly key: string;
  readonly inputs: ByTask<readonly number[]>;
  readonly vocabularies: ByTask<number>;
  readonly classes: ByTask<number>;
}

export interface StartEvent {
  readonly kind: 'start';
  readonly attempt: number;
  readonly engine: EngineRecord;
  readonly tasks: readonly TaskRecord[];
  readonly parameters: ParameterRecord;
  readonly samples: SampleCounts;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly strategy: string;
  readonly seed: number;
  readonly storage?: StorageRecord;
  /** Missing in runs of earlier versions. */
  readonly sizes?: SizesRecord;
  /** What this start went on with although it had changed. */
  readonly acceptedChanges?: readonly AcceptedRecord[];
  /** The run whose checkpoint this one began with; in every `start` of a run that was forked. */
  readonly fork?: ForkFacts;
  readonly resumedFrom?: ResumedFrom;
}

export interface ProgressEvent {
  readonly kind: 'progress';
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

export interface StepEvent {
  readonly kind: 'step';
  readonly step: number;
  /** How many steps are averaged here. */
  readonly steps: number;
  readonly epoch: number;
  readonly losses: Losses;
  readonly weights: ByTask<JsonNumber> | null;
  /** Sum of spec weight x loss over the tasks of a weight above 0 that have a loss; null without one. */
  readonly total: JsonNumber | null;
  /** Null where no task had a label: nothing was minimized. */
  readonly objective: JsonNumber | null;
  readonly penalty: JsonNumber | null;
  readonly learningRate: JsonNumber;
  readonly stepsPerSecond: number;
  /** Resident memory of the training process; measured once a second at most. */
  readonly residentBytes?: number;
}

export interface GradientsEvent {
  readonly kind: 'gradients';
  readonly step: number;
  readonly tasks: readonly string[];
  readonly norms: readonly JsonNumber[];
  readonly cosines: readonly (readonly (JsonNumber | null)[])[];
  readonly observed?: Readonly<Record<string, readonly JsonNumber[]>>;
  /** By block, where several hold shared parameters; lists are over `tasks`. */
  readonly blocks?: Readonly<Record<string, BlockGradients>>;
}

export interface BlockGradients {
  /** Norms over the block's shared parameters; null where the task does not reach it. */
  readonly norms: readonly (JsonNumber | null)[];
  /** Mean cosine with the other tasks that reach it; null without one. */
  readonly agreement: readonly (JsonNumber | null)[];
}

export interface EpochEvent {
  readonly kind: 'epoch';
  readonly epoch: number;
  readonly train: SplitResult;
  /** `total` and `skill` are null where no task that counts has a loss there. */
  readonly validation: (SplitResult & { readonly total: JsonNumber | null; readonly skill: JsonNumber | null }) | null;
  readonly seconds: number;
}

export interface BestEvent extends BestRecord {
  readonly kind: 'best';
}

export interface CheckpointEvent {
  readonly kind: 'checkpoint';
  readonly step: number;
  /** Relative to the run directory, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

export interface StateEvent {
  readonly kind: 'state';
  readonly state: 'paused' | 'resumed' | 'stopping';
  readonly by: string;
}

export interface WarningEvent {
  readonly kind: 'warning';
  readonly code: string;
  /** In English. */
  readonly message: string;
  /** The same in Chinese; missing in runs of earlier versions. */
  readonly zh?: string;
  readonly task?: string;
  /** Worth knowing, and no reason to worry. */
  readonly severity?: 'information';
}

/** Lookahead affinity over all steps measured so far: what a step for task i (row) alone does to the loss of task j. */
export interface AffinityEvent {
  readonly kind: 'affinity';
  readonly step: number;
  readonly tasks: readonly string[];
  /** Null where the two never had labels in one batch. */
  readonly mean: readonly (readonly (JsonNumber | null)[])[];
  readonly sd: readonly (readonly (JsonNumber | null)[])[];
  readonly n: readonly (readonly number[])[];
  /** Mean cosines of the two tasks' gradients over the shared parameters, on the same steps. */
  readonly cosines?: readonly (readonly (JsonNumber | null)[])[];
}

/** Why a run failed. */
export interface ErrorRecord {
  readonly code: string;
  /** In English. */
  readonly message: string;
  /** The same in Chinese; missing in runs of earlier versions. */
  readonly zh?: string;
}

export interface EndEvent {
  readonly kind: 'end';
  readonly status: 'completed' | 'early-stopped' | 'stopped' | 'failed';
  readonly error?: ErrorRecord;
  readonly seconds: number;
  readonly best?: BestRecord;
  readonly test?: SplitResult;
}

/** A record without what the writer adds (`v`, `seq` and `t`). */
export type EventBody =
  | StartEvent
  | ProgressEvent
  | StepEvent
  | GradientsEvent
  | EpochEvent
  | BestEvent
  | CheckpointEvent
  | StateEvent
  | WarningEvent
  | AffinityEvent
  | EndEvent;

export interface EventHeader {
  readonly v: 1;
  /** No gaps, also across resume. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly t: number;
}

export type EventRecord = EventHeader & EventBody;

/** The same value with a Map wherever an object is keyed by names. */
export type WithMaps<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? string extends keyof T
      ? ReadonlyMap<string, WithMaps<T[keyof T]>>
      : { readonly [K in keyof T]: WithMaps<T[K]> }
    : T;

/** What the writer takes; non-finite numbers may be plain numbers. */
export type EventInput = WithMaps<EventBody>;
