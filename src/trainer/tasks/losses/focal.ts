/** Focal loss in its softmax form: −α_y (1 − p_y)^γ log p_y. */
import { RefusedError } from '../../errors.ts';
import { text } from '../../../common/text.ts';
import { tf } from '../../../engine/tfjs.ts';
import { mapParameter, numberParameter, numbersByClass, numbersParameter } from './parameters.ts';
import { logSoftmax, logSoftmaxOf, plainSums } from './sums.ts';
import type { Loss, LossContext, LossRow, Parameters } from './types.ts';

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
function focalLoss(gamma: number, alpha: readonly number[]): Loss {
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

export const focal: LossRow = {
  name: 'focal',
  task: 'classification',
  doc: {
    en: 'Cross-entropy that gives less weight to samples that are already right.',
    zh: '降低已判对样本权重的交叉熵。',
  },
  formula: '−α_y (1 − p_y)^γ log p_y, p = softmax(x)',
  source: 'Lin et al. 2017, arXiv 1708.02002; softmax form',
  infimum: 0,
  parameters: [
    { name: 'gamma', default: 2, doc: { en: 'γ ≥ 0; 0 is cross-entropy.', zh: 'γ ≥ 0；0 即交叉熵。' } },
    {
      name: 'alpha',
      default: 1,
      doc: {
        en: 'A factor for all classes, a list of one per class, or a map class → factor.',
        zh: '对所有类别的系数、每类一个的列表，或 类别 → 系数 的映射。',
      },
    },
  ],
  create: (parameters, context) => focalLoss(numberParameter(parameters, 'gamma', 2), alphaOf(parameters, context)),
};

function alphaOf(parameters: Parameters, context: LossContext): readonly number[] {
  const { width } = context;
  const list = numbersParameter(parameters, 'alpha');
  if (list !== undefined) {
    if (list.length === width) return list;
    throw new RefusedError(
      text(
        `"alpha" lists ${String(list.length)} values, but there are ${String(width)} classes.`,
        `“alpha”列出了 ${String(list.length)} 个值，但有 ${String(width)} 个类别。`,
      ),
    );
  }
  const map = mapParameter(parameters, 'alpha');
  const all = numberParameter(parameters, 'alpha', 1);
  return map === undefined ? new Array<number>(width).fill(all) : numbersByClass(map, 'alpha', context, 1);
}
