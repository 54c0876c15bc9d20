/**
 * Writes down which operations a piece of work runs, at the boundary between tfjs-node and TensorFlow. What it needs from
 * outside (variables, the batch) and what it gives are ids of tensors; TensorFlow never uses an id twice, so a trace is
 * in single-assignment form whatever is disposed or assigned meanwhile.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Attribute, NodeJSKernelBackend, TFJSBinding } from '../tfjs-node.ts';
import { text, type Text } from '../../../common/text.ts';
import { CaptureError } from '../../capture-error.ts';
import type { AttributeValue, Constant } from './graph-words.ts';

export interface TracedOutput {
  readonly id: number;
  readonly shape: readonly number[];
  readonly type: number;
}

export interface TraceEntry {
  readonly operation: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly inputs: readonly number[];
  readonly outputs: readonly TracedOutput[];
}

export interface Trace {
  /** In the order in which they ran. */
  readonly entries: readonly TraceEntry[];
  /** Tensors that the work made from numbers of its own, by id. */
  readonly constants: ReadonlyMap<number, Constant>;
}

interface Uploading {
  getInputTensorIds(tensors: readonly Tensor[]): readonly number[];
}

/** The id under which TensorFlow knows a tensor; uploads it where that has not happened yet. */
export function idOf(backend: NodeJSKernelBackend, tensor: Tensor): number {
  // Private by its types only.
  const [id] = (backend as unknown as Uploading).getInputTensorIds([tensor]);
  if (id === undefined) throw new CaptureError('a tensor has no id', '某个张量没有编号');
  return id;
}

/**
 * Runs the work, which really happens, and writes it down. Everything it reads from outside must be uploaded before
 * (`idOf`), or it counts as a number of its own.
 *
 * @throws CaptureError when the work looks at the values of a tensor: what it does next may depend on them
 */
export function record(backend: NodeJSKernelBackend, work: () => void): Trace {
  const entries: TraceEntry[] = [];
  const constants = new Map<number, Constant>();
  const plain = backend.binding;
  backend.binding = wrap(plain, entries, constants);
  try {
    work();
  } finally {
    backend.binding = plain;
  }
  return { entries, constants };
}

function wrap(plain: TFJSBinding, entries: TraceEntry[], constants: Map<number, Constant>): TFJSBinding {
  // The binding's own properties can neither be listed nor written.
  const copy = Object.fromEntries(
    Object.getOwnPropertyNames(plain).map((name) => [name, Reflect.get(plain, name) as unknown]),
  ) as unknown as TFJSBinding;
  copy.createTensor = (shape, type, values) => {
    const id = plain.createTensor(shape, type, values);
    constants.set(id, { type, shape: [...shape], bytes: bytesOf(values) });
    return id;
  };
  copy.executeOp = (operation, attributes, inputs, count) => {
    const made = plain.executeOp(operation, attributes, inputs, count);
    entries.push({
      operation,
      attributes: Object.fromEntries(
        attributes.map((attribute) => [attribute.name, valueOf(plain, operation, attribute)]),
      ),
      inputs: [...inputs],
      outputs: made.map(({ id, shape, dtype }) => ({ id, shape: [...shape], type: dtype })),
    });
    return made;
  };
  copy.tensorDataSync = (id) => {
    const from = entries.find(({ outputs }) => outputs.some((output) => output.id === id))?.operation;
    throw from === undefined
      ? new CaptureError('values are read in the middle of the step', '训练步中途读取了值')
      : new CaptureError(`the result of ${from} is read in the middle of the step`, `训练步中途读取了 ${from} 的结果`);
  };
  return copy;
}

function bytesOf(values: unknown): Uint8Array {
  if (ArrayBuffer.isView(values)) {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  }
  throw new CaptureError('texts cannot be part of a captured step', '计算图不能包含文本');
}

function valueOf(binding: TFJSBinding, operation: string, { name, type, value }: Attribute): AttributeValue {
  const kinds = new Map<number, 'string' | 'int' | 'float' | 'bool' | 'type' | 'shape'>([
    [binding.TF_ATTR_STRING, 'string'],
    [binding.TF_ATTR_INT, 'int'],
    [binding.TF_ATTR_FLOAT, 'float'],
    [binding.TF_ATTR_BOOL, 'bool'],
    [binding.TF_ATTR_TYPE, 'type'],
    [binding.TF_ATTR_SHAPE, 'shape'],
  ]);
  const kind = kinds.get(type);
  if (kind === undefined)
    throw new CaptureError(
      `the attribute ${name} of ${operation} is of an unknown kind`,
      `${operation} 的属性 ${name} 种类未知`,
    );
  if (kind === 'shape' || !Array.isArray(value)) return { kind, value } as AttributeValue;
  return { kind: `list(${kind})`, value: value as readonly number[] } as AttributeValue;
}

/**
 * Compares two traces of the same work with different numbers.
 *
 * @param outside ids of the one trace's inputs → ids of the other's
 * @returns why they are not the same work, or undefined: then every number the work made itself is the same both times
 */
export function difference(one: Trace, other: Trace, outside: ReadonlyMap<number, number>): Text | undefined {
  const twins = new Map(outside);
  if (one.entries.length !== other.entries.length)
    return text('the step takes other operations in another step', '各步的运算不同');
  for (const [place, entry] of one.entries.entries()) {
    const twin = other.entries[place];
    if (!twin || twin.operation !== entry.operation || twin.inputs.length !== entry.inputs.length) {
      return text(`${entry.operation} is another operation in another step`, `${entry.operation} 在另一步是另一种运算`);
    }
    if (JSON.stringify(twin.attributes) !== JSON.stringify(entry.attributes)) {
      return text(`${entry.operation} has other attributes in another step`, `${entry.operation} 在另一步的属性不同`);
    }
    for (const [index, input] of entry.inputs.entries()) {
      const same = sameInput(one, other, twins, input, twin.inputs[index] ?? -1);
      if (!same)
        return text(
          `an input of ${entry.operation} is another one in another step`,
          `${entry.operation} 在另一步的输入不同`,
        );
    }
    entry.outputs.forEach(({ id }, index) => twins.set(id, twin.outputs[index]?.id ?? -1));
  }
  return undefined;
}

function sameInput(one: Trace, other: Trace, twins: Map<number, number>, a: number, b: number): boolean {
  const known = twins.get(a);
  if (known !== undefined) return known === b;
  const [first, second] = [one.constants.get(a), other.constants.get(b)];
  if (!first || !second) return a === b;
  const same =
    first.type === second.type &&
    first.shape.join() === second.shape.join() &&
    Buffer.compare(first.bytes, second.bytes) === 0;
  if (same) twins.set(a, b);
  return same;
}
