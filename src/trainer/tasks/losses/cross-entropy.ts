/** Cross-entropy of classes, with label smoothing and class weights: torch.nn.CrossEntropyLoss(weight, label_smoothing). */
import { RefusedError } from '../../errors.ts';
import { text } from '../../../common/text.ts';
import { tf } from '../../../engine/tfjs.ts';
import { mapParameter, numberParameter, numbersByClass } from './parameters.ts';
import { logSoftmax, logSoftmaxOf, weightedSum } from './sums.ts';
import type { Loss, LossContext, LossParameter, LossRow, Parameters } from './types.ts';

const labelSmoothing: LossParameter = {
  name: 'labelSmoothing',
  default: 0,
  doc: {
    en: 'ε in [0, 1): the target is 1 − ε on the true class plus ε/K on every class.',
    zh: 'ε ∈ [0, 1)：目标为真实类上的 1 − ε，加上每一类的 ε/K。',
  },
};

/**
 * Σᵢ sᵢ [(1−ε) w_y (−log p_y) + ε/K Σ_k w_k (−log p_k)] over Σᵢ sᵢ w_y. Written with q_k = (1−ε)[k = y] w_y + ε/K w_k the
 * gradient in the logits is p Σq − q.
 */
function weighted(epsilon: number, classWeights: readonly number[]): Loss {
  const classes = classWeights.length;
  const smooth = classWeights.map((weight) => (epsilon / classes) * weight);
  return {
    evaluate: (raw, target, weights) => {
      const labels = tf.cast<tf.Tensor1D>(tf.reshape(target, [-1]), 'int32');
      const hot = tf.mul(tf.oneHot(labels, classes), tf.tensor1d([...classWeights]));
      const goal = epsilon === 0 ? hot : tf.add(tf.mul(hot, 1 - epsilon), tf.tensor1d(smooth));
      const sum = weightedSum(raw, weights, {
        forward: (x) => {
          const logarithms = logSoftmax(x);
          return { losses: tf.neg(tf.sum(tf.mul(goal, logarithms), 1)), saved: [logarithms, goal] };
        },
        gradient: (saved) => {
          const [logarithms, kept] = saved as [tf.Tensor, tf.Tensor];
          return tf.sub(tf.mul(tf.exp(logarithms), tf.sum(kept, 1, true)), kept);
        },
      });
      return { sum, weight: tf.sum(tf.mul(tf.sum(hot, 1), weights)) };
    },
    sample: (raw, target) => {
      const label = target[0] ?? 0;
      const weight = classWeights[label] ?? 0;
      const logarithms = logSoftmaxOf(raw);
      const spread = logarithms.reduce((sum, logarithm, k) => sum - (smooth[k] ?? 0) * logarithm, 0);
      return { loss: -(1 - epsilon) * weight * (logarithms[label] ?? 0) + spread, weight };
    },
    ...(classWeights.includes(0) && { counts: (label: ArrayLike<number>) => classWeights[label[0] ?? NaN] !== 0 }),
  };
}

export const crossEntropy: LossRow = {
  name: 'cross-entropy',
  task: 'classification',
  doc: {
    en: 'Negative log probability of the true class: the default for classes.',
    zh: '真实类别的负对数概率：分类任务的默认损失。',
  },
  formula: '−Σ_k q_k log softmax(x)_k, q = (1−ε)·onehot(y) + ε/K',
  source: 'torch.nn.CrossEntropyLoss; label smoothing: Szegedy et al. 2016, arXiv 1512.00567',
  infimum: 0,
  parameters: [labelSmoothing],
  create: (parameters, { width }) =>
    weighted(numberParameter(parameters, 'labelSmoothing', 0), new Array<number>(width).fill(1)),
};

export const weightedCrossEntropy: LossRow = {
  name: 'weighted-cross-entropy',
  task: 'classification',
  doc: {
    en: 'Cross-entropy in which rare classes count more; the mean is divided by the sum of the weights of the labels.',
    zh: '让稀少类别占更大比重的交叉熵；平均时除以各标签权重之和。',
  },
  formula: 'Σᵢ w_y(−log p_y) / Σᵢ w_y; balanced: w_c = n / (K·n_c)',
  source: 'torch.nn.CrossEntropyLoss(weight); sklearn compute_class_weight("balanced")',
  infimum: 0,
  parameters: [
    {
      name: 'classWeights',
      default: 'balanced',
      doc: {
        en: '"balanced" (n / (K·n_c) of the training labels), or a map class → weight; a class not named weighs 1.',
        zh: '"balanced"（按训练标签取 n / (K·n_c)），或 类别 → 权重 的映射；未写出的类别权重为 1。',
      },
    },
    labelSmoothing,
  ],
  create: (parameters, context) =>
    weighted(numberParameter(parameters, 'labelSmoothing', 0), classWeightsOf(parameters, context)),
};

/**
 * @throws RefusedError when a class has no training label and the weights are to be balanced, a name is unknown, or no
 *   training label has a weight
 */
export function classWeightsOf(parameters: Parameters, context: LossContext): readonly number[] {
  const { width, classCounts = [], classes = [] } = context;
  const map = mapParameter(parameters, 'classWeights');
  const name = (index: number): string => classes[index] ?? String(index);
  if (map === undefined) {
    const total = classCounts.reduce((sum, count) => sum + count, 0);
    return Array.from({ length: width }, (_, index) => {
      const count = classCounts[index] ?? 0;
      if (count > 0) return total / (width * count);
      throw new RefusedError(
        text(
          `"classWeights": "balanced" needs a training label of every class, but class "${name(index)}" has none. Give the weights as a map, or remove the class.`,
          `"classWeights": "balanced" 要求每个类别都有训练标签，而类别“${name(index)}”没有。请以映射给出权重，或去掉该类别。`,
        ),
      );
    });
  }
  const weights = numbersByClass(map, 'classWeights', context, 1);
  const met = weights.filter((_, index) => classCounts[index] !== 0);
  if (met.length > 0 && met.every((weight) => weight === 0)) {
    throw new RefusedError(
      text(
        '"classWeights" is 0 for every class that has training labels, so the task cannot learn. Give one of them a weight above 0, or remove the task.',
        '“classWeights”对所有有训练标签的类别都为 0，任务无从学习。请为其中之一设置大于 0 的权重，或去掉该任务。',
      ),
    );
  }
  return weights;
}
