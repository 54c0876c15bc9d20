/** Counts: the raw output is η = ln μ. */
import { tf } from '../../../engine/tfjs.ts';
import { weightedMean } from '../constants.ts';
import { columnSample, columnSums } from './columns.ts';
import type { LossRow } from './contract.ts';
import { logarithm } from './links.ts';

/** y ln y − y, with 0 for y = 0. */
function entropyTerm(y: number): number {
  return y > 0 ? y * Math.log(y) - y : 0;
}

export const poisson: LossRow<'regression', 'poisson'> = () => ({
  evaluate: (raw, target, weights) => {
    // ln max(y, tiny): the product with y = 0 is 0 as it should be.
    const constant = tf.sub(tf.mul(target, tf.log(tf.maximum(target, 1e-30))), target);
    return columnSums(raw, weights, {
      forward: (x) => {
        const mean = tf.exp(x);
        const losses = tf.add(tf.sub(mean, tf.mul(target, x)), constant);
        return { losses, saved: [mean, target] };
      },
      gradient: (saved) => {
        const [mean, counts] = saved as [tf.Tensor, tf.Tensor];
        return tf.sub(mean, counts);
      },
    });
  },
  sample: (raw, target, present) => {
    const deviance = (column: number): number => {
      const x = raw[column] ?? 0;
      const y = target[column] ?? 0;
      return Math.exp(x) - y * x + entropyTerm(y);
    };
    return columnSample(raw.length, deviance, present);
  },
  predict: (raw) => tf.exp(raw),
  // ln of the mean; a mean of 0 would be −∞.
  bestConstants: (values, weights) => [Math.log(Math.max(weightedMean(values, weights), 1e-12))],
  link: logarithm,
});
