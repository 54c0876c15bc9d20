/**
 * Where a training stands: all that changes from step to step and is no tensor. One plain value, so that a checkpoint
 * is this value and the tensors, and nothing else can be forgotten.
 */
import { freshPlateau, type PlateauState } from '../optimizers/schedules.ts';
import { initialSelection, type SelectionState } from './monitor.ts';
import type { ProblemCounts } from '../step/methods/solver-reports.ts';
import type { SumsState } from './totals.ts';
import type { Json } from '../../weighting/contract.ts';

export interface Progress {
  /** Updates done. */
  readonly step: number;
  /** The running epoch, from 1; epochs done + 1. */
  readonly epoch: number;
  /** Updates done in the running epoch. */
  readonly stepInEpoch: number;
  /** Sums of the running epoch; null at its start. */
  readonly sums: SumsState | null;
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

export function freshProgress(strategy: Json): Progress {
  return {
    step: 0,
    epoch: 1,
    stepInEpoch: 0,
    sums: null,
    strategy,
    watched: null,
    problems: {},
    selection: initialSelection,
    plateau: freshPlateau,
    stoppedEarly: false,
    seconds: 0,
    warned: [],
  };
}

/** Whether the end of this epoch is the time of something: after `every` epochs; or, in steps, at the end of the epoch in which a multiple of `every` was passed. */
export function isDue(
  { every, unit }: { every: number; unit: 'epoch' | 'step' },
  epoch: number,
  progress: Progress,
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
  if (!isFields(value)) return null;
  const { step, epoch, stepInEpoch, seconds, stoppedEarly, warned } = value;
  const strategy = value['strategy'] ?? null;
  const watched = value['watched'] ?? null;
  if (watched !== null && !isFields(watched)) return null;
  const sums = sumsOf(value['sums']);
  const selection = selectionOf(value['selection']);
  const plateau = plateauOf(value['plateau']);
  if (!isCount(step) || !isCount(epoch) || epoch < 1 || !isCount(stepInEpoch) || !isAmount(seconds)) return null;
  if (typeof stoppedEarly !== 'boolean' || !Array.isArray(warned) || !warned.every(isWarning)) return null;
  const problems = countsOf(value['problems']);
  if (sums === undefined || !selection || !plateau || !problems) return null;
  return {
    ...{ step, epoch, stepInEpoch, seconds, stoppedEarly, warned, sums, selection, plateau },
    strategy: strategy as Json,
    watched: watched as Json,
    problems,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isAmount = (value: unknown): value is number => typeof value === 'number' && value >= 0;

/** Number, or a word for one that JSON lacks. */
function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : null;
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

function countsOf(value: unknown): ProblemCounts | null {
  return isFields(value) && Object.values(value).every(isCount) ? (value as ProblemCounts) : null;
}

/** Undefined where it is wrong; null is right at the start of an epoch. */
function sumsOf(value: unknown): SumsState | null | undefined {
  if (value === null) return null;
  if (!isFields(value) || !Array.isArray(value['losses']) || !Array.isArray(value['metrics'])) return undefined;
  const losses = value['losses'].map((pair: unknown) => (Array.isArray(pair) ? pair.map(numberOf) : []));
  const whole = losses.every((pair): pair is [number, number] => pair.length === 2 && !pair.includes(null));
  return whole ? { losses, metrics: value['metrics'] as readonly Json[] } : undefined;
}

function selectionOf(value: unknown): SelectionState | null {
  if (!isFields(value)) return null;
  const { best, reference, waited } = value;
  const known = best === null || (isFields(best) && isCount(best['epoch']) && typeof best['value'] === 'number');
  if (!known || !isCount(waited) || (reference !== null && typeof reference !== 'number')) return null;
  return { best: best as SelectionState['best'], reference, waited };
}

function plateauOf(value: unknown): PlateauState | null {
  if (!isFields(value)) return null;
  const { bad, factor } = value;
  const best = value['best'] === null ? null : numberOf(value['best']);
  return isCount(bad) && isAmount(factor) ? { best, bad, factor } : null;
}
