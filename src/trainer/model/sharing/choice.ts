/**
 * Learned branching (Guo et al., ICML 2020; LibMTL 1.1.5): which of n columns goes on. While training,
 * y = softmax((α + Gumbel noise) / τ), forwards one-hot(argmax y), backwards the gradient of y (straight through);
 * τ = (epochs / 20) / √(epoch + 1). In the first hundredth of the epochs all columns are added up and α gets no gradient.
 * Otherwise, and in a saved model, the column with the largest α.
 */
import { tf, tfl } from '../../../engine/tfjs.ts';
import { keyed } from '../../../numbers/random.ts';
import { drawn, type StepContext } from '../context.ts';
import type { CallArguments } from '../stand-in-layers.ts';

export interface BranchChoiceOptions {
  readonly name: string;
  readonly trainable: boolean;
  readonly path: string;
  /** Absent in a model loaded from files, which then never chooses at random. */
  readonly context?: StepContext;
}

/** A layer of our own: whoever loads a saved model with it registers it first (docs/sharing.md). */
export class BranchChoice extends tfl.layers.Layer {
  static readonly className = 'MtlBranchChoice';
  readonly #path: string;
  readonly #context: StepContext | undefined;
  #alpha: tfl.LayerVariable | null = null;
  /** Gumbel noise of a step, [n]; tests give their own. */
  noise: (count: number) => Float32Array;

  constructor(options: BranchChoiceOptions) {
    super({ name: options.name, trainable: options.trainable });
    this.#path = options.path;
    this.#context = options.context;
    this.noise = (count) => this.#draw(count);
  }

  override computeOutputShape(shapes: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [first] = shapes as tfl.Shape[];
    return Array.isArray(first) ? first : (shapes as tfl.Shape);
  }

  override build(shapes: tfl.Shape | tfl.Shape[]): void {
    const count = Array.isArray(shapes[0]) ? shapes.length : 1;
    this.#alpha = this.addWeight('alpha', [count], 'float32', tfl.initializers.zeros(), undefined, true);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor {
    const columns = Array.isArray(inputs) ? inputs : [inputs];
    const alpha = this.#alpha?.read();
    if (!alpha) throw new Error(`Layer ${this.name} was called before it was built.`);
    return tf.tidy(() => {
      const context = kwargs['training'] === true ? this.#context : undefined;
      const factors = context ? this.#factors(alpha as tf.Tensor1D, context) : oneHotOfLargest(alpha as tf.Tensor1D);
      if (factors === null) return tf.addN(columns);
      const weighed = tf.unstack(factors).map((factor, index) => tf.mul(columns[index] as tf.Tensor, factor));
      return tf.addN(weighed);
    });
  }

  /** One-hot with the gradient of the softmax; null in the warm-up. */
  #factors(alpha: tf.Tensor1D, context: StepContext): tf.Tensor1D | null {
    if (isWarmUp(context)) return null;
    const noise = drawn(context, `branch ${this.#path}`, alpha.shape, () => this.noise(alpha.size));
    const temperature = drawn(context, 'branch temperature', [], () => Float32Array.of(temperatureOf(context)));
    const soft = tf.softmax<tf.Tensor1D>(tf.div(tf.add(alpha, noise), temperature));
    return straightThrough(soft);
  }

  /** −ln(−ln u), drawn by (seed, path, step): a resumed run draws the same. */
  #draw(count: number): Float32Array {
    if (!this.#context) return new Float32Array(count);
    const { seed, step, part } = this.#context;
    const random = keyed(seed, 'branch', this.#path, step, part);
    return Float32Array.from({ length: count }, () => -Math.log(-Math.log(random.uniform(1e-12, 1))));
  }
}

function epochOf({ step, stepsPerEpoch }: StepContext): number {
  return Math.floor(step / Math.max(1, stepsPerEpoch));
}

/** In the first hundredth of the epochs nothing is chosen yet. */
export function isWarmUp(context: StepContext): boolean {
  return epochOf(context) < context.epochs / 100;
}

function temperatureOf(context: StepContext): number {
  return context.epochs / 20 / Math.sqrt(epochOf(context) + 1);
}

/** one-hot(argmax y), with the gradient of y. */
function straightThrough(soft: tf.Tensor1D): tf.Tensor1D {
  const hard = tf.customGrad((given) => {
    const value = oneHotOfLargest(given as tf.Tensor1D);
    return { value, gradFunc: (dy: tf.Tensor) => dy };
  });
  return hard(soft) as unknown as tf.Tensor1D;
}

function oneHotOfLargest(values: tf.Tensor1D): tf.Tensor1D {
  return tf.cast(tf.oneHot(tf.argMax(values), values.size), 'float32') as tf.Tensor1D;
}

tf.serialization.registerClass(BranchChoice);
