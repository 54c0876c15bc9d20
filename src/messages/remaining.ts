/** How long a training still takes. Pure. */
import type { LossHistory } from './history.ts';

/** Finished epochs by whose median the pace is told: a slowdown must show soon, a single slow epoch must not. */
const recent = 5;

/**
 * Seconds to the last epoch of the spec, early stopping aside; null where there is no pace yet. By whole epochs where one
 * has ended, since evaluation takes its time, too; before, by the steps alone.
 */
export function remainingSeconds({ start, epochs, steps, stepsPerSecond }: LossHistory): number | null {
  if (start === null || steps.step.length === 0) return null;
  const all = start.stepsPerEpoch * start.epochs;
  const left = Math.max(0, all - steps.step.last());
  const seconds = epochs.slice(-recent).map(({ record }) => record.seconds);
  const epoch = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)];
  const pace = epoch === undefined ? 1 / stepsPerSecond : epoch / start.stepsPerEpoch;
  const remaining = left * pace;
  return Number.isFinite(remaining) ? remaining : null;
}
