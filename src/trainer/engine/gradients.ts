/**
 * Gradients that tfjs lacks or writes at length, for every backend: they use the short kernel where the active backend
 * has one and tfjs's own operations elsewhere.
 */
import type { EinsumAttrs, GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { findGradient, findKernel } from './registry.ts';
import { tf } from './tfjs.ts';

/** relu: dx = dy where y > 0. Needs the output only, so the input can be freed earlier. */
const reluGradient: GradConfig = {
  kernelName: 'Relu',
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({
    x: () => {
      if (Array.isArray(dy) || y === undefined) throw new Error('relu has one output');
      if (findKernel('ReluGrad', tf.getBackend()) === undefined) return tf.mul(dy, tf.step(y));
      return tf.engine().runKernel('ReluGrad', { dy, y });
    },
  }),
};

/** Σ over the missing indices of `indices` was taken forwards: backwards the value is repeated along them. */
function repeatAlong(value: Tensor, kept: string, indices: string, shape: readonly number[]): Tensor {
  if (kept === indices) return value;
  const extents = Array.from(indices).map((index, axis) => (kept.includes(index) ? (shape[axis] ?? 1) : 1));
  return tf.broadcastTo(tf.reshape(value, extents), [...shape] as [number]);
}

/** d/dA of einsum('A,B->Y') = einsum('Y,B->A') with the indices that only A has repeated. */
const einsumGradient: GradConfig = {
  kernelName: 'Einsum',
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const equation = (attrs as unknown as EinsumAttrs).equation.replace(/\s/g, '');
    const [operands = '', result = ''] = equation.split('->');
    const terms = operands.split(',');
    const gradients = saved.map((x, i) => (): Tensor => {
      if (Array.isArray(dy)) throw new Error('einsum has one output');
      const indices = terms[i] ?? '';
      const others = terms.filter((_, at) => at !== i);
      const kept = Array.from(indices)
        .filter((index) => [result, ...others].some((term) => term.includes(index)))
        .join('');
      const back = tf.einsum([result, ...others].join(',') + '->' + kept, dy, ...saved.filter((_, at) => at !== i));
      return repeatAlong(back, kept, indices, x.shape);
    });
    return Object.fromEntries(gradients.map((gradient, i) => [String(i), gradient]));
  },
};

/** Idempotent. */
export function installGradients(): void {
  for (const gradient of [reluGradient, einsumGradient]) {
    if (findGradient(gradient.kernelName) !== undefined) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
}
