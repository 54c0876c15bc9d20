/**
 * Batch normalization over the last axis. In a saved model it is tf.layers' `BatchNormalization`, weight for weight.
 * While training it differs from tf.layers' in four ways: one fused gradient instead of a dozen taped operations;
 * `updateStatistics` can hold the moving statistics for a second pass on the same batch; in a frozen layer it uses its
 * moving statistics (as Keras 2 does); with PyTorch's conventions the moving variance takes the unbiased estimate.
 */
import { tf, tfl } from '../engine/tfjs.ts';
import type { StepContext } from './context.ts';
import { type CallArguments, only } from './own-layers.ts';

export interface BatchNormalizationOptions {
  readonly name: string;
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly trainable: boolean;
  /** Moving variance from Σ(x − mean)² / (n − 1), as torch.nn.BatchNorm; the batch itself always divides by n. */
  readonly unbiased: boolean;
  readonly context: StepContext;
}

export class BatchNormalization extends tfl.layers.Layer {
  static readonly className = 'BatchNormalization';
  readonly #options: BatchNormalizationOptions;
  #gamma: tfl.LayerVariable | null = null;
  #beta: tfl.LayerVariable | null = null;
  #movingMean: tfl.LayerVariable | null = null;
  #movingVariance: tfl.LayerVariable | null = null;

  constructor(options: BatchNormalizationOptions) {
    super({ name: options.name, trainable: options.trainable });
    this.#options = options;
    this.supportsMasking = true;
  }

  override computeOutputShape(shape: tfl.Shape): tfl.Shape {
    return shape;
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = (inputShape as tfl.Shape).at(-1) ?? null;
    const add = (name: string, value: 'zeros' | 'ones', trainable: boolean): tfl.LayerVariable =>
      this.addWeight(name, [channels], 'float32', tfl.initializers[value](), undefined, trainable);
    if (this.#options.scale) this.#gamma = add('gamma', 'ones', true);
    if (this.#options.center) this.#beta = add('beta', 'zeros', true);
    this.#movingMean = add('moving_mean', 'zeros', false);
    this.#movingVariance = add('moving_variance', 'ones', false);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor {
    const input = only(inputs);
    return tf.tidy(() => {
      if (kwargs['training'] === true && this.#options.trainable) return this.#train(input);
      const [mean, variance] = this.#statistics().map((weight) => weight.read() as tf.Tensor1D) as [
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const beta = this.#beta?.read() as tf.Tensor1D | undefined;
      const gamma = this.#gamma?.read() as tf.Tensor1D | undefined;
      // The same kernel as tf.layers' own layer: a loaded model then gives the same bits.
      return tf.batchNorm(input as tf.Tensor4D, mean, variance, beta, gamma, this.#options.epsilon);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { momentum, epsilon, center, scale } = this.#options;
    return { ...super.getConfig(), axis: -1, momentum, epsilon, center, scale };
  }

  #statistics(): readonly [tfl.LayerVariable, tfl.LayerVariable] {
    if (!this.#movingMean || !this.#movingVariance)
      throw new Error(`Layer ${this.name} was called before it was built.`);
    return [this.#movingMean, this.#movingVariance];
  }

  /** x̂ = (x − mean)/√(var + ε), y = γx̂ + β; dx = γ/√(var + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)). */
  #train(input: tf.Tensor): tf.Tensor {
    const channels = input.shape.at(-1) ?? 1;
    const gamma = this.#gamma?.read() ?? tf.ones([channels]);
    const beta = this.#beta?.read() ?? tf.zeros([channels]);
    const axes = input.shape.slice(0, -1).map((_, axis) => axis);
    const normalize = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
      const [x, g, b, save] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
      const mean = tf.mean(x, axes);
      const centered = tf.sub(x, mean);
      const variance = tf.mean(tf.square(centered), axes);
      const inverse = tf.rsqrt(tf.add(variance, this.#options.epsilon));
      const normal = tf.mul(centered, inverse);
      this.#move(mean, variance, x.size / mean.size);
      save([normal, inverse, g]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
        const [xHat, inverseDeviation, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const product = tf.mul(dy, xHat);
        const spread = tf.sub(tf.sub(dy, tf.mean(dy, axes)), tf.mul(xHat, tf.mean(product, axes)));
        return [tf.mul(spread, tf.mul(scale, inverseDeviation)), tf.sum(product, axes), tf.sum(dy, axes)];
      };
      return { value: tf.add(tf.mul(normal, g), b), gradFunc };
    });
    return normalize(input, gamma, beta);
  }

  #move(mean: tf.Tensor, variance: tf.Tensor, count: number): void {
    const { momentum, unbiased, context } = this.#options;
    if (!context.updateStatistics) return;
    const [movingMean, movingVariance] = this.#statistics();
    const correction = unbiased && count > 1 ? count / (count - 1) : 1;
    const towards = (variable: tfl.LayerVariable, value: tf.Tensor): void => {
      const old = variable.read();
      variable.write(tf.add(old, tf.mul(tf.sub(value, old), 1 - momentum)));
    };
    towards(movingMean, mean);
    towards(movingVariance, correction === 1 ? variance : tf.mul(variance, correction));
  }
}
