/** A tensor in pieces along one axis, each copied alone. */
import type { SplitVAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';
import { splitOf } from '../slice.ts';

function splitV(call: KernelCall): TensorInfo[] {
  const x = input(call, 'SplitV', 'x');
  const attrs = attributes<SplitVAttrs>(call);
  const [axis = 0] = tf.util.parseAxisParam(attrs.axis, x.shape);
  // Typed for a tensor; only the shape is looked at.
  const lengths = tf.backend_util.prepareSplitSize(x, attrs.numOrSizeSplits, axis);
  return splitOf(call.backend, x, axis, lengths);
}

export const splitVKernel: WasmKernel = { name: 'SplitV', reason: 'slow', run: splitV };
