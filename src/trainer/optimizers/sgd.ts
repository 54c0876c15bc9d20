/** Gradient descent, plain and with a running sum of gradients. The same in tf and PyTorch. */
import { tf } from '../../engine/tfjs.ts';
import type { Coefficient, OptimizerRow, Rule } from './contract.ts';

export const sgd: OptimizerRow<'sgd'> = () => ({
  slots: [],
  coefficients: ({ learningRate }) => [learningRate],
  update: (value, gradient, _slots, [learningRate]) => ({
    value: tf.sub(value, tf.mul(gradient, learningRate as Coefficient)),
    slots: [],
  }),
});

function withMomentum(momentum: number, looksAhead: boolean): Rule {
  return {
    slots: [{ name: 'velocity', start: 0 }],
    coefficients: ({ learningRate }) => [learningRate],
    update: (value, gradient, [old], [learningRate]) => {
      const velocity = tf.add(tf.mul(old as tf.Tensor, momentum), gradient);
      const direction = looksAhead ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
      return { value: tf.sub(value, tf.mul(direction, learningRate as Coefficient)), slots: [velocity] };
    },
  };
}

export const momentum: OptimizerRow<'momentum'> = (constants) => withMomentum(constants.momentum, false);

export const nesterov: OptimizerRow<'nesterov'> = (constants) => withMomentum(constants.momentum, true);
