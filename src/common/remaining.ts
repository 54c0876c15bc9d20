/** How long a training still takes. Pure. */

/** Finished epochs by whose median the pace is told: a slowdown must show soon, a single slow epoch must not. */
export const paceEpochs = 5;

interface Pace {
  /** Done, of all. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly stepsPerSecond: number;
  /** Of the last finished epochs; the earlier ones are passed over. */
  readonly epochSeconds: readonly number[];
}

/**
 * Seconds to the last epoch of the spec, early stopping aside; null where there is no pace yet. By whole epochs where one
 * has ended, since evaluation takes its time, too; before, by the steps alone.
 */
export function remainingSeconds({ steps, stepsPerEpoch, epochs, stepsPerSecond, epochSeconds }: Pace): number | null {
  const left = Math.max(0, stepsPerEpoch * epochs - steps);
  const recent = epochSeconds.slice(-paceEpochs).toSorted((a, b) => a - b);
  const epoch = recent[Math.floor(recent.length / 2)];
  const pace = epoch === undefined ? 1 / stepsPerSecond : epoch / stepsPerEpoch;
  const remaining = left * pace;
  return Number.isFinite(remaining) ? remaining : null;
}
