/** Gradient of a 3-D convolution with respect to its input: one product and an addition of patches. */
import type { Conv3DBackpropInputV2Attrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';
import { backpropInput } from '../scatter.ts';

function conv3DBackpropInput(call: KernelCall): TensorInfo {
  const dy = input(call, 'Conv3DBackpropInputV2', 'dy');
  const filter = input(call, 'Conv3DBackpropInputV2', 'filter');
  const { strides, pad, inputShape } = attributes<Conv3DBackpropInputV2Attrs>(call);
  const filterShape = filter.shape as [number, number, number, number, number];
  const conv = tf.backend_util.computeConv3DInfo(inputShape, filterShape, strides, 1, pad);
  const geometry = {
    batch: conv.batchSize,
    inSize: [conv.inDepth, conv.inHeight, conv.inWidth],
    outSize: [conv.outDepth, conv.outHeight, conv.outWidth],
    filterSize: [conv.filterDepth, conv.filterHeight, conv.filterWidth],
    strides: [conv.strideDepth, conv.strideHeight, conv.strideWidth],
    before: [conv.padInfo.front, conv.padInfo.top, conv.padInfo.left],
    inChannels: conv.inChannels,
    outChannels: conv.outChannels,
  } as const;
  return backpropInput(call.backend, dy, filter, geometry, inputShape);
}

export const conv3DBackpropInputKernel: WasmKernel = {
  name: 'Conv3DBackpropInputV2',
  reason: 'wrong',
  run: conv3DBackpropInput,
};
