/** Cross-entropy of classes, with label smoothing and class weights: torch.nn.CrossEntropyLoss(weight, label_smoothing). */
import { RefusedError } from '../../errors.ts';
import { text } from '../../../common/text.ts';
import { tf } from '../../../engine/tfjs.ts';
import { numbersByClass } from './by-class.ts';
import { logSoftmax, logSoftmaxOf, weightedSum } from './sums.ts';
import type { ClassLoss, LossContext, LossRow, ParametersOf } from './contract.ts';

/**
 * Σᵢ sᵢ [(1−ε) w_y (−log p_y) + ε/K Σ_k w_k (−log p_k)] over Σᵢ sᵢ w_y. Written with q_k = (1−ε)[k = y] w_y + ε/K w_k the
 * gradient in the logits is p Σq − q.
 */
function weighted(epsilon: number, classWeights: readonly number[]): ClassLoss {
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
    // Least of Σ_c f_c [(1−ε) w_c (−ln p_c) + ε/K Σ_k w_k (−ln p_k)]: p_k ∝ w_k ((1−ε) f_k + ε/K).
    bestProbabilities: (shares) => {
      const parts = shares.map((share, k) => (classWeights[k] ?? 1) * ((1 - epsilon) * share + epsilon / classes));
      const total = parts.reduce((sum, part) => sum + part, 0);
      return parts.map((part) => part / total);
    },
    ...(classWeights.includes(0) && { counts: (label: ArrayLike<number>) => classWeights[label[0] ?? NaN] !== 0 }),
  };
}

export const crossEntropy: LossRow<'classification', 'cross-entropy'> = ({ labelSmoothing }, { width }) =>
  weighted(labelSmoothing, new Array<number>(width).fill(1));

export const weightedCrossEntropy: LossRow<'classification', 'weighted-cross-entropy'> = (
  { labelSmoothing, classWeights },
  context,
) => weighted(labelSmoothing, classWeightsOf(classWeights, context));

/**
 * @throws RefusedError when a class has no training label and the weights are to be balanced, a name is unknown, or no
 *   training label has a weight
 */
function classWeightsOf(
  given: ParametersOf<'classification', 'weighted-cross-entropy'>['classWeights'],
  context: LossContext,
): readonly number[] {
  const { width, classCounts = [], classes = [] } = context;
  const name = (index: number): string => classes[index] ?? String(index);
  if (given === 'balanced') {
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
  const weights = numbersByClass(given, 'classWeights', context, 1);
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
