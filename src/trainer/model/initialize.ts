/**
 * First values of parameters, drawn by (seed, layer path, parameter name) and so independent of everything else in the
 * model (conventions 1.8), by the rules of either world (conventions 1.9).
 */
import { keyed, type Random } from '../../numbers/random.ts';

/** Whose defaults hold: those of tf.layers (Keras), or those of torch.nn and torch.optim. */
export type Conventions = 'tf' | 'pytorch';

/** A weight about to get its first value. */
export interface NewParameter {
  /** Path of its layer in the plan, e.g. `trunk/0`. */
  readonly path: string;
  /** tf.layers' name of the weight: `kernel`, `bias`, `gamma`, … */
  readonly name: string;
  readonly shape: readonly number[];
  /** Inputs of one unit of the layer (PyTorch draws biases by it, too); 0 for layers without a kernel. */
  readonly fanIn: number;
  /** The layer's `kernelInitializer`, `biasInitializer`, …; the default of the conventions when absent. */
  readonly initializer?: string;
}

interface Draw {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly shape: readonly number[];
  readonly random: Random;
  readonly conventions: Conventions;
}

type Initializer = (values: Float32Array, draw: Draw) => Float32Array;

const uniform =
  (limit: (draw: Draw) => number): Initializer =>
  (values, draw) => {
    const bound = limit(draw);
    return fill(values, () => draw.random.uniform(-bound, bound));
  };

const truncated =
  (deviation: (draw: Draw) => number): Initializer =>
  (values, draw) => {
    const sd = deviation(draw);
    return fill(values, () => draw.random.truncatedNormal(0, sd));
  };

/**
 * tf.layers' initializers with tf.layers' constants (the truncated normals are not rescaled, as in tfjs), and PyTorch's
 * `kaiming_uniform(a = √5)`, which is U(±1/√fanIn). `randomNormal` has sd 0.05 in tf.layers and 1 in torch.nn.
 */
const initializers: Readonly<Record<string, Initializer>> = {
  glorotUniform: uniform(({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut))),
  glorotNormal: truncated(({ fanIn, fanOut }) => Math.sqrt(2 / (fanIn + fanOut))),
  heUniform: uniform(({ fanIn }) => Math.sqrt(6 / fanIn)),
  heNormal: truncated(({ fanIn }) => Math.sqrt(2 / fanIn)),
  leCunUniform: uniform(({ fanIn }) => Math.sqrt(3 / fanIn)),
  leCunNormal: truncated(({ fanIn }) => Math.sqrt(1 / fanIn)),
  torchUniform: uniform(({ fanIn }) => (fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0)),
  randomUniform: uniform(() => 0.05),
  randomNormal: (values, { random, conventions }) =>
    fill(values, () => random.normal(0, conventions === 'pytorch' ? 1 : 0.05)),
  orthogonal: (values, { shape, random }) => orthogonal(values, shape, random),
  zeros: (values) => values.fill(0),
  ones: (values) => values.fill(1),
};

const defaults: Readonly<Record<Conventions, Readonly<Record<'kernel' | 'bias' | 'embeddings', string>>>> = {
  tf: { kernel: 'glorotUniform', bias: 'zeros', embeddings: 'randomUniform' },
  pytorch: { kernel: 'torchUniform', bias: 'torchUniform', embeddings: 'randomNormal' },
};

/** First values of a parameter. Gamma and moving variance are 1, beta and moving mean 0. */
export function initialValue(parameter: NewParameter, seed: number, conventions: Conventions): Float32Array {
  const { path, name, shape, fanIn } = parameter;
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (name === 'gamma' || name === 'moving_variance') return values.fill(1);
  const kind = isKernel(name) ? 'kernel' : name;
  if (kind !== 'kernel' && kind !== 'bias' && kind !== 'embeddings') return values;
  const initializer = initializers[parameter.initializer ?? defaults[conventions][kind]];
  if (initializer === undefined)
    throw new Error(`"${path}" asks for an unknown initializer "${String(parameter.initializer)}".`);
  const receptive = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const random = keyed(seed, 'initialize', path, name);
  return initializer(values, { fanIn, fanOut: receptive * (shape.at(-1) ?? 1), shape, random, conventions });
}

/** Key of a weight's initializer in the layer's arguments: `kernel` → `kernelInitializer`. */
export function initializerKey(name: string): string {
  return `${name.replace(/_kernel$/, '')}Initializer`;
}

/** Weights that multiply inputs: l1 and l2 act on them. */
export function isKernel(name: string): boolean {
  return name.endsWith('kernel');
}

/** Values that meet in one output unit: all axes of a kernel but the last (units, filters). */
export function fanInOf(kernelShape: readonly number[]): number {
  return kernelShape.slice(0, -1).reduce((product, size) => product * size, 1);
}

function fill(values: Float32Array, draw: () => number): Float32Array {
  for (let index = 0; index < values.length; index++) values[index] = draw();
  return values;
}

/** A random matrix whose shorter side is orthonormal: Gram–Schmidt of normal numbers, twice for accuracy. */
function orthogonal(values: Float32Array, shape: readonly number[], random: Random): Float32Array {
  const columns = shape.at(-1) ?? 1;
  const rows = values.length / columns;
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtractProjection(vector, other);
    const norm = Math.hypot(...vector);
    if (norm > 1e-6) basis.push(vector.map((value) => value / norm));
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [vector, index] = rows < columns ? [row, column] : [column, row];
      values[row * columns + column] = basis[vector]?.[index] ?? 0;
    }
  }
  return values;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const product = vector.reduce((sum, value, index) => sum + value * (unit[index] ?? 0), 0);
  for (let index = 0; index < vector.length; index++)
    vector[index] = (vector[index] ?? 0) - product * (unit[index] ?? 0);
}
