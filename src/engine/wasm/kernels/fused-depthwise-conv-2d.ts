/** Convolution and bias by the backend's own kernel, the activation as a kernel that keeps not-a-number. */
import type { FusedDepthwiseConv2DAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { activate } from '../activation.ts';
import { convolve } from '../convolution.ts';
import { attributes, type KernelCall, type WasmKernel } from '../kernel.ts';

function fusedDepthwiseConv2D(call: KernelCall): TensorInfo {
  const { backend, inputs, attrs } = call;
  const { activation, leakyreluAlpha } = attributes<FusedDepthwiseConv2DAttrs>(call);
  const { preluActivationWeights, ...rest } = inputs;
  const linear = convolve(call, 'FusedDepthwiseConv2D', rest, { ...attrs, activation: 'linear' }, true);
  return activate(backend, linear, activation, { leaky: leakyreluAlpha ?? 0, prelu: preluActivationWeights });
}

export const fusedDepthwiseConv2DKernel: WasmKernel = {
  name: 'FusedDepthwiseConv2D',
  reason: 'wrong',
  run: fusedDepthwiseConv2D,
};
