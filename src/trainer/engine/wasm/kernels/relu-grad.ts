/**
 * dx = dy where y = relu(x) is positive, else 0; not-a-number in y stays. One pass instead of tfjs's Step, Cast and
 * Multiply. Called by the gradient registered in gradients.ts.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, floats } from '../heap.ts';
import { input, type KernelCall, type WasmKernel } from '../kernel.ts';

function reluGrad(call: KernelCall): TensorInfo {
  const { backend } = call;
  const dy = input(call, 'ReluGrad', 'dy');
  const y = input(call, 'ReluGrad', 'y');
  const dx = allocate(backend, y.shape, 'float32');
  const [slope, value, to] = [floats(backend, dy), floats(backend, y), floats(backend, dx)];
  for (let i = 0; i < to.length; i++) {
    const v = value[i] ?? 0;
    to[i] = v > 0 ? (slope[i] ?? 0) : v * 0;
  }
  return dx;
}

export const reluGradKernel: WasmKernel = { name: 'ReluGrad', reason: 'missing', run: reluGrad };
