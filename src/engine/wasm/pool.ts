/**
 * The backend's own pooling where it is right. XNNPACK hides not-a-number (a largest of nothing else is −∞, an average
 * too) and knows no windows of one element.
 */
import type { AvgPoolAttrs, backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../tfjs.ts';
import { allocate, floats, type BackendWasm } from './heap.ts';
import { attributes, input, runStock, type KernelCall } from './kernel.ts';

type Conv = backend_util.Conv2DInfo;

function hasNotANumber(values: Float32Array): boolean {
  // No other number differs from itself; nothing called for each element: this is a pass over the whole input.
  for (let i = 0; i < values.length; i++) if (values[i] !== values[i]) return true;
  return false;
}

export function pool(
  call: KernelCall,
  name: 'AvgPool' | 'MaxPool',
  loops: (x: Float32Array, y: Float32Array, conv: Conv) => void,
): TensorInfo {
  const { backend } = call;
  const x = input(call, name, 'x');
  const conv = poolInfo(x, attributes<AvgPoolAttrs>(call));
  const single = conv.filterHeight === 1 && conv.filterWidth === 1;
  if (!single && !hasNotANumber(floats(backend, x))) return runStock(backend, name, { x }, call.attrs);
  return byLoops(backend, x, conv, loops);
}

function byLoops(
  backend: BackendWasm,
  x: TensorInfo,
  conv: Conv,
  loops: (x: Float32Array, y: Float32Array, conv: Conv) => void,
): TensorInfo {
  const out = allocate(backend, conv.outShape, 'float32');
  loops(floats(backend, x), floats(backend, out), conv);
  return out;
}

export function poolInfo(
  x: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: Omit<AvgPoolAttrs, 'dimRoundingMode'> & Partial<AvgPoolAttrs>,
): Conv {
  const shape = x.shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}
