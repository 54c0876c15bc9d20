/**
 * Einstein sums of one or two operands, as one batched product: an index is *batch* (in both operands and the result),
 * *inner* (in both, summed), *left* or *right* (in one operand and the result), or summed inside one operand first.
 */
import type { EinsumAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { dispose, reshaped, sizeOf, type BackendWasm } from '../heap.ts';
import { attributes, input, run, type KernelCall, type WasmKernel } from '../kernel.ts';

interface Term {
  readonly info: TensorInfo;
  readonly indices: string;
}

/** Sums out the indices that `keep` does not hold. Always a new tensor. */
function sumOut(backend: BackendWasm, { info, indices }: Term, keep: string): Term {
  const axis = [...indices].flatMap((index, at) => (keep.includes(index) ? [] : [at]));
  const left = [...indices].filter((index) => keep.includes(index)).join('');
  const summed = run(backend, 'Sum', { x: info }, { axis, keepDims: false });
  return { info: summed, indices: left };
}

/** The term with its axes in the order `order`; the given tensor is disposed. */
function arrange(backend: BackendWasm, { info, indices }: Term, order: string): TensorInfo {
  const perm = [...order].map((index) => indices.indexOf(index));
  if (perm.every((from, to) => from === to)) return info;
  const turned = run(backend, 'Transpose', { x: info }, { perm });
  dispose(backend, info);
  return turned;
}

/** The term as [batch, rows, columns]; the given tensor is disposed. */
function matrix(backend: BackendWasm, term: Term, groups: readonly [string, string, string]): TensorInfo {
  const arranged = arrange(backend, term, groups.join(''));
  const extents = groups.map((group) => sizeOf([...group].map((i) => term.info.shape[term.indices.indexOf(i)] ?? 1)));
  const shaped = reshaped(backend, arranged, extents);
  dispose(backend, arranged);
  return shaped;
}

function contract(backend: BackendWasm, first: Term, second: Term, result: string): TensorInfo {
  const a = sumOut(backend, first, second.indices + result);
  const b = sumOut(backend, second, first.indices + result);
  const group = (from: string, test: (index: string) => boolean): string => [...from].filter(test).join('');
  const batch = group(a.indices, (i) => b.indices.includes(i) && result.includes(i));
  const inner = group(a.indices, (i) => b.indices.includes(i) && !result.includes(i));
  const left = group(a.indices, (i) => !b.indices.includes(i));
  const right = group(b.indices, (i) => !a.indices.includes(i));
  const extents = new Map<string, number>();
  for (const term of [a, b]) [...term.indices].forEach((i, at) => extents.set(i, term.info.shape[at] ?? 1));
  const x = matrix(backend, a, [batch, left, inner]);
  const y = matrix(backend, b, [batch, inner, right]);
  const product = run(backend, 'BatchMatMul', { a: x, b: y }, { transposeA: false, transposeB: false });
  const order = batch + left + right;
  const info = reshaped(
    backend,
    product,
    [...order].map((index) => extents.get(index) ?? 1),
  );
  dispose(backend, x, y, product);
  return arrange(backend, { info, indices: order }, result);
}

function einsum(call: KernelCall): TensorInfo {
  const { backend, inputs } = call;
  const { equation } = attributes<EinsumAttrs>(call);
  const count = Object.keys(inputs).length;
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, count);
  const [operands = '', result = ''] = equation.replace(/\s/g, '').split('->');
  const infos = [...Array(count).keys()].map((i) => input(call, 'Einsum', String(i)));
  tf.backend_util.checkEinsumDimSizes(
    allDims.length,
    idDims,
    infos as Parameters<typeof tf.backend_util.checkEinsumDimSizes>[2],
  );
  const terms = operands.split(',').map((indices, i): Term => ({ info: input(call, 'Einsum', String(i)), indices }));
  const [first, second] = terms;
  if (first === undefined || second === undefined) {
    const only = first ?? { info: input(call, 'Einsum', '0'), indices: operands };
    return arrange(backend, sumOut(backend, only, result), result);
  }
  return contract(backend, first, second, result);
}

export const einsumKernel: WasmKernel = { name: 'Einsum', reason: 'missing', run: einsum };
