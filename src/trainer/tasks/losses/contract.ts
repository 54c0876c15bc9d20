/**
 * What a loss is: a row of the table makes functions of its parameters: one on tensors for training, one on numbers in
 * double precision for what needs no gradient (best constant predictions, references in tests). What it means, its
 * parameters and their defaults stand in the language.
 */
import type { tf } from '../../../engine/tfjs.ts';
import type { AvailableTask, LossOf } from '../../../spec/resolved.ts';

/** What a loss knows of its task when it is made. */
export interface LossContext {
  /** Numbers of a raw head output: classes, columns (times quantiles), 4 for a box. */
  readonly width: number;
  /** Labeled training samples of each class; classification only. */
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
   *   Finite also where unlabeled.
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
  /** How raw outputs follow from lines that were fitted to these labels. Absent: the lines' values are the raw outputs. */
  link?(labels: LinearLabels): Link;
}

/** Labels that a linear model is fitted to. */
export interface LinearLabels {
  /** [rows × targetWidth], in loss space. */
  readonly targets: Float64Array;
  readonly targetWidth: number;
  readonly weights: Float64Array;
  /** [rows × targetWidth], 0 at the numbers that are missing; absent where none is. */
  readonly present?: Float64Array;
}

/** From the line's values to raw head outputs; made anew for each fit, since some need the rows that were fitted. */
export type Link = (
  value: (row: number) => Float64Array,
  rows: readonly number[],
) => (row: number) => ArrayLike<number>;

/** A loss of one class out of several. */
export interface ClassLoss extends Loss {
  /**
   * Probabilities by which it is least when they are the same for all samples. Absent: they are searched for.
   *
   * @param shares of each class among the labels
   */
  bestProbabilities?(shares: Float64Array): Float64Array;
}

/** A loss of numbers. */
export interface NumberLoss extends Loss {
  /** Quantiles of each column that it predicts, one output each. Absent: one output a column. */
  readonly levels?: readonly number[];
  /** Raw outputs → predictions in loss space. Absent: they are the same. */
  predict?(raw: tf.Tensor): tf.Tensor;
  /** Raw outputs of the best constant prediction of one column, as many as outputs. Absent: it is searched for. */
  bestConstants?(values: ArrayLike<number>, weights: ArrayLike<number>): readonly number[];
}

/** What a loss is asked for beside its sums, by the type of its task. */
interface Kinds {
  readonly classification: ClassLoss;
  readonly regression: NumberLoss;
}

export type LossFor<Type extends AvailableTask> = Type extends keyof Kinds ? Kinds[Type] : Loss;

/** Parameters as in the long form of a spec: the defaults of the language are filled in. */
export type ParametersOf<Type extends AvailableTask, Name extends string> = Extract<
  LossOf<Type>,
  { readonly type: Name }
>;

/**
 * One row of the table of losses: makes the loss.
 *
 * @throws RefusedError naming the parameter, when the training labels do not allow it
 */
export type LossRow<Type extends AvailableTask, Name extends string> = (
  parameters: ParametersOf<Type, Name>,
  context: LossContext,
) => LossFor<Type>;
