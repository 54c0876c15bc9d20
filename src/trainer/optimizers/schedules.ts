/**
 * Learning rate schedules: factors on `training.learningRate`. Pure functions of the place in the training; one row each.
 * Only `plateau` looks at results; what it remembers is a plain value that goes into the checkpoint.
 */
import type { ScheduleName, ScheduleSpec } from '../../spec/index.ts';

export interface SchedulePlace {
  /** Updates done before this one, from 0. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
}

/** What `plateau` remembers. */
export interface PlateauState {
  readonly best: number | null;
  /** Evaluations without progress since the last progress or drop. */
  readonly bad: number;
  readonly factor: number;
}

export const freshPlateau: PlateauState = { best: null, bad: 0, factor: 1 };

type Of<Name extends ScheduleName> = Extract<ScheduleSpec, { readonly name: Name }>;
type Factors = {
  readonly [Name in ScheduleName]: (schedule: Of<Name>, place: SchedulePlace, plateau: PlateauState) => number;
};

const factors: Factors = {
  constant: () => 1,
  // torch StepLR, ExponentialLR: by whole epochs.
  step: ({ every, factor }, place) => factor ** Math.floor(epochsDone(place) / every),
  exponential: ({ factor }, place) => factor ** epochsDone(place),
  // torch CosineAnnealingLR(T_max = totalSteps), PolynomialLR(total_iters = totalSteps).
  cosine: ({ minimum }, place) => cosineDown(1, minimum, share(place)),
  polynomial: ({ power, minimum }, place) => minimum + (1 - minimum) * (1 - share(place)) ** power,
  'warmup-cosine': ({ warmup, minimum }, place) => {
    const p = share(place);
    if (p < warmup) return p / warmup;
    return cosineDown(1, minimum, warmup < 1 ? (p - warmup) / (1 - warmup) : 0);
  },
  'one-cycle': oneCycle,
  plateau: (_schedule, _place, { factor }) => factor,
};

/** Factor on the learning rate for the update at this place. Beyond the last step it stays where it ended. */
export function scheduleFactor(
  schedule: ScheduleSpec,
  place: SchedulePlace,
  plateau: PlateauState = freshPlateau,
): number {
  // The table's keys are the union's tags, so the function always fits; TypeScript cannot follow that through an index.
  const factor = factors[schedule.name] as (
    schedule: ScheduleSpec,
    place: SchedulePlace,
    plateau: PlateauState,
  ) => number;
  return factor(schedule, place, plateau);
}

/**
 * One evaluation seen by `plateau` (torch ReduceLROnPlateau, threshold_mode "abs"): after more than `patience`
 * evaluations in a row that are not better than the best by `minDelta`, the factor drops. An evaluation without a value
 * is passed over; one that is no number is not better.
 */
export function observePlateau(
  schedule: Of<'plateau'>,
  state: PlateauState,
  value: number | null,
  higherIsBetter: boolean,
): PlateauState {
  if (value === null) return state;
  if (Number.isNaN(value)) return afterBad(schedule, state);
  const gain = state.best === null ? Infinity : higherIsBetter ? value - state.best : state.best - value;
  if (gain > schedule.minDelta) return { ...state, best: value, bad: 0 };
  return afterBad(schedule, state);
}

function afterBad({ patience, factor, minimum }: Of<'plateau'>, state: PlateauState): PlateauState {
  if (state.bad + 1 <= patience) return { ...state, bad: state.bad + 1 };
  return { ...state, bad: 0, factor: Math.max(state.factor * factor, minimum) };
}

function epochsDone({ step, stepsPerEpoch }: SchedulePlace): number {
  return Math.floor(step / Math.max(1, stepsPerEpoch));
}

/** Share of the updates that are done, 0 … 1. */
function share({ step, totalSteps }: SchedulePlace): number {
  return Math.min(1, step / Math.max(1, totalSteps));
}

/** Half a cosine from `start` (p = 0) to `end` (p = 1). */
function cosineDown(start: number, end: number, p: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * p))) / 2;
}

/** torch OneCycleLR: the first phase ends at update warmup·N − 1, the second at N − 1. */
function oneCycle({ warmup, startDivisor, endDivisor }: Of<'one-cycle'>, { step, totalSteps }: SchedulePlace): number {
  const start = 1 / startDivisor;
  const end = start / endDivisor;
  const top = warmup * totalSteps - 1;
  const last = Math.max(totalSteps - 1, 1);
  const at = Math.min(step, last);
  if (top > 0 && at <= top) return cosineDown(start, 1, at / top);
  const from = Math.max(top, 0);
  return last > from ? cosineDown(1, end, (at - from) / (last - from)) : 1;
}
