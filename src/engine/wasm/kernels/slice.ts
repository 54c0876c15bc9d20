/** A part of a tensor, copied alone. */
import type { SliceAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';
import { sliceOf } from '../slice.ts';

function slice(call: KernelCall): TensorInfo {
  const x = input(call, 'Slice', 'x');
  const attrs = attributes<SliceAttrs>(call);
  const [begin = [], size = []] = tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size);
  return sliceOf(call.backend, x, begin, size);
}

export const sliceKernel: WasmKernel = { name: 'Slice', reason: 'slow', run: slice };
