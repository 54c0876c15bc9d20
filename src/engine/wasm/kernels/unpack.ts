/** The entries along one axis, each copied alone. */
import type { TensorInfo, UnpackAttrs } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';
import { splitOf } from '../slice.ts';

function unpack(call: KernelCall): TensorInfo[] {
  const value = input(call, 'Unpack', 'value');
  const [axis = 0] = tf.util.parseAxisParam(attributes<UnpackAttrs>(call).axis, value.shape);
  const shape = value.shape.filter((_, at) => at !== axis);
  const ones = Array.from({ length: value.shape[axis] ?? 0 }, () => 1);
  return splitOf(call.backend, value, axis, ones).map((part) => ({ ...part, shape }));
}

export const unpackKernel: WasmKernel = { name: 'Unpack', reason: 'slow', run: unpack };
