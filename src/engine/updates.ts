/** Updates that the active backend has a short form for. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { findKernel } from './registry.ts';
import { tf } from './tfjs.ts';

export interface AdamInputs {
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly mean: Tensor;
  readonly square: Tensor;
}

/** Numbers, or scalars where a graph is recorded, which has its own short form. */
export interface AdamStep {
  readonly beta1: number;
  readonly beta2: number;
  /** c = η√(1 − β₂ᵗ)/(1 − β₁ᵗ). */
  readonly stepSize: number | Tensor;
  /** ε√(1 − β₂ᵗ). */
  readonly epsilon: number | Tensor;
  /** 1 − ηλ with decoupled decay λ; 1 for none. */
  readonly keep: number | Tensor;
}

export interface AdamOutputs {
  readonly value: Tensor;
  readonly mean: Tensor;
  readonly square: Tensor;
}

/**
 * m ← m + (g − m)(1 − β₁); v ← v + (g² − v)(1 − β₂); w ← w · keep − c m / (√v + ε') (Kingma & Ba 2015; Loshchilov &
 * Hutter 2019), in one pass, with the bits that the same formula has in tensor operations. All four inputs have one shape and are float32.
 * @returns new tensors, or undefined where the active backend has no such kernel: then write the formula in operations.
 */
export function adamUpdate(inputs: AdamInputs, step: AdamStep): AdamOutputs | undefined {
  const { beta1, beta2, stepSize, epsilon, keep } = step;
  if (typeof stepSize !== 'number' || typeof epsilon !== 'number' || typeof keep !== 'number') return undefined;
  if (findKernel('AdamUpdate', tf.getBackend()) === undefined) return undefined;
  const attrs = { beta1, beta2, stepSize, epsilon, keep };
  const outs: unknown = tf.engine().runKernel('AdamUpdate', { ...inputs }, attrs);
  const [value, mean, square] = outs as Tensor[];
  return value === undefined || mean === undefined || square === undefined ? undefined : { value, mean, square };
}
