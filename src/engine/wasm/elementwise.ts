/** Loops over elements: one operand, or two that broadcast against each other. */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../tfjs.ts';
import { allocate, numbers, sizeOf, type BackendWasm } from './heap.ts';

/** out[i] = f(x[i]), in x's type unless another is given. */
export function mapElements(
  backend: BackendWasm,
  x: TensorInfo,
  f: (value: number) => number,
  dtype: DataType = x.dtype,
): TensorInfo {
  const out = allocate(backend, x.shape, dtype);
  const [from, to] = [numbers(backend, x), numbers(backend, out)];
  for (let i = 0; i < to.length; i++) to[i] = f(from[i] ?? 0);
  return out;
}

/** Element strides of an operand inside the broadcast shape: 0 along axes where it is repeated. */
function broadcastStrides(own: readonly number[], shape: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  let stride = 1;
  for (let axis = own.length - 1; axis >= 0; axis--) {
    const extent = own[axis] ?? 1;
    strides[shape.length - own.length + axis] = extent === 1 ? 0 : stride;
    stride *= extent;
  }
  return strides;
}

/** out = f(a, b) with numpy's broadcasting. */
export function zipElements(
  backend: BackendWasm,
  a: TensorInfo,
  b: TensorInfo,
  f: (x: number, y: number) => number,
): TensorInfo {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const out = allocate(backend, shape, tf.upcastType(a.dtype, b.dtype));
  const [x, y, z] = [numbers(backend, a), numbers(backend, b), numbers(backend, out)];
  if (x.length === z.length && y.length === z.length) {
    for (let i = 0; i < z.length; i++) z[i] = f(x[i] ?? 0, y[i] ?? 0);
    return out;
  }
  const [stridesA, stridesB] = [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)];
  const index = shape.map(() => 0);
  let [atA, atB] = [0, 0];
  for (let i = 0; i < sizeOf(shape); i++) {
    z[i] = f(x[atA] ?? 0, y[atB] ?? 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      atA += stridesA[axis] ?? 0;
      atB += stridesB[axis] ?? 0;
      if (next < (shape[axis] ?? 1)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      atA -= next * (stridesA[axis] ?? 0);
      atB -= next * (stridesB[axis] ?? 0);
    }
  }
  return out;
}
