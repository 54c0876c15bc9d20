/**
 * A graph under construction. The same operation on the same inputs is one node, a constant is kept once by its bytes,
 * and attributes that follow from the inputs are found by the table of operations.
 */
import { createHash } from 'node:crypto';
import { CaptureError } from '../../capture-error.ts';
import { operationOf, type Argument, type Operation } from './operations.ts';
import { dataTypes, type AttributeValue, type Constant, type Node, type Output } from './graph-words.ts';

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly after?: readonly Node[];
  /** A node of its own even where an equal one exists. */
  readonly own?: boolean;
}

export class Graph {
  readonly #nodes: Node[] = [];
  readonly #known = new Map<string, Node>();
  readonly #shapes = new WeakMap<Node, Map<number, readonly number[]>>();

  /** In an order in which every node comes after those it reads. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** @throws CaptureError for an unknown operation or an attribute that is neither given nor implied */
  add(operation: string, inputs: readonly Output[], options: NodeOptions = {}): Node {
    const definition = operationOf(operation);
    const attributes = completed(definition, inputs, options.attributes ?? {});
    const after = options.after ?? [];
    const make = (): Node => {
      const name = this.#nodes.length.toString(36);
      const node: Node = {
        // Names are looked up in every run: the shorter the better. A letter first, as TensorFlow wants it.
        name: `n${name}`,
        operation,
        inputs,
        after,
        attributes,
        types: typesOf(definition, attributes),
      };
      this.#nodes.push(node);
      return node;
    };
    if (definition.stateful || options.own === true) return make();
    const key = keyOf(operation, inputs, after, attributes);
    const node = this.#known.get(key) ?? make();
    this.#known.set(key, node);
    return node;
  }

  /** What is known of an output's shape. */
  shapeOf({ node, index }: Output): readonly number[] | undefined {
    return this.#shapes.get(node)?.get(index);
  }

  tellShape({ node, index }: Output, shape: readonly number[]): void {
    const shapes = this.#shapes.get(node) ?? new Map<number, readonly number[]>();
    shapes.set(index, shape);
    this.#shapes.set(node, shapes);
  }

  /** The first output of a new (or equal) node. */
  output(operation: string, inputs: readonly Output[], options?: NodeOptions): Output {
    return { node: this.add(operation, inputs, options), index: 0 };
  }

  constant(value: Constant): Output {
    return this.output('Const', [], {
      attributes: { value: { kind: 'tensor', value }, dtype: { kind: 'type', value: value.type } },
    });
  }

  scalar(value: number): Output {
    return this.constant(floats([value], []));
  }

  /** int32 vector. */
  integers(values: readonly number[]): Output {
    return this.constant(integers(values, [values.length]));
  }

  placeholder(type: number, shape: readonly number[]): Output {
    const output = this.output('Placeholder', [], {
      own: true,
      attributes: { dtype: { kind: 'type', value: type }, shape: { kind: 'shape', value: shape } },
    });
    this.tellShape(output, shape);
    return output;
  }
}

export function floats(values: readonly number[], shape: readonly number[]): Constant {
  return { type: dataTypes.float, shape, bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

export function integers(values: readonly number[], shape: readonly number[]): Constant {
  return { type: dataTypes.int32, shape, bytes: new Uint8Array(Int32Array.from(values).buffer) };
}

export function typeOf({ node, index }: Output): number {
  const type = node.types[index];
  if (type === undefined)
    throw new CaptureError(
      `${node.operation} has no output ${String(index)}`,
      `${node.operation} 没有第 ${String(index)} 个输出`,
    );
  return type;
}

/** The given attributes that the operation has, those that its inputs imply, and nothing that may be left out. */
function completed(
  definition: Operation,
  inputs: readonly Output[],
  given: Readonly<Record<string, AttributeValue>>,
): ReadonlyMap<string, AttributeValue> {
  const implied = impliedBy(definition, inputs);
  const attributes = new Map<string, AttributeValue>();
  for (const [name, { optional }] of definition.attributes) {
    const value = implied.get(name) ?? given[name];
    if (value !== undefined) attributes.set(name, value);
    else if (!optional)
      throw new CaptureError(`${definition.name} lacks its attribute ${name}`, `${definition.name} 缺少属性 ${name}`);
  }
  return attributes;
}

function impliedBy(definition: Operation, inputs: readonly Output[]): Map<string, AttributeValue> {
  const implied = new Map<string, AttributeValue>();
  const numbered = definition.inputs.filter(({ numberAttribute, listAttribute }) => numberAttribute ?? listAttribute);
  let next = 0;
  for (const argument of definition.inputs) {
    const { typeAttribute, numberAttribute, listAttribute } = argument;
    const single = numberAttribute === undefined && listAttribute === undefined;
    if (!single && numbered.length > 1)
      throw new CaptureError(`${definition.name} has several lists of inputs`, `${definition.name} 有多个输入列表`);
    const count = single ? 1 : inputs.length - (definition.inputs.length - 1);
    const types = inputs.slice(next, next + count).map(typeOf);
    next += count;
    const [first] = types;
    if (first === undefined)
      throw new CaptureError(
        `${definition.name} lacks its input ${argument.name}`,
        `${definition.name} 缺少输入 ${argument.name}`,
      );
    if (typeAttribute !== undefined) implied.set(typeAttribute, { kind: 'type', value: first });
    if (numberAttribute !== undefined) implied.set(numberAttribute, { kind: 'int', value: count });
    if (listAttribute !== undefined) implied.set(listAttribute, { kind: 'list(type)', value: types });
  }
  if (next !== inputs.length)
    throw new CaptureError(
      `${definition.name} takes ${String(next)} inputs`,
      `${definition.name} 应有 ${String(next)} 个输入`,
    );
  return implied;
}

function typesOf(definition: Operation, attributes: ReadonlyMap<string, AttributeValue>): number[] {
  return definition.outputs.flatMap((argument) => outputTypes(definition, argument, attributes));
}

function outputTypes(
  { name, attributes: declared }: Operation,
  { type, typeAttribute, numberAttribute, listAttribute }: Argument,
  attributes: ReadonlyMap<string, AttributeValue>,
): readonly number[] {
  const numberOf = (attribute: string): number => {
    const value = attributes.get(attribute)?.value;
    if (typeof value === 'number') return value;
    // Only left out where it has a default; which is float for the few output types that have one.
    if (declared.get(attribute)?.optional === true) return dataTypes.float;
    throw new CaptureError(`${name} does not say its ${attribute}`, `${name} 未给出 ${attribute}`);
  };
  if (listAttribute !== undefined) {
    const list = attributes.get(listAttribute);
    return list?.kind === 'list(type)' ? list.value : [];
  }
  const one = typeAttribute === undefined ? type : numberOf(typeAttribute);
  return numberAttribute === undefined ? [one] : new Array<number>(numberOf(numberAttribute)).fill(one);
}

function keyOf(
  operation: string,
  inputs: readonly Output[],
  after: readonly Node[],
  attributes: ReadonlyMap<string, AttributeValue>,
): string {
  const written = [...attributes].map(([name, { kind, value }]) => [
    name,
    kind === 'tensor' ? [value.type, value.shape, createHash('sha256').update(value.bytes).digest('hex')] : value,
  ]);
  return JSON.stringify([
    operation,
    inputs.map(({ node, index }) => [node.name, index]),
    after.map(({ name }) => name),
    written,
  ]);
}
