import type { tf } from '../engine/tfjs.ts';

/** What layers that behave differently from step to step look up: one object per model, changed by `setStep`. */
export interface StepContext {
  readonly seed: number;
  /** Keys the dropout masks. */
  step: number;
  /** Which part of the step it is when `accumulate` splits a step into several batches. */
  part: number;
  /** False for a second forward pass on the same batch (FAMO): moving statistics then stay as they are. */
  updateStatistics: boolean;
  /** Steps of an epoch and epochs of the whole training: learned branching grows sharp along them. */
  stepsPerEpoch: number;
  epochs: number;
  /** While this is a list, layers put their penalties on the batch into it (DSelect-k's entropy). */
  penalties: tf.Scalar[] | null;
}

export function stepContext(seed: number): StepContext {
  return { seed, step: 0, part: 0, updateStatistics: true, stepsPerEpoch: 1, epochs: 1, penalties: null };
}
