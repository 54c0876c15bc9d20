/**
 * What a loss is: a row of the table says what it means, and makes functions of it: one on tensors for training, one on
 * numbers in double precision for what needs no gradient (best constant predictions, references in tests).
 */
import type { Text } from '../../../common/text.ts';
import type { tf } from '../../../engine/tfjs.ts';

/** What a loss knows of its task when it is made. */
export interface LossContext {
  /** Numbers of a raw head output: classes, columns (times quantiles), 4 for a box. */
  readonly width: number;
  /** Labelled training samples of each class; classification only. */
  readonly classCounts?: readonly number[] | undefined;
  /** Class names in output order; classification only. */
  readonly classes?: readonly string[];
}

/** Sums over the batch: the loss is `sum / weight`. The caller owns both. */
export interface LossSums {
  readonly sum: tf.Scalar;
  readonly weight: tf.Scalar;
}

/**
 * [n] sample weights, 0 where the task has no label. Of the shape of the labels where these have gaps: the sample weight
 * at each number that is there, 0 at each that is not.
 */
export type SampleWeights = tf.Tensor;

/**
 * One sample in numbers: its loss, and what it adds to the denominator (1, the weight of its class, or the share of its
 * columns that are there).
 */
export interface SampleLoss {
  readonly loss: number;
  readonly weight: number;
}

export interface Loss {
  /**
   * @param raw head output before any activation, [n, …]
   * @param target [n, …] in loss space: class index; normalized values; box corners x1 y1 x2 y2 in image fractions.
   *   Finite also where unlabelled.
   */
  evaluate(raw: tf.Tensor, target: tf.Tensor, weights: SampleWeights): LossSums;
  /**
   * The same for one sample, in double precision.
   *
   * @param present of the shape of the label, 0 at the numbers of the target that are missing; absent where none is
   */
  sample(raw: ArrayLike<number>, target: ArrayLike<number>, present?: ArrayLike<number>): SampleLoss;
  /**
   * Whether this label adds to the denominator: one of a class of weight 0 does not, and a batch of only such would
   * divide by 0. Absent: every label does.
   */
  counts?(label: ArrayLike<number>): boolean;
}

export interface LossParameter {
  readonly name: string;
  readonly default: unknown;
  readonly doc: Text;
}

export type Parameters = Readonly<Record<string, unknown>>;

export interface LossRow {
  readonly name: string;
  readonly task: 'classification' | 'regression' | 'box';
  readonly doc: Text;
  /** With y the target, x the raw output, p the prediction. */
  readonly formula: string;
  readonly source: string;
  /** Greatest lower bound over all predictions: ratio and logarithm strategies need it to be ≥ 0. */
  readonly infimum: number;
  readonly parameters: readonly LossParameter[];
  /** @throws RefusedError naming the parameter, when the training labels do not allow it */
  create(parameters: Parameters, context: LossContext): Loss;
}
