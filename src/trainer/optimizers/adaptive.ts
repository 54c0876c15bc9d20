/** Optimizers that divide by a history of squared gradients: adagrad, adadelta, rmsprop. */
import { tf } from '../../engine/tfjs.ts';
import { flag, number } from './parameters.ts';
import type { Coefficient, Constants, Conventions, OptimizerRow, UpdateContext, UpdateRule } from './contract.ts';

const learningRateOf = ({ learningRate }: UpdateContext): readonly number[] => [learningRate];

function decay(old: tf.Tensor, value: tf.Tensor, rho: number): tf.Tensor {
  return tf.add(tf.mul(old, rho), tf.mul(value, 1 - rho));
}

/** tf: g / √(s + ε); PyTorch: g / (√s + ε). */
function root(square: tf.Tensor, epsilon: number, conventions: Conventions): tf.Tensor {
  return conventions === 'pytorch' ? tf.add(tf.sqrt(square), epsilon) : tf.sqrt(tf.add(square, epsilon));
}

export const adagrad: OptimizerRow = {
  name: 'adagrad',
  doc: {
    en: 'Divides by the root of the sum of all squared gradients: steps only shrink.',
    zh: '除以历史梯度平方和的平方根：步长只减不增。',
  },
  formula: 's ← s + g²; w ← w − η g/√s (tf: √(s + ε), PyTorch: √s + ε)',
  source: 'Duchi et al. 2011; tf.train.adagrad; torch.optim.Adagrad',
  parameters: [
    number('initialAccumulator', 0.1, 0, 'Where the sum starts.', '平方和的初值。'),
    number('epsilon', 1e-7, 1e-10, 'Keeps the quotient finite.', '避免除以零。'),
  ],
  create: (constants, conventions) => ({
    name: 'adagrad',
    constants: constants.values,
    slots: [{ name: 'sum', start: constants.number('initialAccumulator') }],
    coefficients: learningRateOf,
    update: (value, gradient, [old], [learningRate]) => {
      const sum = tf.add(old as tf.Tensor, tf.square(gradient));
      const step = tf.div(
        tf.mul(gradient, learningRate as Coefficient),
        root(sum, constants.number('epsilon'), conventions),
      );
      return { value: tf.sub(value, step), slots: [sum] };
    },
  }),
};

export const adadelta: OptimizerRow = {
  name: 'adadelta',
  doc: {
    en: 'Scales steps by the ratio of past updates to past gradients; try a learning rate of 1.',
    zh: '按历史更新量与历史梯度之比缩放步长；学习率可试 1。',
  },
  formula: 's ← ρs + (1−ρ)g²; Δ = g√(d + ε)/√(s + ε); d ← ρd + (1−ρ)Δ²; w ← w − η Δ',
  source: 'Zeiler 2012; tf.train.adadelta; torch.optim.Adadelta',
  parameters: [
    number('rho', 0.95, 0.9, 'Decay of both means.', '两个均值的衰减率。'),
    number(
      'epsilon',
      1e-7,
      1e-6,
      'Keeps the quotient finite and lets the first steps begin.',
      '避免除以零，并让最初几步得以启动。',
    ),
  ],
  create: (constants) => {
    const [rho, eps] = [constants.number('rho'), constants.number('epsilon')];
    return {
      name: 'adadelta',
      constants: constants.values,
      slots: [
        { name: 'square', start: 0 },
        { name: 'update', start: 0 },
      ],
      coefficients: learningRateOf,
      update: (value, gradient, [oldSquare, oldUpdate], [learningRate]) => {
        const square = decay(oldSquare as tf.Tensor, tf.square(gradient), rho);
        const ratio = tf.div(tf.sqrt(tf.add(oldUpdate as tf.Tensor, eps)), tf.sqrt(tf.add(square, eps)));
        const update = tf.mul(ratio, gradient);
        const squares = decay(oldUpdate as tf.Tensor, tf.square(update), rho);
        return { value: tf.sub(value, tf.mul(update, learningRate as Coefficient)), slots: [square, squares] };
      },
    };
  },
};

/**
 * Slots: mean of squares; with momentum a velocity; centered also the mean of gradients. tf multiplies the learning rate
 * into the velocity, PyTorch multiplies the velocity by it: they differ where the rate changes.
 */
function rmspropRule(constants: Constants, conventions: Conventions): UpdateRule {
  const [rho, eps, mu] = [constants.number('decay'), constants.number('epsilon'), constants.number('momentum')];
  const centered = constants.flag('centered');
  const hasVelocity = mu > 0;
  const slots = [{ name: 'square', start: 0 }];
  if (hasVelocity) slots.push({ name: 'velocity', start: 0 });
  if (centered) slots.push({ name: 'mean', start: 0 });
  return {
    name: 'rmsprop',
    constants: constants.values,
    slots,
    coefficients: learningRateOf,
    update: (value, gradient, old, [rate]) => {
      const learningRate = rate as Coefficient;
      const square = decay(old[0] as tf.Tensor, tf.square(gradient), rho);
      const mean = centered ? decay(old[slots.length - 1] as tf.Tensor, gradient, rho) : null;
      // Rounding may carry E[g²] − E[g]² just below zero.
      const spread = mean ? tf.maximum(tf.sub(square, tf.square(mean)), 0) : square;
      const direction = tf.div(gradient, root(spread, eps, conventions));
      const scaled = conventions === 'pytorch' ? direction : tf.mul(direction, learningRate);
      const velocity = hasVelocity ? tf.add(tf.mul(old[1] as tf.Tensor, mu), scaled) : scaled;
      const step = conventions === 'pytorch' ? tf.mul(velocity, learningRate) : velocity;
      const kept = [square, ...(hasVelocity ? [velocity] : []), ...(mean ? [mean] : [])];
      return { value: tf.sub(value, step), slots: kept };
    },
  };
}

export const rmsprop: OptimizerRow = {
  name: 'rmsprop',
  doc: { en: 'Divides by the root of a running mean of squared gradients.', zh: '除以梯度平方滑动均值的平方根。' },
  formula: 's ← ρs + (1−ρ)g²; w ← w − η g/√s (tf: √(s + ε), PyTorch: √s + ε)',
  source: 'Hinton, lecture 6e; tf.train.rmsprop; torch.optim.RMSprop',
  parameters: [
    number('decay', 0.9, 0.99, 'Decay of the mean (ρ; PyTorch: alpha).', '均值的衰减率（ρ；PyTorch 称 alpha）。'),
    number('momentum', 0, 0, 'Share of the last step that is kept.', '保留上一步的比例。'),
    number('epsilon', 1e-7, 1e-8, 'Keeps the quotient finite.', '避免除以零。'),
    flag('centered', false, 'Subtract the squared mean of the gradients.', '减去梯度均值的平方。'),
  ],
  create: rmspropRule,
};
