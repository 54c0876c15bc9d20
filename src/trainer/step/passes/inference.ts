/** Inference: one batch through the model as it predicts, without dropout and with batch normalization's moving statistics. */
import { tf } from '../../../engine/tfjs.ts';
import type { Model } from '../../model/build.ts';
import type { LossSums } from '../../tasks/losses/types.ts';
import type { Batch, LossSum, Part } from '../contract.ts';
import type { Task } from '../../tasks/types.ts';

/** Tasks as far as a pass needs them. */
export type InferredTask = Pick<Task, 'name' | 'loss' | 'answers'>;

/** Losses of the tasks with labels in the batch, and answers of all. */
export type Infer = (batch: Batch) => Part;

/** What a pass gives, in task order; null where the batch has no label of the task. */
export interface Inferred {
  readonly answers: readonly tf.Tensor[];
  readonly losses: readonly (LossSums | null)[];
}

/** The pass as a pure function on tensors; call inside a tidy. */
export function inferencePass(model: Model, tasks: readonly InferredTask[], batch: Batch): Inferred {
  const raw = model.forward(batch.inputs, false);
  return {
    answers: tasks.map((task, index) => task.answers(raw[index] as tf.Tensor)),
    losses: tasks.map(({ loss }, index) => {
      const target = batch.targets[index];
      return target ? loss.evaluate(raw[index] as tf.Tensor, target.target, target.weights) : null;
    }),
  };
}

/** Operation by operation, with the weights that the model's variables have when it is called. */
export function eagerInference(model: Model, tasks: readonly InferredTask[]): Infer {
  return (batch) => {
    let part: Part = { losses: [], answers: [] };
    tf.tidy(() => {
      const { answers, losses } = inferencePass(model, tasks, batch);
      const pairs = losses.flatMap((loss) => (loss ? [loss.sum, loss.weight] : []));
      const numbers = pairs.length > 0 ? tf.stack(pairs).dataSync() : [];
      let at = 0;
      part = {
        losses: losses.map((loss): LossSum | null =>
          loss ? { sum: numbers[at++] ?? NaN, weight: numbers[at++] ?? NaN } : null,
        ),
        answers: answers.map((answer) => answer.dataSync()),
      };
    });
    return part;
  };
}
