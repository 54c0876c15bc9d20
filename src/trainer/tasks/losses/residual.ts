/** Regression losses of the residual r = x − y in normalized units; several columns count as their mean. */
import { tf } from '../../../engine/tfjs.ts';
import { weightedMean, weightedQuantile } from '../constants.ts';
import { columnSample, columnSums } from './columns.ts';
import { sign } from './sums.ts';
import type { LossRow, NumberLoss } from './contract.ts';

/** A function of the residual, on tensors and on numbers, and its derivative. */
interface ResidualRule {
  readonly value: (r: tf.Tensor) => tf.Tensor;
  readonly derivative: (r: tf.Tensor) => tf.Tensor;
  readonly number: (r: number) => number;
}

export function residualLoss(rule: ResidualRule): NumberLoss {
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

export const mse: LossRow<'regression', 'mse'> = () => ({
  ...residualLoss({ value: (r) => tf.square(r), derivative: (r) => tf.mul(r, 2), number: (r) => r * r }),
  bestConstants: (values, weights) => [weightedMean(values, weights)],
});

export const mae: LossRow<'regression', 'mae'> = () => ({
  ...residualLoss({ value: (r) => tf.abs(r), derivative: sign, number: Math.abs }),
  bestConstants: (values, weights) => [weightedQuantile(values, weights, 0.5)],
});

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

export const huber: LossRow<'regression', 'huber'> = ({ delta }) => residualLoss(huberRule(delta));

export const logCosh: LossRow<'regression', 'log-cosh'> = () =>
  residualLoss({
    value: (r) => {
      const size = tf.abs(r);
      return tf.sub(tf.add(size, tf.log1p(tf.exp(tf.mul(size, -2)))), Math.LN2);
    },
    derivative: (r) => tf.tanh(r),
    number: (r) => Math.abs(r) + Math.log1p(Math.exp(-2 * Math.abs(r))) - Math.LN2,
  });
