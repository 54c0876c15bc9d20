/**
 * Penalties that layers put on a batch: the entropy of DSelect-k's selections. They act after the tasks' gradients and
 * never inside one (conventions 1.1), so they have a pass of their own, on the same dropout masks and without moving batch
 * normalization's statistics.
 */
import { tf } from '../../../engine/tfjs.ts';
import type { Model } from '../../model/build.ts';
import type { BatchPenalty } from '../../model/context.ts';
import { forwardTasks } from '../../model/partial.ts';
import { of } from '../by-task.ts';
import { presentIn, type Batch } from '../contract.ts';

/** Tasks with a label in the batch that read such a layer. */
export function penalizedIn(model: Model, batch: Batch): number[] {
  return presentIn(batch).filter((index) => model.penalizedTasks.includes(of(model.tasks, index)));
}

/**
 * Adds the gradients of one batch's penalties in place of those in the map; the old tensors are disposed. Variables
 * without a data gradient in this step are left alone (conventions 1.2). `model.setStep` must have been called.
 *
 * @param tasks of `penalizedIn`; at least one
 * @param valueOf a penalty as it counts, inside the pass; itself if absent
 * @returns the penalties' value; the caller owns it
 */
export function addBatchPenalty(
  model: Model,
  batch: Batch,
  tasks: readonly number[],
  gradients: Map<string, tf.Tensor>,
  valueOf: (penalty: BatchPenalty) => tf.Scalar = ({ value }) => value,
): tf.Scalar {
  const variables = model.variables.filter(({ path, trainable }) => trainable && gradients.has(path));
  const { value, grads } = tf.variableGrads(
    () => {
      const penalties = model.collectPenalties(() => forwardTasks(model, batch.inputs, tasks, true));
      return tf.addN<tf.Scalar>(penalties.map(valueOf));
    },
    variables.map(({ variable }) => variable),
  );
  for (const { path, variable } of variables) {
    const more = grads[variable.name];
    const before = gradients.get(path);
    if (!more || !before) continue;
    gradients.set(path, tf.add(before, more));
    before.dispose();
    more.dispose();
  }
  return value;
}
