/**
 * Sums in double precision. The backend's own adds float32 one after the other: 70,000 × 0.1 gives 7004.5.
 */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../tfjs.ts';
import { allocate, dispose, numbers, sizeOf, type BackendWasm } from './heap.ts';
import { run } from './kernel.ts';

type Numbers = Float32Array | Int32Array | Uint8Array;

const rowLength = 128;

/** out[o, i] = scale · Σ_r x[o, r, i] */
function sumMiddle(x: Numbers, out: Numbers, count: number, inner: number, scale: number): void {
  const outer = out.length / Math.max(1, inner);
  if (inner === 1) {
    for (let o = 0, at = 0; o < outer; o++) {
      let sum = 0;
      for (let r = 0; r < count; r++) sum += x[at++] ?? 0;
      out[o] = sum * scale;
    }
    return;
  }
  // Short rows are added several at a time: one long inner loop instead of many short ones.
  const rows = Math.max(1, Math.min(count, Math.floor(rowLength / inner)));
  const width = rows * inner;
  const sums = new Float64Array(width);
  for (let o = 0, at = 0; o < outer; o++) {
    sums.fill(0);
    const end = at + count * inner;
    for (; at + width <= end; at += width) {
      for (let i = 0; i < width; i++) sums[i] = (sums[i] ?? 0) + (x[at + i] ?? 0);
    }
    for (let i = 0; at < end; i++, at++) sums[i] = (sums[i] ?? 0) + (x[at] ?? 0);
    for (let i = 0; i < inner; i++) {
      let sum = 0;
      for (let j = i; j < width; j += inner) sum += sums[j] ?? 0;
      out[o * inner + i] = sum * scale;
    }
  }
}

/**
 * Sum over `axis`, or mean where `mean` is set, accumulated in double precision.
 * @returns a tensor of `dtype`; reduced axes have extent 1 with `keepDims` and are gone without.
 */
export function reduceSum(
  backend: BackendWasm,
  x: TensorInfo,
  options: {
    readonly axis: number | number[];
    readonly keepDims: boolean;
    readonly mean: boolean;
    readonly dtype: DataType;
  },
): TensorInfo {
  const axes = tf.util.parseAxisParam(options.axis, x.shape).sort((p, q) => p - q);
  const reduced = new Set(axes);
  const kept = x.shape.map((extent, axis) => (reduced.has(axis) ? 1 : extent));
  const shape = options.keepDims ? kept : x.shape.filter((_, axis) => !reduced.has(axis));
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  const first = axes[0] ?? x.shape.length;
  const last = axes.at(-1) ?? first - 1;
  // Axes that follow each other are summed in place; others are moved to the end first.
  const together = last - first + 1 === axes.length;
  const perm = [...x.shape.keys()].filter((axis) => !reduced.has(axis)).concat(axes);
  const source = together ? x : run(backend, 'Transpose', { x }, { perm });
  const inner = together ? sizeOf(x.shape.slice(last + 1)) : 1;
  const out = allocate(backend, shape, options.dtype);
  sumMiddle(numbers(backend, source), numbers(backend, out), count, inner, options.mean ? 1 / count : 1);
  if (source !== x) dispose(backend, source);
  return out;
}
