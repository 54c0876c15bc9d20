/** Adam and its relatives. */
import { tf } from '../../engine/tfjs.ts';
import { adamUpdate } from '../../engine/updates.ts';
import type { Coefficient, OptimizerRow, Rule } from './contract.ts';

/** What all of them have. */
interface Constants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** old + (value − old)(1 − β): a running mean. */
function blend(old: tf.Tensor, value: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(old, tf.mul(tf.sub(value, old), 1 - beta));
}

/**
 * η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), written as η c m / (√v + ε√(1 − β₂ᵗ)), c = √(1 − β₂ᵗ) / (1 − β₁ᵗ):
 * the same number in fewer operations.
 */
function adamRule({ beta1, beta2, epsilon }: Constants, weightDecay: number): Rule {
  return {
    slots: [
      { name: 'mean', start: 0 },
      { name: 'square', start: 0 },
    ],
    coefficients: ({ learningRate, count, decays }) => {
      const root = Math.sqrt(1 - beta2 ** count);
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      return [(learningRate * root) / (1 - beta1 ** count), epsilon * root, keep];
    },
    update: (value, gradient, slots, coefficients) => {
      const [oldMean, oldSquare] = slots as readonly [tf.Tensor, tf.Tensor];
      const [stepSize, rooted, keep] = coefficients as readonly [Coefficient, Coefficient, Coefficient];
      const inputs = { value, gradient, mean: oldMean, square: oldSquare };
      const short = adamUpdate(inputs, { beta1, beta2, stepSize, epsilon: rooted, keep });
      if (short) return { value: short.value, slots: [short.mean, short.square] };
      const mean = blend(oldMean, gradient, beta1);
      const square = blend(oldSquare, tf.square(gradient), beta2);
      const step = tf.div(tf.mul(mean, stepSize), tf.add(tf.sqrt(square), rooted));
      const kept = weightDecay === 0 || keep === 1 ? value : tf.mul(value, keep);
      return { value: tf.sub(kept, step), slots: [mean, square] };
    },
  };
}

export const adam: OptimizerRow<'adam'> = (constants) => adamRule(constants, 0);

export const adamw: OptimizerRow<'adamw'> = (constants) => adamRule(constants, constants.weightDecay);

/** tf adds ε to the largest gradient when dividing, PyTorch to |g| before taking the larger. */
export const adamax: OptimizerRow<'adamax'> = ({ beta1, beta2, epsilon }, conventions) => {
  const inside = conventions === 'pytorch' ? epsilon : 0;
  const outside = conventions === 'pytorch' ? 0 : epsilon;
  return {
    slots: [
      { name: 'mean', start: 0 },
      { name: 'largest', start: 0 },
    ],
    coefficients: ({ learningRate, count }) => [learningRate / (1 - beta1 ** count)],
    update: (value, gradient, [oldMean, oldLargest], [stepSize]) => {
      const mean = blend(oldMean as tf.Tensor, gradient, beta1);
      const largest = tf.maximum(tf.mul(oldLargest as tf.Tensor, beta2), tf.add(tf.abs(gradient), inside));
      const step = tf.div(tf.mul(mean, stepSize as Coefficient), tf.add(largest, outside));
      return { value: tf.sub(value, step), slots: [mean, largest] };
    },
  };
};
