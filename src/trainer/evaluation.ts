/** One pass over a split without training: losses and metrics as the spec's tasks define them. */
import { loadBatch } from './batch.ts';
import { sourceBatches } from './batches/order.ts';
import type { PreparedSplit } from './batches/types.ts';
import { eagerInference, type Infer } from './inference.ts';
import type { Model } from './model/build.ts';
import { Sums, type PassResult } from './sums.ts';
import type { Task } from './tasks/types.ts';

/** Larger batches are no faster on these engines and cost memory. */
export const evaluationBatch = 256;

/**
 * Evaluates the model in source order.
 *
 * @param infer computes a batch; by default with the model's variables as they are now
 */
export function evaluateSplit(
  model: Model,
  tasks: readonly Task[],
  split: PreparedSplit,
  infer: Infer = eagerInference(model, tasks),
): PassResult {
  const sums = new Sums(tasks, 'all');
  const names = tasks.map((task) => task.name);
  for (const positions of sourceBatches(split, evaluationBatch)) {
    const batch = loadBatch(split, positions, model.inputs, names);
    const { losses, predictions } = infer(batch);
    sums.add(batch, losses, predictions);
    batch.dispose();
  }
  return sums.result();
}
