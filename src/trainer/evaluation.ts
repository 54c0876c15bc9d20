/** One pass over a split without training: losses and metrics as the spec's tasks define them. */
import { loadBatch, type LoadedBatch } from './batch.ts';
import { batchesOf, sourceOrder } from './batches/order.ts';
import type { PreparedSplit } from './batches/types.ts';
import { tf } from './engine/tfjs.ts';
import type { Model } from './model/build.ts';
import type { LossSum } from './step/types.ts';
import { Sums, type PassResult } from './sums.ts';
import type { Task } from './tasks/types.ts';

/** Larger batches are no faster on these engines and cost memory. */
const evaluationBatch = 256;

/** Evaluates the model as it is now, in source order. */
export function evaluateSplit(model: Model, tasks: readonly Task[], split: PreparedSplit): PassResult {
  const sums = new Sums(tasks);
  const names = tasks.map((task) => task.name);
  for (const positions of batchesOf(sourceOrder(split.n), evaluationBatch)) {
    const batch = loadBatch(split, positions, model.inputs, names);
    const raw = tf.tidy(() => model.forward(batch.inputs, false));
    const predictions = tasks.map((task, index) => predictionsOf(task, raw[index]));
    sums.add(batch, lossesOf(tasks, batch, raw), predictions);
    tf.dispose(raw);
    batch.dispose();
  }
  return sums.result();
}

function predictionsOf(task: Task, raw: tf.Tensor2D | undefined): ArrayLike<number> | null {
  return raw ? tf.tidy(() => task.predict(raw).dataSync()) : null;
}

/** Losses of a batch from its raw outputs; null where the task has no label. */
function lossesOf(tasks: readonly Task[], batch: LoadedBatch, raw: readonly tf.Tensor2D[]): (LossSum | null)[] {
  return tasks.map(({ loss }, index) => {
    const target = batch.targets[index];
    const output = raw[index];
    if (!target || !output) return null;
    return tf.tidy(() => {
      const { sum, weight } = loss.evaluate(output, target.target, target.weights);
      const [first = NaN, second = NaN] = tf.stack([sum, weight]).dataSync();
      return { sum: first, weight: second };
    });
  });
}
