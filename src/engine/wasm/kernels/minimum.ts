/** Smaller of two, element by element. Not-a-number wins; the backend's own drops it where it is the second operand. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { zipElements } from '../elementwise.ts';
import { input, type KernelCall, type WasmKernel } from '../kernel.ts';

function minimum(call: KernelCall): TensorInfo {
  return zipElements(call.backend, input(call, 'Minimum', 'a'), input(call, 'Minimum', 'b'), Math.min);
}

export const minimumKernel: WasmKernel = { name: 'Minimum', reason: 'wrong', run: minimum };
