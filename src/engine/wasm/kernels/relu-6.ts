/** min(max(x, 0), 6). Not-a-number stays, so that a diverged training is seen; the backend's own turns it into 0. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { mapElements } from '../elementwise.ts';
import { input, type KernelCall, type WasmKernel } from '../kernel.ts';

function relu6(call: KernelCall): TensorInfo {
  return mapElements(call.backend, input(call, 'Relu6', 'x'), (value) => Math.min(Math.max(value, 0), 6));
}

export const relu6Kernel: WasmKernel = { name: 'Relu6', reason: 'wrong', run: relu6 };
