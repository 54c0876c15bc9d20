/**
 * Layers of our own that pass for tf.layers' in a saved model: same class name, same configuration, same weights. They
 * differ only while training, so that whoever loads the model needs nothing of ours.
 */
import { tf, tfl } from '../../engine/tfjs.ts';
import { keyed } from '../../numbers/random.ts';
import { drawn, type StepContext } from './context.ts';

export type CallArguments = Readonly<Record<string, unknown>>;

export function only(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const input = Array.isArray(inputs) ? inputs[0] : inputs;
  if (input === undefined) throw new Error('A layer was called without an input.');
  return input;
}

/** Inverted dropout whose mask is drawn by (seed, layer, step): a resumed run draws the same masks (conventions 1.8). */
export class KeyedDropout extends tfl.layers.Layer {
  static readonly className = 'Dropout';
  readonly #rate: number;
  readonly #path: string;
  readonly #context: StepContext;

  constructor(options: { name: string; rate: number; path: string; context: StepContext }) {
    super({ name: options.name });
    this.#rate = options.rate;
    this.#path = options.path;
    this.#context = options.context;
    this.supportsMasking = true;
  }

  override computeOutputShape(shape: tfl.Shape): tfl.Shape {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor {
    const input = only(inputs);
    if (kwargs['training'] !== true || this.#rate === 0) return input;
    return tf.tidy(() => {
      const mask = drawn(this.#context, `dropout ${this.#path}`, input.shape, () => this.#mask(input.size));
      return tf.mul(input, mask);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.#rate, noiseShape: null, seed: null };
  }

  /** 0 with probability `rate`, else 1 / (1 − rate). */
  #mask(size: number): Float32Array {
    const { seed, step, part } = this.#context;
    const random =
      part === 0 ? keyed(seed, 'dropout', this.#path, step) : keyed(seed, 'dropout', this.#path, step, part);
    const threshold = this.#rate * 4_294_967_296;
    const kept = 1 / (1 - this.#rate);
    const mask = new Float32Array(size);
    for (let index = 0; index < size; index++) mask[index] = random.bits() >= threshold ? kept : 0;
    return mask;
  }
}

/** The same numbers, but no gradient flows back: `stopGradient` of a task that reads another task. */
export class GradientStop extends tfl.layers.Layer {
  static readonly className = 'Activation';

  constructor(name: string) {
    super({ name });
    this.supportsMasking = true;
  }

  override computeOutputShape(shape: tfl.Shape): tfl.Shape {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const stopped = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
    }));
    return stopped(only(inputs));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), activation: 'linear' };
  }
}
