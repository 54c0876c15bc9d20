/**
 * Each dy is shared by the elements that its window has inside the image. (The backend's own divides by the whole
 * window, padding included, which the forward pass does not.)
 */
import type { AvgPoolGradAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { averagePoolGradient } from '../../pooling.ts';
import { allocate, floats } from '../heap.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';
import { poolInfo } from '../pool.ts';

function avgPoolGrad(call: KernelCall): TensorInfo {
  const { backend } = call;
  const dy = input(call, 'AvgPoolGrad', 'dy');
  const x = input(call, 'AvgPoolGrad', 'input');
  const conv = poolInfo(x, attributes<AvgPoolGradAttrs>(call));
  const dx = allocate(backend, x.shape, 'float32');
  averagePoolGradient(floats(backend, dy), floats(backend, dx), conv);
  return dx;
}

export const avgPoolGradKernel: WasmKernel = { name: 'AvgPoolGrad', reason: 'wrong', run: avgPoolGrad };
