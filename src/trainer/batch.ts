/** Positions of a prepared split → one batch, as tensors for the step and as numbers for the metrics. */
import { gather, type BatchTarget } from './batches/gather.ts';
import type { PreparedSplit } from './batches/types.ts';
import { tf } from './engine/tfjs.ts';
import type { Batch } from './step/types.ts';

export interface LoadedBatch extends Batch {
  /** The same labels as numbers, in task order; null where the task has none in this batch. */
  readonly labels: readonly (BatchTarget | null)[];
  dispose(): void;
}

/**
 * Gathers a batch.
 *
 * @param inputs names of the model's inputs in feeding order
 * @param tasks names in task order
 */
export function loadBatch(
  split: PreparedSplit,
  positions: Int32Array,
  inputs: readonly string[],
  tasks: readonly string[],
): LoadedBatch {
  const batch = gather(split, positions);
  const fed = inputs.map((name) => {
    const input = batch.inputs.get(name);
    if (!input) throw new RangeError(`The data has no input "${name}".`);
    return tf.tensor(input.data, [...input.shape], input.dtype);
  });
  const labels = tasks.map((task) => {
    const target = batch.targets.get(task);
    // A label whose sample weight is 0 says nothing: a task that has only such is absent.
    return target?.weight.some((weight) => weight > 0) ? target : null;
  });
  const targets = labels.map((label) => {
    if (label === null) return null;
    return {
      target: tf.tensor2d(label.data, [batch.n, label.width]),
      weights: tf.tensor1d(label.weight),
    };
  });
  return {
    size: batch.n,
    inputs: fed,
    targets,
    labels,
    dispose: () => tf.dispose([...fed, ...targets.flatMap((pair) => (pair ? [pair.target, pair.weights] : []))]),
  };
}
