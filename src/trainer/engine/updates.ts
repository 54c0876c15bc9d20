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

export interface AdamStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Number of updates, this one included (from 1). */
  readonly count: number;
  /** Decoupled decay λ, multiplied by the learning rate; 0 for none. */
  readonly weightDecay: number;
}

export interface AdamOutputs {
  readonly value: Tensor;
  readonly mean: Tensor;
  readonly square: Tensor;
}

/**
 * m ← m + (g − m)(1 − β₁); v ← v + (g² − v)(1 − β₂); w ← w(1 − ηλ) − c m / (√v + ε√(1 − β₂ᵗ)) with
 * c = η√(1 − β₂ᵗ)/(1 − β₁ᵗ) (Kingma & Ba 2015; Loshchilov & Hutter 2019), in one pass, with the bits that the same
 * formula has in tensor operations. All four inputs have one shape and are float32.
 * @returns new tensors, or undefined where the active backend has no such kernel: then write the formula in operations.
 */
export function adamUpdate(inputs: AdamInputs, step: AdamStep): AdamOutputs | undefined {
  if (findKernel('AdamUpdate', tf.getBackend()) === undefined) return undefined;
  const root = Math.sqrt(1 - step.beta2 ** step.count);
  const attrs = {
    beta1: step.beta1,
    beta2: step.beta2,
    stepSize: (step.learningRate * root) / (1 - step.beta1 ** step.count),
    epsilon: step.epsilon * root,
    keep: 1 - step.learningRate * step.weightDecay,
  };
  const outs: unknown = tf.engine().runKernel('AdamUpdate', { ...inputs }, attrs);
  const [value, mean, square] = outs as Tensor[];
  return value === undefined || mean === undefined || square === undefined ? undefined : { value, mean, square };
}
