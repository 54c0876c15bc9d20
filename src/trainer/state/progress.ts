/**
 * Where a run stands: all that changes from step to step and is no tensor. One plain value, so that a checkpoint
 * is this value and the tensors, and nothing else can be forgotten.
 */
import {
  amount,
  count,
  flag,
  json,
  list,
  named,
  number,
  numberOrWord,
  object,
  optional,
  orNull,
  pair,
  passes,
  satisfying,
  type Json,
} from '../../common/checks.ts';
import { text as both } from '../../common/text.ts';
import { freshPlateau, type PlateauState } from '../optimizers/schedules.ts';
import { initialSelection, type SelectionState } from './monitor.ts';
import type { ProblemCounts } from '../step/methods/solver-reports.ts';
import type { TotalsState } from './totals.ts';

export interface Progress {
  /** Updates done. */
  readonly step: number;
  /** The running epoch, from 1; epochs done + 1. */
  readonly epoch: number;
  /** Updates done in the running epoch. */
  readonly stepInEpoch: number;
  /** Sums of the running epoch; null at its start. */
  readonly sums: TotalsState | null;
  /** State of the strategy; its vectors are among the checkpoint's tensors. */
  readonly strategy: Json;
  /** Of what is looked at beside the training: observed strategies, task affinity. */
  readonly watched: Json;
  /** How often a solver had each kind of problem. */
  readonly problems: ProblemCounts;
  readonly selection: SelectionState;
  readonly plateau: PlateauState;
  /** Early stopping has ended the training: a resume must not go on. */
  readonly stoppedEarly: boolean;
  /** Seconds of training before this attempt. */
  readonly seconds: number;
  /** Warnings already told: code, task, what about and message, as JSON. */
  readonly warned: readonly string[];
}

/** What the loop carries on itself; the rest is kept by those whose state it is, until a checkpoint asks for it. */
export type Running = Omit<Progress, 'sums' | 'watched' | 'seconds' | 'warned'>;

export function freshProgress(strategy: Json): Running {
  return {
    step: 0,
    epoch: 1,
    stepInEpoch: 0,
    strategy,
    problems: {},
    selection: initialSelection,
    plateau: freshPlateau,
    stoppedEarly: false,
  };
}

/** Whether the end of this epoch is the time of something: after `every` epochs; or, in steps, at the end of the epoch in which a multiple of `every` was passed. */
export function isDue(
  { every, unit }: { every: number; unit: 'epoch' | 'step' },
  epoch: number,
  progress: Pick<Progress, 'step' | 'stepInEpoch'>,
): boolean {
  if (unit === 'epoch') return epoch % every === 0;
  return Math.floor(progress.step / every) > Math.floor((progress.step - progress.stepInEpoch) / every);
}

/** The progress as JSON text can hold it: JSON has no NaN and no infinity, but sums that met them must stay as they are. */
export function progressJson(progress: Progress): Json {
  return JSON.parse(
    JSON.stringify(progress, (_, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    ),
  ) as Json;
}

/** A progress out of parsed JSON, or null where it is none: run directories come from strangers. */
export function readProgress(value: unknown): Progress | null {
  if (!passes(stored, value)) return null;
  const { strategy = null, watched = null, sums, plateau, ...rest } = value;
  return {
    ...rest,
    ...{ strategy, watched },
    sums: sums && { ...sums, losses: sums.losses.map(([sum, weight]) => [Number(sum), Number(weight)] as const) },
    plateau: { ...plateau, best: plateau.best === null ? null : Number(plateau.best) },
  };
}

/** As `warningKey` makes them: JSON of [code, task or null, what about, message]. */
function isWarning(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    const parsed: unknown = JSON.parse(value);
    if (!Array.isArray(parsed) || parsed.length < 4 || parsed.length > 6) return false;
    const [code, task, ...words] = parsed as readonly unknown[];
    const known = typeof code === 'string' && (task === null || typeof task === 'string');
    return known && words.every((word) => typeof word === 'string');
  } catch {
    return false;
  }
}

const stored = object({
  step: count,
  epoch: satisfying(both('an epoch', '轮次'), (value): value is number => passes(count, value) && value >= 1),
  stepInEpoch: count,
  sums: orNull(object({ losses: list(pair(numberOrWord, numberOrWord)), metrics: list(json) })),
  strategy: optional(json),
  watched: optional(orNull(named(json))),
  problems: named(count),
  selection: object({
    best: orNull(object({ epoch: count, value: number })),
    reference: orNull(number),
    waited: count,
  }),
  plateau: object({ best: orNull(numberOrWord), bad: count, factor: amount }),
  stoppedEarly: flag,
  seconds: amount,
  warned: list(satisfying(both('a warning', '警告'), isWarning)),
});
