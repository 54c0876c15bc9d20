/**
 * One step of Adam for one variable in one pass, where tensor operations take a dozen calls. Every operation is rounded
 * to float32 as those calls round it: the same bits come out. New tensors are returned, nothing is written in place, so
 * that data shared with other tensors and XNNPACK's packed copies of weights stay right.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, floats } from '../heap.ts';
import { attributes, input, type KernelCall, type WasmKernel } from '../kernel.ts';

/** Plain numbers of one step; see `adamUpdate` in updates.ts. */
export interface AdamAttrs {
  readonly beta1: number;
  readonly beta2: number;
  /** η √(1 − β₂ᵗ) / (1 − β₁ᵗ) */
  readonly stepSize: number;
  /** ε √(1 − β₂ᵗ) */
  readonly epsilon: number;
  /** Factor on the old value: 1 − η λ with decoupled weight decay, else 1. */
  readonly keep: number;
}

/** @returns [value, mean, square] */
function adamUpdate(call: KernelCall): TensorInfo[] {
  const { backend } = call;
  const names = ['value', 'gradient', 'mean', 'square'] as const;
  const inputs = names.map((name) => input(call, 'AdamUpdate', name));
  const shape = inputs[0]?.shape ?? [];
  const outs = [0, 1, 2].map(() => allocate(backend, shape, 'float32'));
  const [value, gradient, mean, square, newValue, newMean, newSquare] = [...inputs, ...outs].map((info) =>
    floats(backend, info),
  );
  if (value && gradient && mean && square && newValue && newMean && newSquare) {
    const attrs = attributes<AdamAttrs>(call);
    const f = Math.fround;
    const [blend1, blend2] = [f(1 - attrs.beta1), f(1 - attrs.beta2)];
    const [stepSize, epsilon, keep] = [f(attrs.stepSize), f(attrs.epsilon), f(attrs.keep)];
    for (let i = 0; i < newValue.length; i++) {
      const g = gradient[i] ?? 0;
      const oldMean = mean[i] ?? 0;
      const oldSquare = square[i] ?? 0;
      const m = f(oldMean + f(f(g - oldMean) * blend1));
      const s = f(oldSquare + f(f(f(g * g) - oldSquare) * blend2));
      newMean[i] = m;
      newSquare[i] = s;
      newValue[i] = f(f((value[i] ?? 0) * keep) - f(f(m * stepSize) / f(f(Math.sqrt(s)) + epsilon)));
    }
  }
  return outs;
}

export const adamUpdateKernel: WasmKernel = { name: 'AdamUpdate', reason: 'missing', run: adamUpdate };
