/**
 * Penalties that layers put on a batch: the entropy of DSelect-k's selections. They act after the tasks' gradients and
 * never inside one (SCIENCE 1.1), so they have a pass of their own, on the same dropout masks and without moving batch
 * normalization's statistics.
 */
import { tf } from './engine/tfjs.ts';
import type { Model } from './model/build.ts';
import { forwardTasks } from './model/partial.ts';
import type { Batch } from './step.ts';

/**
 * Adds the gradients of the batches' penalties in place of those in the map; the old tensors are disposed. Variables
 * without a data gradient in this step are left alone (SCIENCE 1.2).
 *
 * @returns the penalties' value, summed over the batches; 0 for a model without such layers
 */
export function addBatchPenalties(
  model: Model,
  batches: readonly Batch[],
  step: number,
  gradients: Map<string, tf.Tensor>,
): number {
  if (model.penalizedTasks.length === 0) return 0;
  let total = 0;
  batches.forEach((batch, part) => {
    const present = batch.targets.flatMap((target, index) =>
      target !== null && penalized(model, index) ? [index] : [],
    );
    if (present.length === 0) return;
    model.setStep(step, { part, updateStatistics: false });
    total += addOne(model, batch, present, gradients);
  });
  return total;
}

function penalized({ tasks, penalizedTasks }: Model, index: number): boolean {
  return penalizedTasks.includes(tasks[index] ?? '');
}

function addOne(model: Model, batch: Batch, present: readonly number[], gradients: Map<string, tf.Tensor>): number {
  const variables = model.variables.filter(({ path, trainable }) => trainable && gradients.has(path));
  const { value, grads } = tf.variableGrads(
    () => {
      const penalties = model.collectPenalties(() => forwardTasks(model, batch.inputs, present, true));
      return tf.addN<tf.Scalar>(penalties);
    },
    variables.map(({ variable }) => variable),
  );
  const number = value.dataSync()[0] ?? NaN;
  value.dispose();
  for (const { path, variable } of variables) {
    const more = grads[variable.name];
    const before = gradients.get(path);
    if (!more || !before) continue;
    gradients.set(path, tf.add(before, more));
    before.dispose();
    more.dispose();
  }
  return number;
}
