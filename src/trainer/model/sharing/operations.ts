/**
 * How the parts of sharing mechanisms combine what they read: one row each. All but `choice` and `selector` are made of
 * plain tf.layers, so that a saved model needs nothing of ours.
 */
import type { PartOperation, PlanPart } from '../../../plan/plan.ts';
import { tfl } from '../../../engine/tfjs.ts';
import type { StepContext } from '../context.ts';
import { BranchChoice } from './choice.ts';
import { ExpertSelector } from './selector.ts';

/** A part to build. */
export interface NewOperation<Operation extends PartOperation = PartOperation> {
  readonly part: PlanPart;
  readonly operation: Operation;
  readonly inputs: readonly tfl.SymbolicTensor[];
  /** Shape of one sample of the result. */
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly context: StepContext;
  /** Unique layer name for a path below the part's. */
  readonly name: (suffix: string) => string;
  /** Makes a value once for all parts that read the same tensors: experts side by side. */
  readonly once: (key: string, make: () => tfl.SymbolicTensor) => tfl.SymbolicTensor;
}

export interface BuiltOperation {
  readonly output: tfl.SymbolicTensor;
  /** The layer that holds the operation's own weights, and how their first values are found. */
  readonly weighted?: { readonly layer: tfl.layers.Layer; readonly first?: FirstValues };
}

/** First values by weight name; a weight it does not know starts by the conventions. */
export type FirstValues = (
  weight: string,
  size: number,
  random: () => { uniform(low: number, high: number): number },
) => readonly number[] | undefined;

type OperationOf<Kind extends PartOperation['kind']> = Extract<PartOperation, { readonly kind: Kind }>;

const rows: {
  readonly [Kind in PartOperation['kind']]: (given: NewOperation<OperationOf<Kind>>) => BuiltOperation;
} = {
  join: ({ inputs, name }) => ({ output: joined(inputs, name) }),
  product: ({ inputs, name }) => ({
    output: apply(tfl.layers.multiply({ name: name('product') }), [...inputs]),
  }),
  mixture,
  stitch,
  subspaces,
  choice: ({ inputs, part, name, trainable, context }) => {
    const layer = new BranchChoice({ name: name('choice'), trainable, path: part.path, context });
    return { output: apply(layer, [...inputs]), weighted: { layer, first: () => undefined } };
  },
  selector: ({ inputs, operation, name, trainable, context }) => {
    const { codes, selected, gamma, entropy } = operation;
    const layer = new ExpertSelector({ name: name('gate'), trainable, codes, selected, gamma, entropy, context });
    // Near the middle of the smooth step, where the gradient is largest (Hazimeh et al. 2021, appendix).
    const bound = gamma / 100;
    return {
      output: apply(layer, [...inputs]),
      weighted: {
        layer,
        first: (weight, size, random) =>
          weight.startsWith('z_') ? draw(size, random(), bound) : weight === 'w_bias' ? zeros(size) : undefined,
      },
    };
  },
};

/** Builds a part's operation over its sources. */
export function buildOperation(given: NewOperation): BuiltOperation {
  return (rows[given.operation.kind] as (given: NewOperation) => BuiltOperation)(given);
}

function joined(inputs: readonly tfl.SymbolicTensor[], name: NewOperation['name']): tfl.SymbolicTensor {
  const [first] = inputs;
  if (first === undefined) throw new Error('A part of a sharing mechanism reads nothing.');
  return inputs.length === 1 ? first : apply(tfl.layers.concatenate({ name: name('join'), axis: -1 }), [...inputs]);
}

/** gate [E], experts side by side [E, D] → Σ_e g_e E_e [D], as one product of matrices. */
function mixture(given: NewOperation<OperationOf<'mixture'>>): BuiltOperation {
  const { inputs, shape, name, once } = given;
  const [gate, ...experts] = inputs;
  if (gate === undefined) throw new Error('A mixture has no gate.');
  const size = sizeOf(shape);
  const rowsOf = once(`rows ${keyOf(experts)}`, () =>
    sideBySide(
      experts.map((expert, index) => reshaped(expert, [1, size], name(`row${String(index)}`))),
      1,
      name('rows'),
    ),
  );
  const mixed = apply(tfl.layers.dot({ name: name('sum'), axes: 1 }), [gate, rowsOf]);
  return { output: shape.length === 1 ? mixed : reshaped(mixed, shape, name('shape')) };
}

/** n tensors of one shape as the last axis [D, n], then a linear map without bias to one: Σ_j α_j x_j. */
function stitch(given: NewOperation<OperationOf<'stitch'>>): BuiltOperation {
  const { inputs, shape, name, once, trainable, operation } = given;
  const size = sizeOf(shape);
  const columns = once(`columns ${keyOf(inputs)}`, () =>
    sideBySide(
      inputs.map((input, index) => reshaped(input, [size, 1], name(`column${String(index)}`))),
      -1,
      name('columns'),
    ),
  );
  const layer = linear(1, name('factors'), trainable);
  const mixed = apply(layer, columns);
  return { output: reshaped(mixed, shape, name('shape')), weighted: { layer, first: () => operation.first } };
}

/** The last axis of each tensor as two halves: [R, 2n, C/2], mixed over the middle axis to [R, 2, C/2]. */
function subspaces(given: NewOperation<OperationOf<'subspaces'>>): BuiltOperation {
  const { inputs, shape, name, once, trainable, operation } = given;
  const channels = shape.at(-1) ?? 1;
  const rest = sizeOf(shape) / channels;
  const halves = once(`halves ${keyOf(inputs)}`, () => {
    const split = inputs.map((input, index) =>
      reshaped(input, [rest, 2, channels / 2], name(`halves${String(index)}`)),
    );
    const all = sideBySide(split, 2, name('halves'));
    return apply(tfl.layers.permute({ name: name('last'), dims: [1, 3, 2] }), all);
  });
  const layer = linear(2, name('factors'), trainable);
  const back = apply(tfl.layers.permute({ name: name('back'), dims: [1, 3, 2] }), apply(layer, halves));
  return { output: reshaped(back, shape, name('shape')), weighted: { layer, first: () => operation.first } };
}

function linear(units: number, name: string, trainable: boolean): tfl.layers.Layer {
  return tfl.layers.dense({ name, units, useBias: false, kernelInitializer: 'zeros', trainable });
}

function reshaped(input: tfl.SymbolicTensor, shape: readonly number[], name: string): tfl.SymbolicTensor {
  return apply(tfl.layers.reshape({ name, targetShape: [...shape] }), input);
}

/** Axes count the batch as 0. */
function sideBySide(tensors: tfl.SymbolicTensor[], axis: number, name: string): tfl.SymbolicTensor {
  const [first] = tensors;
  if (first === undefined) throw new Error('A part of a sharing mechanism combines nothing.');
  return tensors.length === 1 ? first : apply(tfl.layers.concatenate({ name, axis }), tensors);
}

export function apply(layer: tfl.layers.Layer, input: tfl.SymbolicTensor | tfl.SymbolicTensor[]): tfl.SymbolicTensor {
  return layer.apply(input) as tfl.SymbolicTensor;
}

function keyOf(tensors: readonly tfl.SymbolicTensor[]): string {
  return tensors.map((tensor) => String(tensor.id)).join(' ');
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function draw(size: number, random: { uniform(low: number, high: number): number }, bound: number): readonly number[] {
  return Array.from({ length: size }, () => random.uniform(-bound, bound));
}

function zeros(size: number): readonly number[] {
  return new Array<number>(size).fill(0);
}
