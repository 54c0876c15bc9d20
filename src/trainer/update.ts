/** From a step's data gradients to new parameters: penalties, clipping, optimizer, in this order (SCIENCE 1.1). */
import type { tf } from './engine/tfjs.ts';
import {
  addPenaltyGradients,
  clipByGlobalNorm,
  penalty,
  regularizedVariables,
  type Regularized,
} from './optimizers/gradients.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import type { Model } from './model/build.ts';
import { addTieGradients, tiePenalty } from './model/sharing/ties.ts';

export interface Update {
  /** Applies the gradients and disposes them. */
  apply(gradients: Map<string, tf.Tensor>, learningRate: number): void;
  /** Value of l1, l2 and soft sharing over the whole model as it is now. */
  penalty(): number;
}

export interface UpdateOptions {
  readonly optimizer: Optimizer;
  readonly l1: number;
  readonly l2: number;
  /** Largest global norm of the gradient; undefined = no clipping. */
  readonly clipNorm: number | undefined;
}

export function createUpdate(model: Model, options: UpdateOptions): Update {
  const regularized: readonly Regularized[] = regularizedVariables(model.variables, options);
  return {
    apply: (gradients, learningRate) => {
      addPenaltyGradients(gradients, regularized);
      addTieGradients(gradients, model.ties);
      if (options.clipNorm !== undefined) clipByGlobalNorm(gradients, options.clipNorm);
      options.optimizer.apply(gradients, learningRate);
      for (const gradient of gradients.values()) gradient.dispose();
    },
    penalty: () => {
      const tied = tiePenalty(model.ties);
      if (regularized.length === 0) return tied;
      const value = penalty(regularized);
      const number = value.dataSync()[0] ?? NaN;
      value.dispose();
      return number + tied;
    },
  };
}
