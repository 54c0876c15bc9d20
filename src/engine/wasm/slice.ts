/**
 * Parts of a tensor, in time that grows with the part alone. (The backend's own copies the whole tensor out of the heap
 * for every part: taking a vector of parameters to pieces is then quadratic.)
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../tfjs.ts';
import { allocate, numbers, reshaped, sizeOf, type BackendWasm } from './heap.ts';
import { runStock } from './kernel.ts';

type Numbers = Float32Array | Int32Array | Uint8Array;

/** From this many elements on a run is copied by one call. */
const longRun = 32;

function copyRun(from: Numbers, at: number, to: Numbers, target: number, length: number): void {
  if (length >= longRun) to.set(from.subarray(at, at + length), target);
  else for (let i = 0; i < length; i++) to[target + i] = from[at + i] ?? 0;
}

/** Copies the box; axes from `whole` on are taken in full, so that every run of it is contiguous. */
function copyBox(from: Numbers, to: Numbers, shape: readonly number[], begin: readonly number[], size: number[]): void {
  const strides = tf.util.computeStrides([...shape]).concat(1);
  let whole = shape.length;
  while (whole > 1 && size[whole - 1] === shape[whole - 1]) whole--;
  const last = whole - 1;
  const run = (size[last] ?? 1) * (strides[last] ?? 1);
  const index = size.slice(0, last).map(() => 0);
  let at = begin.reduce((sum, first, axis) => sum + first * (strides[axis] ?? 1), 0);
  for (let target = 0; target < to.length; target += run) {
    copyRun(from, at, to, target, run);
    for (let axis = last - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      at += strides[axis] ?? 0;
      if (next < (size[axis] ?? 1)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      at -= next * (strides[axis] ?? 0);
    }
  }
}

/**
 * x[begin … begin + size) along every axis.
 * @returns a tensor to be disposed; it shares the data where the part is all of x
 */
export function sliceOf(
  backend: BackendWasm,
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): TensorInfo {
  tf.slice_util.assertParamsValid(x, [...begin], [...size]);
  if (x.dtype === 'string') return runStock(backend, 'Slice', { x }, { begin: [...begin], size: [...size] });
  if (sizeOf(size) === sizeOf(x.shape)) return reshaped(backend, x, size);
  const out = allocate(backend, size, x.dtype);
  copyBox(numbers(backend, x), numbers(backend, out), x.shape, begin, [...size]);
  return out;
}

/** The parts of these lengths along one axis, one after the other. */
export function splitOf(backend: BackendWasm, x: TensorInfo, axis: number, lengths: readonly number[]): TensorInfo[] {
  let first = 0;
  return lengths.map((length) => {
    const begin = x.shape.map((_, at) => (at === axis ? first : 0));
    first += length;
    return sliceOf(
      backend,
      x,
      begin,
      x.shape.map((extent, at) => (at === axis ? length : extent)),
    );
  });
}
