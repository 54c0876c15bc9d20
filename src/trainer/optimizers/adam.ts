/** Adam and its relatives. */
import { tf } from '../../engine/tfjs.ts';
import { adamUpdate } from '../../engine/updates.ts';
import { number } from './parameters.ts';
import type { Coefficient, Constants, Conventions, OptimizerRow, UpdateRule } from './contract.ts';

const beta1 = number('beta1', 0.9, 0.9, 'Decay of the mean of gradients.', '梯度均值的衰减率。');
const beta2 = number('beta2', 0.999, 0.999, 'Decay of the mean of squared gradients.', '梯度平方均值的衰减率。');
const smallest = number('epsilon', 1e-7, 1e-8, 'Keeps the quotient finite.', '避免除以零。');

/** old + (value − old)(1 − β): a running mean. */
function blend(old: tf.Tensor, value: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(old, tf.mul(tf.sub(value, old), 1 - beta));
}

/**
 * η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), written as η c m / (√v + ε√(1 − β₂ᵗ)), c = √(1 − β₂ᵗ) / (1 − β₁ᵗ):
 * the same number in fewer operations.
 */
function adamRule(name: 'adam' | 'adamw', constants: Constants, weightDecay: number): UpdateRule {
  const [b1, b2, eps] = [constants.number('beta1'), constants.number('beta2'), constants.number('epsilon')];
  return {
    name,
    constants: constants.values,
    slots: [
      { name: 'mean', start: 0 },
      { name: 'square', start: 0 },
    ],
    coefficients: ({ learningRate, count, decays }) => {
      const root = Math.sqrt(1 - b2 ** count);
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      return [(learningRate * root) / (1 - b1 ** count), eps * root, keep];
    },
    update: (value, gradient, slots, coefficients) => {
      const [oldMean, oldSquare] = slots as readonly [tf.Tensor, tf.Tensor];
      const [stepSize, epsilon, keep] = coefficients as readonly [Coefficient, Coefficient, Coefficient];
      const inputs = { value, gradient, mean: oldMean, square: oldSquare };
      const short = adamUpdate(inputs, { beta1: b1, beta2: b2, stepSize, epsilon, keep });
      if (short) return { value: short.value, slots: [short.mean, short.square] };
      const mean = blend(oldMean, gradient, b1);
      const square = blend(oldSquare, tf.square(gradient), b2);
      const step = tf.div(tf.mul(mean, stepSize), tf.add(tf.sqrt(square), epsilon));
      const kept = weightDecay === 0 || keep === 1 ? value : tf.mul(value, keep);
      return { value: tf.sub(kept, step), slots: [mean, square] };
    },
  };
}

export const adam: OptimizerRow = {
  name: 'adam',
  doc: {
    en: 'Steps scaled by running means of the gradient and its square: the default.',
    zh: '按梯度及其平方的滑动均值缩放步长：默认优化器。',
  },
  formula: 'm ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − η m̂/(√v̂ + ε)',
  source: 'Kingma & Ba 2015; tf.train.adam; torch.optim.Adam',
  parameters: [beta1, beta2, smallest],
  create: (constants) => adamRule('adam', constants, 0),
};

export const adamw: OptimizerRow = {
  name: 'adamw',
  doc: {
    en: 'Adam with weight decay apart from the gradient; biases and normalization do not decay.',
    zh: '权重衰减与梯度分离的 Adam；偏置与归一化参数不衰减。',
  },
  formula: 'w ← w − ηλw, then as adam',
  source: 'Loshchilov & Hutter 2019; torch.optim.AdamW',
  parameters: [
    beta1,
    beta2,
    smallest,
    number('weightDecay', 0.01, 0.01, 'λ, multiplied by the learning rate.', 'λ，会乘以学习率。'),
  ],
  create: (constants) => adamRule('adamw', constants, constants.number('weightDecay')),
};

/** tf adds ε to the largest gradient when dividing, PyTorch to |g| before taking the larger. */
function adamaxRule(constants: Constants, conventions: Conventions): UpdateRule {
  const [b1, b2, eps] = [constants.number('beta1'), constants.number('beta2'), constants.number('epsilon')];
  const inside = conventions === 'pytorch' ? eps : 0;
  const outside = conventions === 'pytorch' ? 0 : eps;
  return {
    name: 'adamax',
    constants: constants.values,
    slots: [
      { name: 'mean', start: 0 },
      { name: 'largest', start: 0 },
    ],
    coefficients: ({ learningRate, count }) => [learningRate / (1 - b1 ** count)],
    update: (value, gradient, [oldMean, oldLargest], [stepSize]) => {
      const mean = blend(oldMean as tf.Tensor, gradient, b1);
      const largest = tf.maximum(tf.mul(oldLargest as tf.Tensor, b2), tf.add(tf.abs(gradient), inside));
      const step = tf.div(tf.mul(mean, stepSize as Coefficient), tf.add(largest, outside));
      return { value: tf.sub(value, step), slots: [mean, largest] };
    },
  };
}

export const adamax: OptimizerRow = {
  name: 'adamax',
  doc: {
    en: 'Adam with the largest recent gradient in place of the root mean square.',
    zh: '以近期最大梯度代替均方根的 Adam。',
  },
  formula: 'u ← max(β₂u, |g|); w ← w − η/(1−β₁ᵗ) · m/u',
  source: 'Kingma & Ba 2015; tf.train.adamax; torch.optim.Adamax',
  parameters: [beta1, beta2, smallest],
  create: adamaxRule,
};
