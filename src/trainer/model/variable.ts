/** A weight of the model as the rest of the trainer sees it. */
import { tf, type tfl } from '../../engine/tfjs.ts';

export interface ModelVariable {
  /** Layer path and parameter, unique and stable: `trunk/0/kernel`, `tasks/species/head/bias`. */
  readonly path: string;
  /** tf.layers' name of the parameter: `kernel`, `bias`, `gamma`, … */
  readonly parameter: string;
  readonly variable: tf.Variable;
  /** False for moving statistics and in frozen blocks: no gradient, no optimizer slots; saved all the same. */
  readonly trainable: boolean;
  /** The spec's training-wide l1 and l2 act on it. */
  readonly kernel: boolean;
  /** Decoupled weight decay acts on it: everything but biases and normalization. */
  readonly decays: boolean;
  /** The layer's own `regularization`, to be added to the training-wide one: penalty l1·Σ|w| + l2·Σw². */
  readonly l1: number;
  readonly l2: number;
  /** The block's `learningRate` as a factor on the schedule's. */
  readonly learningRate: number;
  /** Tasks whose loss reaches it, in source order. */
  readonly tasks: readonly string[];
  /** At least two task losses reach it. */
  readonly shared: boolean;
}

/** Where in the network a layer stands: what its weights have in common. */
export interface Site {
  /** Tasks whose loss reaches it. */
  readonly tasks: readonly string[];
  readonly learningRate: number;
  readonly trainable: boolean;
}

export function variableOf(weight: tfl.LayerVariable): tf.Variable {
  const value: unknown = weight.read();
  if (!(value instanceof tf.Variable)) throw new Error(`Weight "${weight.name}" is not a variable.`);
  return value as tf.Variable;
}
