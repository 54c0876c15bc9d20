/**
 * TensorFlow as far as the graphs of these tests need it: a binding that computes a graph node by node, with values that
 * are missing behind a `Switch`, and variables. It knows nothing of how the graphs are made.
 */
import assert from 'node:assert/strict';
import type { Graph } from '../../../../../src/engine/native/capture/graph.ts';
import { dataTypes, type AttributeValue, type Node } from '../../../../../src/engine/native/capture/graph-words.ts';
import type { TFJSBinding } from '../../../../../src/engine/native/tfjs-node.ts';

interface Value {
  readonly type: number;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** Null: missing. */
type Maybe = Value | null;

/** The numbers of a type from bytes, or from numbers. */
function typed(type: number, from: ArrayBuffer | readonly number[]): Float32Array | Int32Array | Uint8Array {
  const given = from instanceof ArrayBuffer ? from : [...from];
  if (type === dataTypes.float)
    return given instanceof ArrayBuffer ? new Float32Array(given) : Float32Array.from(given);
  if (type === dataTypes.int32) return given instanceof ArrayBuffer ? new Int32Array(given) : Int32Array.from(given);
  assert.equal(type, dataTypes.bool);
  return given instanceof ArrayBuffer ? new Uint8Array(given) : Uint8Array.from(given);
}

function constant(attribute: AttributeValue | undefined): Value {
  assert.ok(attribute?.kind === 'tensor');
  const { type, shape, bytes } = attribute.value;
  return { type, shape, data: [...typed(type, Uint8Array.from(bytes).buffer)] };
}

/** Of two values of the same shape, or of which one is a scalar. */
function pairwise(a: Value, b: Value, combine: (x: number, y: number) => number): Value {
  const longer = a.data.length >= b.data.length ? a : b;
  const at = ({ data }: Value, place: number): number => data[data.length === 1 ? 0 : place] ?? NaN;
  return { ...longer, data: longer.data.map((_, place) => combine(at(a, place), at(b, place))) };
}

/** Outputs of an operation all of whose inputs are there. */
const operations: Readonly<Record<string, (given: readonly [Value, ...Value[]], node: Node) => readonly Maybe[]>> = {
  Identity: ([value]) => [value],
  DeepCopy: ([value]) => [value],
  Add: ([a, b]) => [pairwise(a, b as Value, (x, y) => x + y)],
  AddV2: ([a, b]) => [pairwise(a, b as Value, (x, y) => x + y)],
  AddN: ([first, ...rest]) => [rest.reduce((a, b) => pairwise(a, b, (x, y) => x + y), first)],
  Sub: ([a, b]) => [pairwise(a, b as Value, (x, y) => x - y)],
  Mul: ([a, b]) => [pairwise(a, b as Value, (x, y) => x * y)],
  LogicalOr: ([a, b]) => [pairwise(a, b as Value, (x, y) => Math.max(x, y))],
  Switch: ([value, flag]) => (flag?.data[0] === 1 ? [null, value] : [value, null]),
  Unpack: ([{ type, data }]) => data.map((value) => ({ type, shape: [], data: [value] })),
  Fill: ([sizes, value]) => {
    const length = sizes.data.reduce((product, size) => product * size, 1);
    return [{ type: dataTypes.float, shape: sizes.data, data: new Array<number>(length).fill(value?.data[0] ?? NaN) }];
  },
  Reshape: ([value]) => [{ ...value, shape: [value.data.length] }],
  Cast: ([value], { types: [type] }) => [{ ...value, type: type ?? value.type }],
  ConcatV2: (given) => {
    const data = given.slice(0, -1).flatMap((value) => value.data);
    return [{ type: dataTypes.float, shape: [data.length], data }];
  },
};

class Run {
  readonly #done = new Map<Node, readonly Maybe[]>();
  readonly #variables: Map<string, Value>;
  readonly #fed: ReadonlyMap<string, Value>;

  constructor(variables: Map<string, Value>, fed: ReadonlyMap<string, Value>) {
    this.#variables = variables;
    this.#fed = fed;
  }

  outputs(node: Node): readonly Maybe[] {
    const known = this.#done.get(node);
    if (known) return known;
    const waited = node.after.map((before) => this.outputs(before).every((value) => value !== null));
    const made = this.#compute(node, waited.every(Boolean));
    this.#done.set(node, made);
    return made;
  }

  #compute(node: Node, waited: boolean): readonly Maybe[] {
    const missing = node.types.length === 0 ? [null] : node.types.map(() => null);
    const [first] = node.inputs;
    if (node.operation === 'VarHandleOp') return [{ type: dataTypes.resource, shape: [], data: [] }];
    if (node.operation === 'ReadVariableOp') return waited && first ? [this.#variables.get(first.node.name) ?? null] : missing; // prettier-ignore
    if (node.operation === 'Placeholder') return [this.#fed.get(node.name) ?? assert.fail('nothing is fed')];
    if (node.operation === 'Const') return [constant(node.attributes.get('value'))];
    const given = node.inputs.map(({ node: from, index }) => this.outputs(from)[index] ?? null);
    if (node.operation === 'Merge') return [given.find((value) => value !== null) ?? null];
    const [head, ...rest] = given.filter((value) => value !== null);
    if (!waited || head === undefined || 1 + rest.length < given.length) return missing;
    if (node.operation === 'AssignVariableOp') {
      this.#variables.set(first?.node.name ?? '', rest[0] as Value);
      return [];
    }
    return operations[node.operation]?.([head, ...rest], node) ?? assert.fail(`no ${node.operation}`);
  }
}

export interface Interpreter {
  readonly binding: TFJSBinding;
  /** What was asked for: loads with the number of nodes, unloads, runs with what they fetch. */
  readonly calls: string[];
}

/** @param graph whose nodes are taken as they are when it is loaded */
export function interpreter(graph: Graph): Interpreter {
  const calls: string[] = [];
  const tensors = new Map<number, Value>();
  const models = new Map<number, { nodes: ReadonlyMap<string, Node>; variables: Map<string, Value> }>();
  let next = 0;
  const binding = {
    loadSavedModel: () => {
      models.set(++next, { nodes: new Map(graph.nodes.map((node) => [node.name, node])), variables: new Map() });
      calls.push(`load ${String(graph.nodes.length)}`);
      return next;
    },
    deleteSavedModel: (id: number) => {
      assert.ok(models.delete(id));
      calls.push('unload');
    },
    createTensor: (shape: number[], type: number, data: Iterable<number>) => {
      tensors.set(++next, { type, shape, data: [...data] });
      return next;
    },
    runSavedModel: (id: number, fed: number[], inputs: string, outputs: string) => {
      const model = models.get(id) ?? assert.fail('no such model');
      const names = inputs === '' ? [] : inputs.split(',');
      const run = new Run(model.variables, new Map(names.map((name, place) => [name, tensors.get(fed[place] ?? -1) as Value]))); // prettier-ignore
      calls.push('run');
      return outputs.split(',').map((output) => {
        const [name = '', index = '0'] = output.split(':');
        const node = model.nodes.get(name) ?? assert.fail(`no node ${name}`);
        const value = run.outputs(node)[Number(index)];
        if (!value) throw new Error('Retval[0] does not have value');
        tensors.set(++next, value);
        return { id: next, shape: [...value.shape], dtype: value.type };
      });
    },
    tensorDataSync: (id: number) => {
      const { type, data } = tensors.get(id) ?? assert.fail('no such tensor');
      return typed(type, data);
    },
    deleteTensor: (id: number) => assert.ok(tensors.delete(id)),
  } as unknown as TFJSBinding;
  return { binding, calls };
}
