/**
 * How settings of factors are chosen. Every method is pure: the same request (and history) gives the same settings on every
 * machine; chance comes from `keyed(seed, …)` alone.
 */
import type { Json } from '../../common/checks.ts';
import type { Text } from '../../common/text.ts';
import type { Spec } from '../../spec/index.ts';
import type { Fraction } from './fractions.ts';

type Experiment = NonNullable<Spec['experiment']>;
export type Factor = Experiment['factors'][number];
export type RangeFactor = Extract<Factor, { readonly range: unknown }>;
export type MethodName = NonNullable<Experiment['stages'][number]['method']>;

/** Names of factors to values. A factor whose `when` does not hold is absent. */
export type Setting = ReadonlyMap<string, Json>;

export interface DesignRequest {
  readonly factors: readonly Factor[];
  /** How many settings are wanted; null where the stage does not say. */
  readonly runs: number | null;
  readonly seed: number;
  /** The tasks of the spec, in source order: the corners of the simplex of weights. */
  readonly tasks: readonly string[];
}

/** The settings of a method that knows all of them at once. */
export interface Designed {
  /** In the order in which they are run; none is there twice. */
  readonly settings: readonly Setting[];
  /** How many settings were left out because one before them is the same. */
  readonly merged: number;
  /** Every name in the settings to the JSON Pointer where its value goes. */
  readonly paths: ReadonlyMap<string, string>;
  /** What a person should know: settings merged, factors that were not varied, what is confounded. */
  readonly notes: readonly Text[];
  /** Of a fractional design: its generators, resolution and aliases. */
  readonly fraction?: Fraction;
}

/** One setting that was asked for, and what has become of it. */
export interface Trial {
  readonly setting: Setting;
  /** Objectives, all to be minimized; null is no value. Empty while there are none. */
  readonly values: readonly (number | null)[];
  readonly state: 'done' | 'failed' | 'pruned' | 'running';
}

interface Common {
  readonly title: Text;
  /** What `runs` is to the method: it must be written, it may be, or the factors alone decide. */
  readonly runs: 'needed' | 'optional' | 'none';
  /** Whether a factor may be a range, or has to list its levels; `weights`: it varies the weights of the tasks and no factor. */
  readonly takes: 'ranges' | 'levels' | 'weights';
  /** What makes this method impossible for this request, beside what holds for all (`problemsOf`). */
  readonly problems: (request: DesignRequest) => readonly Text[];
}

/** A method whose settings are known before the first run. */
export interface PlannedDesign extends Common {
  readonly sequential: false;
  /** Only for a request without problems. */
  readonly settings: (request: DesignRequest) => Designed;
}

/**
 * A method that learns from results. `next` gives the setting of trial number `history.length`; the history holds all
 * trials in the order in which they were asked for, those that still run too, so that a driver that was killed goes on as
 * if it had not been.
 */
export interface SequentialDesign extends Common {
  readonly sequential: true;
  readonly next: (history: readonly Trial[], request: DesignRequest) => Setting;
}

export type Design = PlannedDesign | SequentialDesign;
