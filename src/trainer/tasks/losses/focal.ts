/** Focal loss in its softmax form: −α_y (1 − p_y)^γ log p_y. */
import { tf } from '../../../engine/tfjs.ts';
import { numbersByClass } from './by-class.ts';
import { logSoftmax, logSoftmaxOf, plainSums } from './sums.ts';
import type { ClassLoss, LossRow } from './contract.ts';

/** Below it 1 − p is taken as this, so that (1 − p)^(γ−1) stays finite for γ < 1; the product with log p vanishes. */
const smallest = 1e-20;

/** p, ln p_y and 1 − p_y of each row. */
function parts(logarithms: tf.Tensor, truth: tf.Tensor): { p: tf.Tensor; log: tf.Tensor; miss: tf.Tensor } {
  const p = tf.exp(logarithms);
  const log = tf.sum(tf.mul(truth, logarithms), 1, true);
  return { p, log, miss: tf.maximum(tf.sum(tf.mul(p, tf.sub(1, truth)), 1, true), smallest) };
}

/**
 * With m = 1 − p_y (summed from the other classes, so that it does not cancel) and [k = y] the true class:
 * d loss / d x_k = α [γ m^(γ−1) p_y log p_y − m^γ] ([k = y] − p_k).
 */
function focalLoss(gamma: number, alpha: readonly number[]): ClassLoss {
  const classes = alpha.length;
  return {
    evaluate: (raw, target, weights) => {
      const labels = tf.cast<tf.Tensor1D>(tf.reshape(target, [-1]), 'int32');
      const hot = tf.cast(tf.oneHot(labels, classes), 'float32');
      const factors = tf.sum(tf.mul(hot, tf.tensor1d([...alpha])), 1, true);
      return plainSums(raw, weights, {
        forward: (x) => {
          const logarithms = logSoftmax(x);
          const { log, miss } = parts(logarithms, hot);
          const losses = tf.neg(tf.mul(tf.mul(factors, tf.pow(miss, gamma)), log));
          return { losses: tf.squeeze(losses, [1]), saved: [logarithms, hot, factors] };
        },
        gradient: (saved) => {
          const [logarithms, truth, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
          const { p, log, miss } = parts(logarithms, truth);
          const slope = tf.mul(tf.mul(tf.mul(tf.pow(miss, gamma - 1), gamma), tf.exp(log)), log);
          return tf.mul(tf.mul(scale, tf.sub(slope, tf.pow(miss, gamma))), tf.sub(truth, p));
        },
      });
    },
    sample: (raw, target) => {
      const label = target[0] ?? 0;
      const logarithms = logSoftmaxOf(raw);
      const log = logarithms[label] ?? 0;
      return { loss: -(alpha[label] ?? 1) * (-Math.expm1(log)) ** gamma * log, weight: 1 };
    },
  };
}

export const focal: LossRow<'classification', 'focal'> = ({ gamma, alpha = 1 }, context) => {
  const { width } = context;
  const byClass =
    typeof alpha === 'number' ? new Array<number>(width).fill(alpha) : numbersByClass(alpha, 'alpha', context, 1);
  return focalLoss(gamma, byClass);
};
