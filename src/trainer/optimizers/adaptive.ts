/** Optimizers that divide by a history of squared gradients: adagrad, adadelta, rmsprop. */
import { tf } from '../../engine/tfjs.ts';
import type { Conventions } from '../../spec/resolved.ts';
import type { Coefficient, OptimizerRow, UpdateContext } from './contract.ts';

const learningRateOf = ({ learningRate }: UpdateContext): readonly number[] => [learningRate];

function decay(old: tf.Tensor, value: tf.Tensor, rho: number): tf.Tensor {
  return tf.add(tf.mul(old, rho), tf.mul(value, 1 - rho));
}

/** tf: g / √(s + ε); PyTorch: g / (√s + ε). */
function root(square: tf.Tensor, epsilon: number, conventions: Conventions): tf.Tensor {
  return conventions === 'pytorch' ? tf.add(tf.sqrt(square), epsilon) : tf.sqrt(tf.add(square, epsilon));
}

export const adagrad: OptimizerRow<'adagrad'> = ({ initialAccumulator, epsilon }, conventions) => ({
  slots: [{ name: 'sum', start: initialAccumulator }],
  coefficients: learningRateOf,
  update: (value, gradient, [old], [learningRate]) => {
    const sum = tf.add(old as tf.Tensor, tf.square(gradient));
    const step = tf.div(tf.mul(gradient, learningRate as Coefficient), root(sum, epsilon, conventions));
    return { value: tf.sub(value, step), slots: [sum] };
  },
});

export const adadelta: OptimizerRow<'adadelta'> = ({ rho, epsilon }) => ({
  slots: [
    { name: 'square', start: 0 },
    { name: 'update', start: 0 },
  ],
  coefficients: learningRateOf,
  update: (value, gradient, [oldSquare, oldUpdate], [learningRate]) => {
    const square = decay(oldSquare as tf.Tensor, tf.square(gradient), rho);
    const ratio = tf.div(tf.sqrt(tf.add(oldUpdate as tf.Tensor, epsilon)), tf.sqrt(tf.add(square, epsilon)));
    const update = tf.mul(ratio, gradient);
    const squares = decay(oldUpdate as tf.Tensor, tf.square(update), rho);
    return { value: tf.sub(value, tf.mul(update, learningRate as Coefficient)), slots: [square, squares] };
  },
});

/**
 * Slots: mean of squares; with momentum a velocity; centered also the mean of gradients. tf multiplies the learning rate
 * into the velocity, PyTorch multiplies the velocity by it: they differ where the rate changes.
 */
export const rmsprop: OptimizerRow<'rmsprop'> = ({ decay: rho, epsilon: eps, momentum: mu, centered }, conventions) => {
  const hasVelocity = mu > 0;
  const slots = [{ name: 'square', start: 0 }];
  if (hasVelocity) slots.push({ name: 'velocity', start: 0 });
  if (centered) slots.push({ name: 'mean', start: 0 });
  return {
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
};
