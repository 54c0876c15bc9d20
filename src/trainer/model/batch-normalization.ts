/**
 * Batch normalization over the last axis. In a saved model it is tf.layers' `BatchNormalization`, weight for weight.
 * While training it differs from tf.layers' in five ways: one fused gradient instead of a dozen taped operations;
 * `updateStatistics` can hold the moving statistics for a second pass on the same batch; in a frozen layer it uses its
 * moving statistics (as Keras 2 does); with PyTorch's conventions the moving variance takes the unbiased estimate; with
 * `debias` the moving statistics hold nothing of the values they began with.
 */
import { tf, tfl } from '../../engine/tfjs.ts';
import type { StepContext } from './context.ts';
import { type CallArguments, only } from './stand-in-layers.ts';

export interface BatchNormalizationOptions {
  readonly name: string;
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly trainable: boolean;
  /** Moving variance from Σ(x − mean)² / (n − 1), as torch.nn.BatchNorm; the batch itself always divides by n. */
  readonly unbiased: boolean;
  /** Moving averages over the batches alone, without a share of their first values. */
  readonly debias: boolean;
  readonly context: StepContext;
}

/** How a layer averages over batches, and how far it has come. */
export interface Averaging {
  /** Share of the old value that an update keeps. */
  readonly momentum: number;
  readonly debias: boolean;
  /** How many updates there were: a variable like the averages, so that it goes wherever they go. */
  readonly updates: tf.Variable;
}

export class BatchNormalization extends tfl.layers.Layer {
  static readonly className = 'BatchNormalization';
  readonly #options: BatchNormalizationOptions;
  #gamma: tfl.LayerVariable | null = null;
  #beta: tfl.LayerVariable | null = null;
  #movingMean: tfl.LayerVariable | null = null;
  #movingVariance: tfl.LayerVariable | null = null;
  #updates: tf.Variable | null = null;

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
    this.#updates = tf.tidy(() => tf.variable(tf.scalar(0), false));
    this.built = true;
  }

  /** The count of updates is no weight of the layer, so that a saved model stays tf.layers'. */
  get averaging(): Averaging {
    if (!this.#updates) throw new Error(`Layer ${this.name} was asked before it was built.`);
    const { momentum, debias } = this.#options;
    return { momentum, debias, updates: this.#updates };
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
    const { unbiased, context } = this.#options;
    if (!context.updateStatistics) return;
    const { momentum, debias, updates } = this.averaging;
    const [movingMean, movingVariance] = this.#statistics();
    const correction = unbiased && count > 1 ? count / (count - 1) : 1;
    updates.assign(tf.add(updates, 1));
    const rate = debias ? debiasedRate(momentum, updates) : null;
    const towards = (variable: tfl.LayerVariable, value: tf.Tensor): void => {
      const old = variable.read();
      const moved = rate
        ? tf.add(tf.mul(old, tf.sub(1, rate)), tf.mul(value, rate))
        : tf.add(old, tf.mul(tf.sub(value, old), 1 - momentum));
      variable.write(moved);
    };
    towards(movingMean, mean);
    towards(movingVariance, correction === 1 ? variance : tf.mul(variance, correction));
  }
}

/**
 * Weight of the newest batch in a debiased average. With aₜ = (1 − m) Σ mᵗ⁻ⁱ xᵢ / (1 − mᵗ), where the weights of the t
 * batches sum to 1, aₜ = aₜ₋₁ + r (xₜ − aₜ₋₁) for r = (1 − m) / (1 − mᵗ): 1 at the first batch, whatever a₀ is. By expm1,
 * since 1 − mᵗ cancels in float32; both times, so that it is exactly 1 there.
 */
function debiasedRate(momentum: number, updates: tf.Tensor): tf.Tensor {
  if (momentum === 0) return tf.scalar(1);
  const logarithm = tf.scalar(Math.log(momentum));
  return tf.div(tf.expm1(logarithm), tf.expm1(tf.mul(updates, logarithm)));
}
