/** Convolution and bias by the backend's own kernel, the activation as a kernel that keeps not-a-number. */
import type { FusedConv2DAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { activate } from '../activation.ts';
import { convolve } from '../convolution.ts';
import { attributes, type KernelCall, type WasmKernel } from '../kernel.ts';

function fusedConv2D(call: KernelCall): TensorInfo {
  const { backend, inputs, attrs } = call;
  const { activation, leakyreluAlpha } = attributes<FusedConv2DAttrs>(call);
  const { preluActivationWeights, ...rest } = inputs;
  const linear = convolve(call, 'FusedConv2D', rest, { ...attrs, activation: 'linear' }, false);
  return activate(backend, linear, activation, { leaky: leakyreluAlpha ?? 0, prelu: preluActivationWeights });
}

export const fusedConv2DKernel: WasmKernel = { name: 'FusedConv2D', reason: 'wrong', run: fusedConv2D };
