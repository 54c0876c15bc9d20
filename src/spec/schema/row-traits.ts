/** What other rooms ask of losses, metrics and optimizers: their traits, said once in their words. */
import type { Text } from '../../common/text.ts';

/** What a loss says of itself. */
export interface LossTraits<Parameters = never> {
  /**
   * Numbers that the head gives, where they are not as many as its target has.
   * @param count of the target: columns, classes or intervals of time
   */
  readonly outputs?: (parameters: Parameters, count: number) => number;
  /** It takes labels as they are: the task's target is not normalized. */
  readonly unscaled?: true;
  /** Times are not cut into intervals, so that `bins` mean nothing beside it. */
  readonly continuous?: true;
}

/** What a metric says of itself. */
export interface MetricTraits<Parameters = never> {
  /** It lies in [0, 1] with 1 the best and 0 the worst. */
  readonly bounded?: true;
  /**
   * What guessing gives, of a metric without a true zero: no shares of it are taken, but points of what is left to reach
   * (conventions 14.1).
   */
  readonly chance?: number;
  /** How many of the classes may be guessed: with no more classes than that it is always 1. */
  readonly guesses?: (parameters: Parameters) => number;
  /** The loss without which it measures nothing, beside which it is there by default; and why. */
  readonly ofLoss?: { readonly name: string; readonly because: Text };
}

/** Memory in tensors as large as the parameters. */
export interface OptimizerMemory {
  /** What it keeps of each parameter from step to step. */
  readonly slots: number;
  /** What it makes within a step, the new values included. */
  readonly scratch: number;
}

/** What an optimizer says of itself. */
export interface OptimizerTraits<Parameters = never> {
  /** Its steps are proportional to the gradient; the others divide by the gradient's running size. */
  readonly proportional?: true;
  /** Learning rates above this are remarked on, where that is not 1 of proportional steps and 0.1 of others. */
  readonly largestRate?: number;
  readonly memory: (parameters: Parameters) => OptimizerMemory;
}
