/** Gradient descent, plain and with a running sum of gradients. The same in tf and PyTorch. */
import { tf } from '../../engine/tfjs.ts';
import { number } from './parameters.ts';
import type { Coefficient, OptimizerRow, UpdateRule } from './contract.ts';

export const sgd: OptimizerRow = {
  name: 'sgd',
  doc: { en: 'A step down the gradient.', zh: '沿梯度下降一步。' },
  formula: 'w ← w − η g',
  source: 'tf.train.sgd; torch.optim.SGD',
  parameters: [],
  create: ({ values }) => ({
    name: 'sgd',
    constants: values,
    slots: [],
    coefficients: ({ learningRate }) => [learningRate],
    update: (value, gradient, _slots, [learningRate]) => ({
      value: tf.sub(value, tf.mul(gradient, learningRate as Coefficient)),
      slots: [],
    }),
  }),
};

const momentumParameter = number(
  'momentum',
  0.9,
  0.9,
  'Share of the running sum that is kept.',
  '累积梯度保留的比例。',
);

function withMomentum(name: 'momentum' | 'nesterov', momentum: number, values: UpdateRule['constants']): UpdateRule {
  return {
    name,
    constants: values,
    slots: [{ name: 'velocity', start: 0 }],
    coefficients: ({ learningRate }) => [learningRate],
    update: (value, gradient, [old], [learningRate]) => {
      const velocity = tf.add(tf.mul(old as tf.Tensor, momentum), gradient);
      const direction = name === 'nesterov' ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
      return { value: tf.sub(value, tf.mul(direction, learningRate as Coefficient)), slots: [velocity] };
    },
  };
}

export const momentum: OptimizerRow = {
  name: 'momentum',
  doc: { en: 'Gradient descent along a running sum of gradients.', zh: '沿累积梯度方向下降。' },
  formula: 'v ← μv + g; w ← w − η v',
  source: 'tf.train.momentum; torch.optim.SGD(momentum)',
  parameters: [momentumParameter],
  create: (constants) => withMomentum('momentum', constants.number('momentum'), constants.values),
};

export const nesterov: OptimizerRow = {
  name: 'nesterov',
  doc: { en: 'Momentum that looks one step ahead.', zh: '向前看一步的动量法。' },
  formula: 'v ← μv + g; w ← w − η (g + μv)',
  source: 'tf.train.momentum(useNesterov); torch.optim.SGD(nesterov)',
  parameters: [momentumParameter],
  create: (constants) => withMomentum('nesterov', constants.number('momentum'), constants.values),
};
