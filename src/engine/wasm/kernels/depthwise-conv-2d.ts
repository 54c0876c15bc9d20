/** The backend's own convolution with its padding written out. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { convolve } from '../convolution.ts';
import type { KernelCall, WasmKernel } from '../kernel.ts';

function depthwiseConv2D(call: KernelCall): TensorInfo {
  return convolve(call, 'DepthwiseConv2dNative', call.inputs, call.attrs, true);
}

export const depthwiseConv2DKernel: WasmKernel = {
  name: 'DepthwiseConv2dNative',
  reason: 'wrong',
  run: depthwiseConv2D,
};
