/** The backend's own convolution with its padding written out. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { convolve } from '../convolution.ts';
import type { KernelCall, WasmKernel } from '../kernel.ts';

function conv2D(call: KernelCall): TensorInfo {
  return convolve(call, 'Conv2D', call.inputs, call.attrs, false);
}

export const conv2DKernel: WasmKernel = { name: 'Conv2D', reason: 'wrong', run: conv2D };
