/** Larger of two, element by element. Not-a-number wins; the backend's own drops it where it is the second operand. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { zipElements } from '../elementwise.ts';
import { input, type KernelCall, type WasmKernel } from '../kernel.ts';

function maximum(call: KernelCall): TensorInfo {
  return zipElements(call.backend, input(call, 'Maximum', 'a'), input(call, 'Maximum', 'b'), Math.max);
}

export const maximumKernel: WasmKernel = { name: 'Maximum', reason: 'wrong', run: maximum };
