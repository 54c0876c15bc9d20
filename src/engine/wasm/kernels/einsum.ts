/**
 * Einstein sums of one or two operands, as one batched product: an index is *batch* (in both operands and the result),
 * *inner* (in both, summed), *left* or *right* (in one operand and the result), or summed inside one operand first.
 */
import type { EinsumAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { dispose, reshaped, shapeText, sizeOf, type BackendWasm } from '../heap.ts';
import { attributes, input, run, type KernelCall, type WasmKernel } from '../kernel.ts';

interface Term {
  readonly info: TensorInfo;
  readonly indices: string;
}

/** Sums out the indices that `keep` does not hold. Always a new tensor. */
function sumOut(backend: BackendWasm, { info, indices }: Term, keep: string): Term {
  const axis = Array.from(indices).flatMap((index, at) => (keep.includes(index) ? [] : [at]));
  const left = Array.from(indices)
    .filter((index) => keep.includes(index))
    .join('');
  const summed = run(backend, 'Sum', { x: info }, { axis, keepDims: false });
  return { info: summed, indices: left };
}

/** The term with its axes in the order `order`; the given tensor is disposed. */
function arrange(backend: BackendWasm, { info, indices }: Term, order: string): TensorInfo {
  const perm = Array.from(order).map((index) => indices.indexOf(index));
  if (perm.every((from, to) => from === to)) return info;
  const turned = run(backend, 'Transpose', { x: info }, { perm });
  dispose(backend, info);
  return turned;
}

/** The term as [batch, rows, columns]; the given tensor is disposed. */
function matrix(backend: BackendWasm, term: Term, groups: readonly [string, string, string]): TensorInfo {
  const arranged = arrange(backend, term, groups.join(''));
  const extents = groups.map((group) =>
    sizeOf(Array.from(group).map((i) => term.info.shape[term.indices.indexOf(i)] ?? 1)),
  );
  const shaped = reshaped(backend, arranged, extents);
  dispose(backend, arranged);
  return shaped;
}

function contract(
  backend: BackendWasm,
  first: Term,
  second: Term,
  result: string,
  extents: ReadonlyMap<string, number>,
): TensorInfo {
  const a = sumOut(backend, first, second.indices + result);
  const b = sumOut(backend, second, first.indices + result);
  const group = (from: string, test: (index: string) => boolean): string => Array.from(from).filter(test).join('');
  const batch = group(a.indices, (i) => b.indices.includes(i) && result.includes(i));
  const inner = group(a.indices, (i) => b.indices.includes(i) && !result.includes(i));
  const left = group(a.indices, (i) => !b.indices.includes(i));
  const right = group(b.indices, (i) => !a.indices.includes(i));
  const x = matrix(backend, a, [batch, left, inner]);
  const y = matrix(backend, b, [batch, inner, right]);
  const product = run(backend, 'BatchMatMul', { a: x, b: y }, { transposeA: false, transposeB: false });
  const order = batch + left + right;
  const info = reshaped(
    backend,
    product,
    Array.from(order).map((index) => extents.get(index) ?? 1),
  );
  dispose(backend, x, y, product);
  return arrange(backend, { info, indices: order }, result);
}

/** Extent of every index; an index that two operands give different extents is refused. */
function extentsOf(terms: readonly Term[], equation: string): ReadonlyMap<string, number> {
  const extents = new Map<string, number>();
  for (const { info, indices } of terms) {
    Array.from(indices).forEach((index, axis) => {
      const extent = info.shape[axis] ?? 1;
      const other = extents.get(index) ?? extent;
      if (other !== extent || indices.length !== info.shape.length) {
        throw new Error(
          `einsum "${equation}": operand ${indices} has shape ${shapeText(info)}, where index ${index} was ${String(other)}.`,
        );
      }
      extents.set(index, extent);
    });
  }
  return extents;
}

function einsum(call: KernelCall): TensorInfo {
  const { backend, inputs } = call;
  const { equation } = attributes<EinsumAttrs>(call);
  const count = Object.keys(inputs).length;
  tf.backend_util.decodeEinsumEquation(equation, count);
  const [operands = '', result = ''] = equation.replace(/\s/g, '').split('->');
  const terms = operands.split(',').map((indices, i): Term => ({ info: input(call, 'Einsum', String(i)), indices }));
  const extents = extentsOf(terms, equation);
  const [first, second] = terms;
  if (first === undefined || second === undefined) {
    const only = first ?? { info: input(call, 'Einsum', '0'), indices: operands };
    return arrange(backend, sumOut(backend, only, result), result);
  }
  return contract(backend, first, second, result, extents);
}

export const einsumKernel: WasmKernel = { name: 'Einsum', reason: 'missing', run: einsum };
