/** Pinball loss of several quantiles of each target column. */
import { tf } from '../../../engine/tfjs.ts';
import { weightedQuantile } from '../constants.ts';
import { columnSample, columnSums, perOutput } from './columns.ts';
import { sign } from './sums.ts';
import type { LossRow, NumberLoss } from './contract.ts';
import { shifted } from './links.ts';

/**
 * Raw outputs: all quantiles of column 0, then of column 1, …. With d = y − x: q·max(d, 0) + (1 − q)·max(−d, 0),
 * that is ½|d| + (q − ½)d; its derivative in x is ½ sign(x − y) − (q − ½).
 */
function pinball(quantiles: readonly number[], width: number): NumberLoss {
  const columns = width / quantiles.length;
  const shifts = Array.from({ length: columns }, () => quantiles.map((q) => q - 0.5)).flat();
  return {
    evaluate: (raw, target, weights) => {
      const repeated = perOutput(target, width);
      const shift = tf.tensor1d(shifts);
      return columnSums(raw, weights, {
        forward: (x) => {
          const residual = tf.sub(x, repeated);
          const losses = tf.sub(tf.mul(tf.abs(residual), 0.5), tf.mul(residual, shift));
          return { losses, saved: [residual, shift] };
        },
        gradient: (saved) => {
          const [residual, offset] = saved as [tf.Tensor, tf.Tensor];
          return tf.sub(tf.mul(sign(residual), 0.5), offset);
        },
      });
    },
    sample: (raw, target, present) => {
      const pinballOf = (output: number): number => {
        const d = (target[Math.floor(output / quantiles.length)] ?? 0) - (raw[output] ?? 0);
        return 0.5 * Math.abs(d) + (shifts[output] ?? 0) * d;
      };
      return columnSample(width, pinballOf, present);
    },
    levels: quantiles,
    bestConstants: (values, weights) => quantiles.map((level) => weightedQuantile(values, weights, level)),
    link: (labels) => shifted(labels, quantiles),
  };
}

export const quantile: LossRow<'regression', 'quantile'> = ({ quantiles }, { width }) => pinball(quantiles, width);
