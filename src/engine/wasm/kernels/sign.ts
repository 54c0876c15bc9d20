/** −1, 0 or 1; not-a-number gives 0, as on the cpu backend. The backend's own takes 1e-8 for 0. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { mapElements } from '../elementwise.ts';
import { input, type KernelCall, type WasmKernel } from '../kernel.ts';

function sign(call: KernelCall): TensorInfo {
  const signOf = (value: number): number => (value > 0 ? 1 : value < 0 ? -1 : 0);
  return mapElements(call.backend, input(call, 'Sign', 'x'), signOf);
}

export const signKernel: WasmKernel = { name: 'Sign', reason: 'wrong', run: sign };
