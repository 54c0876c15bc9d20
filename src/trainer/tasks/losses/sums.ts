/** Losses on tensors with gradients written out: fewer kernels than the tape, and exact where autodiff has no rule. */
import { tf } from '../../../engine/tfjs.ts';
import type { LossSums, SampleWeights } from './contract.ts';

export interface RowLosses {
  /** Of the shape of the weights: [n]; [n, k] or [n, height, width] where single outputs or places have weights. */
  readonly losses: tf.Tensor;
  /**
   * All that the gradient needs, tensors made outside of `forward` included: tfjs disposes whatever the differentiated
   * function made and nobody saved.
   */
  readonly saved: readonly tf.Tensor[];
}

export interface Rule {
  /** Loss of each row of `raw` [n, …], or of each of its places. */
  readonly forward: (raw: tf.Tensor) => RowLosses;
  /** d loss / d raw outputs, of the shape of `raw`, from what was saved. */
  readonly gradient: (saved: readonly tf.Tensor[]) => tf.Tensor;
}

/**
 * Σ weightᵢ · lossᵢ, differentiable in `raw`.
 *
 * @param weights of the shape of the rule's losses: [n, …], the first axes of `raw`
 */
export function weightedSum(raw: tf.Tensor, weights: SampleWeights, rule: Rule): tf.Scalar {
  const operation = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, save] = given as [tf.Tensor, tf.GradSaveFunc];
    const { losses, saved } = rule.forward(x);
    save([weights, ...saved]);
    const gradFunc = (dy: tf.Tensor, [w, ...kept]: tf.Tensor[]): tf.Tensor => {
      const slopes = rule.gradient(kept);
      let factors = tf.mul(w as tf.Tensor, dy);
      while (factors.rank < slopes.rank) factors = tf.expandDims(factors, -1);
      return tf.mul(slopes, factors);
    };
    return { value: tf.sum(tf.mul(losses, weights)), gradFunc };
  });
  return operation(raw) as tf.Scalar;
}

/** The sum of a rule and the sum of the sample weights. */
export function plainSums(raw: tf.Tensor, weights: SampleWeights, rule: Rule): LossSums {
  return { sum: weightedSum(raw, weights, rule), weight: tf.sum(weights) };
}

/** Natural logarithm of the softmax over the last axis, from differences to the maximum. */
export function logSoftmax(raw: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(raw, tf.max(raw, -1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
}

/** −1, 0 or 1. */
export function sign(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32'));
}

/** The same in double precision, on numbers. */
export function logSoftmaxOf(raw: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(raw);
  const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const total = values.reduce((sum, value) => sum + Math.exp(value - largest), 0);
  const logarithm = largest + Math.log(total);
  return values.map((value) => value - logarithm);
}
