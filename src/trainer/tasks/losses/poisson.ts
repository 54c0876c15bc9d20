/** Counts: the raw output is η = ln μ. */
import { tf } from '../../../engine/tfjs.ts';
import { columnSample, columnSums } from './columns.ts';
import type { LossRow } from './types.ts';

/** y ln y − y, with 0 for y = 0. */
function entropyTerm(y: number): number {
  return y > 0 ? y * Math.log(y) - y : 0;
}

export const poisson: LossRow = {
  name: 'poisson',
  task: 'regression',
  doc: {
    en: 'For counts (≥ 0, not normalized): half the Poisson deviance; the head gives ln μ.',
    zh: '用于计数（≥ 0，不归一化）：泊松偏差的一半；输出头给出 ln μ。',
  },
  formula: 'μ − y + y·ln(y/μ), μ = e^x',
  source: 'sklearn.metrics.mean_poisson_deviance / 2',
  infimum: 0,
  parameters: [],
  create: () => ({
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
  }),
};
