/** Pinball loss of several quantiles of each target column. */
import { tf } from '../../../engine/tfjs.ts';
import { columnSample, columnSums, perOutput } from './columns.ts';
import { numbersParameter } from './parameters.ts';
import { sign } from './sums.ts';
import type { Loss, LossRow } from './types.ts';

export const defaultQuantiles: readonly number[] = [0.1, 0.5, 0.9];

/**
 * Raw outputs: all quantiles of column 0, then of column 1, …. With d = y − x: q·max(d, 0) + (1 − q)·max(−d, 0),
 * that is ½|d| + (q − ½)d; its derivative in x is ½ sign(x − y) − (q − ½).
 */
function pinball(quantiles: readonly number[], width: number): Loss {
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
  };
}

export const quantile: LossRow = {
  name: 'quantile',
  task: 'regression',
  doc: {
    en: 'One output per quantile: an interval instead of a point. Outputs that cross are counted.',
    zh: '每个分位数一个输出：给出区间而非单点。分位数交叉会被计数。',
  },
  formula: 'max(q·d, (q − 1)·d), d = y − x, mean over quantiles',
  source: 'sklearn.metrics.mean_pinball_loss; Koenker & Bassett 1978',
  infimum: 0,
  parameters: [
    {
      name: 'quantiles',
      default: defaultQuantiles,
      doc: { en: 'Levels between 0 and 1, ascending.', zh: '0 与 1 之间、递增的分位水平。' },
    },
  ],
  create: (parameters, { width }) => pinball(numbersParameter(parameters, 'quantiles') ?? defaultQuantiles, width),
};
