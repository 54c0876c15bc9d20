import { tf } from '../../engine/tfjs.ts';

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
  penalties: BatchPenalty[] | null;
  /** While this is set, it is asked for tensors of drawn numbers: whoever records a graph feeds them anew in every run. */
  draw: Draw | null;
}

/** What a layer adds to the objective for a batch. */
export interface BatchPenalty {
  /** Name of the layer. */
  readonly layer: string;
  readonly value: tf.Scalar;
}

/**
 * Gives a tensor of numbers that depend on the step.
 *
 * @param key names them: the same key in the same step is the same numbers
 * @param make computes them for the step and part that the context says when it is called
 */
export type Draw = (key: string, shape: readonly number[], make: () => Float32Array) => tf.Tensor;

/** Numbers that a layer draws, or computes, for the step. */
export function drawn(context: StepContext, ...[key, shape, make]: Parameters<Draw>): tf.Tensor {
  return context.draw ? context.draw(key, shape, make) : tf.tensor(make(), [...shape]);
}

export function stepContext(seed: number): StepContext {
  return { seed, step: 0, part: 0, updateStatistics: true, stepsPerEpoch: 1, epochs: 1, penalties: null, draw: null };
}
