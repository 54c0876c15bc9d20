/** min(max(x, low), high). Not-a-number stays; the backend's own turns it into the lower bound. */
import type { ClipByValueAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { mapElements } from '../elementwise.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';

function clipByValue(call: KernelCall): TensorInfo {
  const { clipValueMin, clipValueMax } = attributes<ClipByValueAttrs>(call);
  const clip = (value: number): number => Math.min(Math.max(value, clipValueMin), clipValueMax);
  return mapElements(call.backend, input(call, 'ClipByValue', 'x'), clip);
}

export const clipByValueKernel: WasmKernel = { name: 'ClipByValue', reason: 'wrong', run: clipByValue };
