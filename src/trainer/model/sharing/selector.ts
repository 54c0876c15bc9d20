/**
 * The gate of DSelect-k (Hazimeh et al., NeurIPS 2021): for an input vector x, z = x Z + b_z as k numbers of `bits` each,
 * s = S(z) with the smooth step
 *   S(u) = 0 for u ≤ −γ/2, 1 for u ≥ γ/2, else −2u³/γ³ + 3u/(2γ) + 1/2,
 * r_je = Π_b (code_eb ? s_jb : 1 − s_jb), w = softmax(x W + b_w), gate_e = Σ_j w_j r_je. Penalty of a batch, summed over
 * samples and selectors: entropy · −Σ_e r ln(r + 1e-6), and 1 / Σ_e r where some codes belong to no expert.
 */
import { tf, tfl } from '../../../engine/tfjs.ts';
import type { StepContext } from '../context.ts';
import { type CallArguments, only } from '../stand-in-layers.ts';

export interface ExpertSelectorOptions {
  readonly name: string;
  readonly trainable?: boolean;
  /** Binary number of each expert, most significant bit first. */
  readonly codes: readonly (readonly number[])[];
  readonly selected: number;
  readonly gamma: number;
  readonly entropy: number;
  /** Absent in a model loaded from files. */
  readonly context?: StepContext;
}

/** Smallest mass of the existing experts that the reachability penalty divides by. */
const smallest = 1e-6;

/** A layer of our own: whoever loads a saved model with it registers it first (docs/sharing.md). */
export class ExpertSelector extends tfl.layers.Layer {
  static readonly className = 'MtlExpertSelector';
  readonly #options: ExpertSelectorOptions;
  #weights: readonly tfl.LayerVariable[] = [];

  constructor(options: ExpertSelectorOptions) {
    super({ name: options.name, ...(options.trainable === undefined ? {} : { trainable: options.trainable }) });
    this.#options = options;
  }

  /** Some penalty acts on its selections. */
  get penalized(): boolean {
    return this.#options.entropy > 0 || this.#incomplete;
  }

  override computeOutputShape(shape: tfl.Shape): tfl.Shape {
    return [shape[0] ?? null, this.#options.codes.length];
  }

  override build(shape: tfl.Shape | tfl.Shape[]): void {
    const width = (shape as tfl.Shape).at(-1) ?? null;
    const { selected } = this.#options;
    const bits = this.#bits;
    const add = (name: string, size: tfl.Shape): tfl.LayerVariable =>
      this.addWeight(name, size, 'float32', tfl.initializers.zeros(), undefined, true);
    this.#weights = [
      add('z_kernel', [width, selected * bits]),
      add('z_bias', [selected * bits]),
      add('w_kernel', [width, selected]),
      add('w_bias', [selected]),
    ];
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallArguments): tf.Tensor {
    const x = only(inputs) as tf.Tensor2D;
    return tf.tidy(() => {
      const [zKernel, zBias, wKernel, wBias] = this.#weights.map((weight) => weight.read());
      if (!zKernel || !zBias || !wKernel || !wBias)
        throw new Error(`Layer ${this.name} was called before it was built.`);
      const z = tf.add(tf.matMul(x, zKernel as tf.Tensor2D), zBias);
      const selections = this.#selections(z); // [batch, k, experts]
      const weights = tf.softmax(tf.add(tf.matMul(x, wKernel as tf.Tensor2D), wBias)); // [batch, k]
      this.#penalize(selections, kwargs['training'] === true);
      return tf.sum(tf.mul(selections, tf.expandDims(weights, 2)), 1);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { codes, selected, gamma, entropy } = this.#options;
    return { ...super.getConfig(), codes: codes.map((code) => [...code]), selected, gamma, entropy };
  }

  get #bits(): number {
    return this.#options.codes[0]?.length ?? 1;
  }

  get #incomplete(): boolean {
    return incomplete(this.#options.codes);
  }

  /** r [batch, k, experts]. */
  #selections(z: tf.Tensor): tf.Tensor3D {
    const { codes, selected, gamma } = this.#options;
    const bits = this.#bits;
    const steps = smoothStep(tf.reshape(z, [-1, selected, bits]), gamma);
    let product: tf.Tensor | undefined;
    for (let bit = 0; bit < bits; bit++) {
      const step = tf.slice(steps, [0, 0, bit], [-1, -1, 1]); // [batch, k, 1]
      const ones = tf.tensor(codes.map((code) => code[bit] ?? 0)); // [experts]
      // s where the expert's bit is 1, 1 − s where it is 0.
      const factor = tf.add(tf.mul(step, tf.sub(tf.mul(ones, 2), 1)), tf.sub(1, ones));
      product = product === undefined ? factor : tf.mul(product, factor);
    }
    if (product === undefined) throw new Error(`Layer ${this.name} has experts without a code.`);
    return product as tf.Tensor3D;
  }

  #penalize(selections: tf.Tensor3D, training: boolean): void {
    const { entropy, context } = this.#options;
    if (!training || !context?.penalties || !this.penalized) return;
    const total = tf.tidy(() => {
      const terms: tf.Tensor[] = [];
      if (entropy > 0) {
        terms.push(tf.mul(tf.sum(tf.mul(selections, tf.log(tf.add(selections, 1e-6)))), -entropy));
      }
      if (this.#incomplete) terms.push(tf.sum(tf.reciprocal(tf.maximum(tf.sum(selections, 2), smallest))));
      return tf.addN(terms);
    });
    context.penalties.push({ layer: this.name, value: tf.keep(total) as tf.Scalar });
  }
}

/** Some binary numbers belong to no expert. */
export function incomplete(codes: readonly (readonly number[])[]): boolean {
  return 2 ** (codes[0]?.length ?? 1) !== codes.length;
}

/** S of width γ, as a polynomial of c = clip(u/γ + 1/2, 0, 1): 3c² − 2c³. */
function smoothStep(u: tf.Tensor, gamma: number): tf.Tensor {
  const c = tf.clipByValue(tf.add(tf.div(u, gamma), 0.5), 0, 1);
  return tf.mul(tf.square(c), tf.sub(3, tf.mul(c, 2)));
}

tf.serialization.registerClass(ExpertSelector);
