/**
 * Every n-th element along the axes. (The backend's own copies the whole tensor first, and takes whole numbers and
 * truth values for float32 where it does not; it and the cpu backend mistake the axes where one is dropped and another
 * has a stride.)
 */
import type { StridedSliceAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { allocate, dispose, numbers, reshaped, type BackendWasm } from '../heap.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';
import { sliceOf } from '../slice.ts';

/** out[i, j, …] = x[begin₀ + i · stride₀, begin₁ + j · stride₁, …] */
function pick(backend: BackendWasm, x: TensorInfo, begin: number[], strides: number[], shape: number[]): TensorInfo {
  // The backend's own would end the whole module.
  if (x.dtype === 'string') throw new Error('Kernel StridedSlice takes no strides for text.');
  const out = allocate(backend, shape, x.dtype);
  const [from, to] = [numbers(backend, x), numbers(backend, out)];
  const steps = tf.util.computeStrides(x.shape).concat(1);
  const sizes = tf.util.computeStrides(shape).concat(1);
  for (let target = 0; target < to.length; target++) {
    let [rest, at] = [target, 0];
    for (let axis = 0; axis < shape.length; axis++) {
      const place = Math.floor(rest / (sizes[axis] ?? 1));
      rest -= place * (sizes[axis] ?? 1);
      at += ((begin[axis] ?? 0) + place * (strides[axis] ?? 1)) * (steps[axis] ?? 1);
    }
    to[target] = from[at] ?? 0;
  }
  return out;
}

function stridedSlice(call: KernelCall): TensorInfo {
  const { backend } = call;
  const x = input(call, 'StridedSlice', 'x');
  const a = attributes<StridedSliceAttrs>(call);
  const masks = [a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask] as const;
  const info = tf.slice_util.sliceInfo(x.shape, a.begin, a.end, a.strides, ...masks);
  if (info.isIdentity) return reshaped(backend, x, info.finalShape);
  // For all of x's axes, also those that the result drops; one whose end lies before its begin has no elements.
  const sizes = tf.slice_util.computeOutShape(info.begin, info.end, info.strides).map((size) => Math.max(0, size));
  const part =
    info.sliceDim0 || info.isSimpleSlice
      ? sliceOf(backend, x, info.begin, sizes)
      : pick(backend, x, info.begin, info.strides, sizes);
  const out = reshaped(backend, part, info.finalShape);
  dispose(backend, part);
  return out;
}

export const stridedSliceKernel: WasmKernel = { name: 'StridedSlice', reason: 'wrong', run: stridedSlice };
