/**
 * Change of type. To the same type it shares the data; to bool it asks "not zero" (the backend's own keeps the low
 * byte: 0.5 becomes false, 256 too).
 */
import type { CastAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { mapElements } from '../elementwise.ts';
import { reshaped } from '../heap.ts';
import { attributes, input, runStock, type KernelCall, type WasmKernel } from '../kernel.ts';

function cast(call: KernelCall): TensorInfo {
  const x = input(call, 'Cast', 'x');
  const { dtype } = attributes<CastAttrs>(call);
  if (dtype === x.dtype) return reshaped(call.backend, x, x.shape);
  if (dtype === 'bool') return mapElements(call.backend, x, (value) => (value === 0 ? 0 : 1), 'bool');
  return runStock(call.backend, 'Cast', { x }, { dtype });
}

export const castKernel: WasmKernel = { name: 'Cast', reason: 'wrong', run: cast };
