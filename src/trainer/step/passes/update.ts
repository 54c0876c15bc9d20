/** From a step's data gradients to new parameters: penalties, clipping, optimizer, in this order (conventions 1.1). */
import { tf } from '../../../engine/tfjs.ts';
import { at } from '../../../numbers/linear.ts';
import { addTieGradients, tieValue } from '../../model/sharing/ties.ts';
import {
  addPenaltyGradients,
  clipByGlobalNorm,
  penalty,
  regularizedVariables,
  type Regularized,
} from '../../optimizers/gradients.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import type { Model } from '../../model/build.ts';

export interface Update {
  readonly options: UpdateOptions;
  /**
   * Applies the gradients and disposes them.
   *
   * @param steps paths whose gradients are an optimizer's steps already: only the learning rate multiplies them
   * @returns the factor of `clipNorm`, 1 where nothing was clipped
   */
  apply(gradients: Map<string, tf.Tensor>, learningRate: number, steps?: ReadonlySet<string>): number;
  /** Values of l1 and l2, and of soft sharing, over the whole model as it is now; the caller owns them. */
  penalties(): tf.Scalar[];
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
    options,
    apply: (gradients, learningRate, steps) => {
      addPenaltyGradients(gradients, regularized);
      addTieGradients(gradients, model.ties);
      const clip = options.clipNorm === undefined ? 1 : clipByGlobalNorm(gradients, options.clipNorm).factor;
      if (steps && steps.size > 0) takeSteps(model, gradients, learningRate, steps);
      options.optimizer.apply(gradients, learningRate);
      for (const gradient of gradients.values()) gradient.dispose();
      return clip;
    },
    penalties: () => [
      ...(regularized.length > 0 ? [penalty(regularized)] : []),
      ...(model.ties.length > 0 ? [tieValue(model.ties)] : []),
    ],
  };
}

/** θ ← θ − η d for the paths in `steps`; their tensors leave the map. */
function takeSteps(
  { variables }: Model,
  gradients: Map<string, tf.Tensor>,
  learningRate: number,
  steps: ReadonlySet<string>,
): void {
  for (const { path, variable, learningRate: factor } of variables) {
    const step = steps.has(path) ? gradients.get(path) : undefined;
    if (!step) continue;
    tf.tidy(() => {
      variable.assign(tf.sub(variable, tf.mul(step, learningRate * factor)));
    });
    gradients.delete(path);
    step.dispose();
  }
}

/** Sum of scalars on the host; they are disposed. */
export function readSum(scalars: readonly tf.Scalar[]): number {
  const sum = scalars.reduce((total, scalar) => total + at(scalar.dataSync(), 0), 0);
  tf.dispose([...scalars]);
  return sum;
}
