/** Regression losses of the residual r = x − y in normalized units; several columns count as their mean. */
import { tf } from '../../../engine/tfjs.ts';
import { columnSample, columnSums } from './columns.ts';
import { numberParameter } from './parameters.ts';
import { sign } from './sums.ts';
import type { Loss, LossRow } from './types.ts';

/** A function of the residual, on tensors and on numbers, and its derivative. */
interface ResidualRule {
  readonly value: (r: tf.Tensor) => tf.Tensor;
  readonly derivative: (r: tf.Tensor) => tf.Tensor;
  readonly number: (r: number) => number;
}

export function residualLoss(rule: ResidualRule): Loss {
  return {
    evaluate: (raw, target, weights) =>
      columnSums(raw, weights, {
        forward: (x) => {
          const residual = tf.sub(x, target);
          return { losses: rule.value(residual), saved: [residual] };
        },
        gradient: ([residual]) => rule.derivative(residual as tf.Tensor),
      }),
    sample: (raw, target, present) =>
      columnSample(raw.length, (column) => rule.number((raw[column] ?? 0) - (target[column] ?? 0)), present),
  };
}

export const mse: LossRow = {
  name: 'mse',
  task: 'regression',
  doc: { en: 'Mean squared error: aims at the mean.', zh: '均方误差：以均值为目标。' },
  formula: '(x − y)²',
  source: 'torch.nn.MSELoss',
  infimum: 0,
  parameters: [],
  create: () => residualLoss({ value: (r) => tf.square(r), derivative: (r) => tf.mul(r, 2), number: (r) => r * r }),
};

export const mae: LossRow = {
  name: 'mae',
  task: 'regression',
  doc: {
    en: 'Mean absolute error: aims at the median, calm about outliers.',
    zh: '平均绝对误差：以中位数为目标，对离群值不敏感。',
  },
  formula: '|x − y|',
  source: 'torch.nn.L1Loss',
  infimum: 0,
  parameters: [],
  create: () => residualLoss({ value: (r) => tf.abs(r), derivative: sign, number: Math.abs }),
};

/** Huber with its corner at δ; also smooth L1 with β when divided by it. */
export function huberRule(delta: number): ResidualRule {
  return {
    value: (r) => {
      const size = tf.abs(r);
      const inner = tf.minimum(size, delta);
      return tf.add(tf.mul(tf.square(inner), 0.5), tf.mul(tf.sub(size, inner), delta));
    },
    derivative: (r) => tf.maximum(tf.minimum(r, delta), -delta),
    number: (r) => {
      const inner = Math.min(Math.abs(r), delta);
      return 0.5 * inner * inner + delta * (Math.abs(r) - inner);
    },
  };
}

export const huber: LossRow = {
  name: 'huber',
  task: 'regression',
  doc: {
    en: 'Squared near the target, absolute beyond δ. δ is in normalized units: 1 is one standard deviation.',
    zh: '靠近目标为平方，超过 δ 为绝对值。δ 用归一化单位：1 即一个标准差。',
  },
  formula: '½r² for |r| ≤ δ, else δ(|r| − ½δ)',
  source: 'torch.nn.HuberLoss',
  infimum: 0,
  parameters: [{ name: 'delta', default: 1, doc: { en: 'δ > 0.', zh: 'δ > 0。' } }],
  create: (parameters) => residualLoss(huberRule(numberParameter(parameters, 'delta', 1))),
};

export const logCosh: LossRow = {
  name: 'log-cosh',
  task: 'regression',
  doc: {
    en: 'A smooth Huber: ½r² near the target, |r| − ln 2 far away.',
    zh: '光滑的 Huber：近处 ½r²，远处 |r| − ln 2。',
  },
  formula: '|r| + softplus(−2|r|) − ln 2',
  source: 'tf.keras.losses.LogCosh',
  infimum: 0,
  parameters: [],
  create: () =>
    residualLoss({
      value: (r) => {
        const size = tf.abs(r);
        return tf.sub(tf.add(size, tf.log1p(tf.exp(tf.mul(size, -2)))), Math.LN2);
      },
      derivative: (r) => tf.tanh(r),
      number: (r) => Math.abs(r) + Math.log1p(Math.exp(-2 * Math.abs(r))) - Math.LN2,
    }),
};
