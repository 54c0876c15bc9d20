/** Evaluation: inference over a whole split, with losses and metrics as the spec's tasks define them. */
import { loadBatch } from '../prepare/load-batch.ts';
import { sourceBatches } from '../../samples/order.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { eagerInference, type Infer } from '../step/passes/inference.ts';
import type { Model } from '../model/build.ts';
import { Totals, type PassResult } from '../state/totals.ts';
import type { Task } from '../tasks/contract.ts';

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
  const totals = new Totals(tasks, 'all');
  const names = tasks.map((task) => task.name);
  for (const positions of sourceBatches(split, evaluationBatch)) {
    const batch = loadBatch(split, positions, model.inputs, names);
    const { losses, answers } = infer(batch);
    totals.add(batch, losses, answers);
    batch.dispose();
  }
  return totals.result();
}
