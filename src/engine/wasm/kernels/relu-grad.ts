/**
 * dx = dy where y = relu(x) is positive, else 0; not-a-number in y stays. Two vectorized passes of the backend: a loop
 * with a condition takes ten times as long, since the signs cannot be predicted. Called by the gradient in gradients.ts,
 * which saves the output only.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispose } from '../heap.ts';
import { input, run, type KernelCall, type WasmKernel } from '../kernel.ts';

function reluGrad(call: KernelCall): TensorInfo {
  const { backend } = call;
  const mask = run(backend, 'Step', { x: input(call, 'ReluGrad', 'y') }, { alpha: 0 });
  const dx = run(backend, 'Multiply', { a: input(call, 'ReluGrad', 'dy'), b: mask });
  dispose(backend, mask);
  return dx;
}

export const reluGradKernel: WasmKernel = { name: 'ReluGrad', reason: 'missing', run: reluGrad };
