/** Δm: how much better a model is than its single-task baselines, over all tasks. */
import type { Interval, MeanTest } from './contract.ts';
import { momentsOf } from './moments.ts';
import { pairedT } from './paired-t.ts';

/** `ratio`: a metric with a true zero, above it. `skill`: R², kappa, AUC, C-index, with what chance alone gives. */
export type Scale = 'ratio' | { readonly chance: number };

/** By task; in the order of the seeds, null where a metric is undefined. */
export type SeedValues = Readonly<Record<string, readonly (number | null)[]>>;

export interface DeltaMInput {
  readonly arm: SeedValues;
  /** Single-task runs; their number of seeds may be another one. */
  readonly baseline: SeedValues;
  readonly higherIsBetter: Readonly<Record<string, boolean>>;
  /** `ratio` for a task that is not named. */
  readonly scales?: Readonly<Record<string, Scale>>;
  readonly level?: number;
}

/** Why there is no Δm, of which task. */
export interface Refusal {
  readonly task: string;
  /**
   * The baseline has no value; one alone, so that nobody knows how far it is from 0; a mean that is not above 0; or a t interval
   * that contains 0: a share of something that may be nothing.
   */
  readonly reason: 'no-baseline' | 'one-baseline' | 'baseline-not-positive' | 'baseline-near-zero';
}

export interface DeltaM {
  /** One a seed of the arm; null where a metric of that seed is undefined. All null when refused. */
  readonly values: readonly (number | null)[];
  /** Of the values that are there, each a run's mean over its tasks. */
  readonly mean: number | null;
  readonly interval: Interval | null;
  readonly test: MeanTest;
  /** Seeds of the arm, and runs of the baseline's tasks, with an undefined metric. More than none blocks a verdict. */
  readonly undefinedSeeds: number;
  readonly undefinedBaselines: number;
  /** Tasks counted in skill points, not in shares of the baseline. */
  readonly skillPoints: readonly string[];
  readonly refused: Refusal | null;
}

/** A task of an arm, for the arithmetic alone. */
export interface ImprovedTask {
  readonly values: readonly (number | null)[];
  /** B̄, the mean of the single-task runs. */
  readonly baseline: number;
  /** 1 where higher is better, −1 where lower is. */
  readonly sign: number;
  readonly scale: Scale;
}

const defined = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null && Number.isFinite(value));

/** The signed improvement of one value: (M − B)/B, or (M − B)/(1 − chance). */
function improvement({ baseline, sign, scale }: ImprovedTask, value: number): number {
  return (sign * (value - baseline)) / (scale === 'ratio' ? baseline : 1 - scale.chance);
}

/**
 * The arithmetic of Δm without its rules: a value a seed, the mean over tasks of the signed improvement; null where a metric of that
 * seed is undefined.
 */
export function improvements(tasks: readonly ImprovedTask[], seeds: number): (number | null)[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const own = defined(tasks.map(({ values }) => values[seed] ?? null));
    if (own.length < tasks.length) return null;
    return tasks.reduce((total, task, index) => total + improvement(task, own[index] ?? NaN), 0) / tasks.length;
  });
}

function refusal(task: string, baseline: readonly number[], scale: Scale, level: number): Refusal | null {
  const { mean } = momentsOf(baseline);
  if (mean === null) return { task, reason: 'no-baseline' };
  if (scale !== 'ratio') return null;
  if (mean <= 0) return { task, reason: 'baseline-not-positive' };
  if (baseline.length === 1) return { task, reason: 'one-baseline' };
  const { interval } = pairedT(baseline, level);
  // Without spread the baseline is its mean.
  return interval !== null && interval[0] <= 0 ? { task, reason: 'baseline-near-zero' } : null;
}

function seedsOf(arm: SeedValues): number {
  const lengths = new Set(Object.values(arm).map((values) => values.length));
  if (lengths.size > 1) {
    throw new RangeError(
      `Tasks of an arm have ${[...lengths].join(', ')} seeds: give each task a value a seed, or null.`,
    );
  }
  return [...lengths][0] ?? 0;
}

/**
 * Δm of each seed: the mean over tasks of (−1)^{lower is better} (M − B̄)/B̄, B̄ the *mean* of the single-task runs (Maninis et al.
 * 2019; Vandenhende et al. 2021), positive = better. R², kappa, AUC and C-index have no true zero to take shares of: they count
 * (M − B̄)/(1 − chance), skill points. The interval is Student's t over the seeds' values, a mean within a run first.
 *
 * The interval speaks of the arm's seeds, with the baseline's mean as it was measured.
 *
 * Refused – no values – where the baseline of a ratio-scale task has a t interval that contains 0, a mean that is not above 0, or a
 * single run; or where any baseline has none. A seed with an undefined metric has no Δm and is counted.
 *
 * @throws RangeError where tasks of the arm have different numbers of seeds, a task lacks its baseline or its direction, there is
 *   no task, or a chance is not below 1
 */
export function deltaM({ arm, baseline, higherIsBetter, scales = {}, level = 0.95 }: DeltaMInput): DeltaM {
  const names = Object.keys(arm);
  if (names.length === 0) throw new RangeError('Δm needs a task.');
  const seeds = seedsOf(arm);
  const scaleOf = (name: string): Scale => scales[name] ?? 'ratio';
  const read = names.map((name) => {
    const [runs, higher, scale] = [baseline[name], higherIsBetter[name], scaleOf(name)];
    if (runs === undefined) throw new RangeError(`The task "${name}" has no single-task baseline: add its runs.`);
    if (higher === undefined) throw new RangeError(`Is higher better in "${name}"? Say so.`);
    if (scale !== 'ratio' && !(scale.chance < 1)) {
      throw new RangeError(`The chance level of "${name}" is ${scale.chance}: it lies below 1.`);
    }
    const known = defined(runs);
    const task: ImprovedTask = {
      values: arm[name] ?? [],
      baseline: momentsOf(known).mean ?? NaN,
      sign: higher ? 1 : -1,
      scale,
    };
    return { task, refused: refusal(name, known, scale, level), undefinedRuns: runs.length - known.length };
  });
  const tasks = read.map(({ task }) => task);
  const refused = read.find((one) => one.refused !== null)?.refused ?? null;
  const values = refused === null ? improvements(tasks, seeds) : Array.from({ length: seeds }, () => null);
  const test = pairedT(defined(values), level);
  return {
    values,
    mean: test.mean,
    interval: test.interval,
    test,
    undefinedSeeds: refused === null ? values.filter((value) => value === null).length : 0,
    undefinedBaselines: read.reduce((total, { undefinedRuns }) => total + undefinedRuns, 0),
    skillPoints: names.filter((name) => scaleOf(name) !== 'ratio'),
    refused,
  };
}
