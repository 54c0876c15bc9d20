/** Inference: one batch through the model as it predicts, without dropout and with batch normalization's moving statistics. */
import { tf } from '../../../engine/tfjs.ts';
import type { Model } from '../../model/build.ts';
import type { LossSums } from '../../tasks/losses/contract.ts';
import { at } from '../../../numbers/linear.ts';
import { element, type ByTask } from '../by-task.ts';
import type { Batch, LossSum, Part } from '../contract.ts';
import type { Task } from '../../tasks/contract.ts';

/** Tasks as far as a pass needs them. */
export type InferredTask = Pick<Task, 'name' | 'loss' | 'answers'>;

/** Losses of the tasks with labels in the batch, and answers of all. */
export type Infer = (batch: Batch) => Part;

/** What a pass gives: answers of every task, and losses of those with a label. */
export interface Inferred {
  readonly answers: readonly tf.Tensor[];
  readonly losses: ByTask<LossSums>;
}

/** The pass as a pure function on tensors; call inside a tidy. */
export function inferencePass(model: Model, tasks: readonly InferredTask[], batch: Batch): Inferred {
  const raw = model.forward(batch.inputs, false);
  return {
    answers: tasks.map((task, index) => task.answers(element(raw, index))),
    losses: tasks.map(({ loss }, index) => {
      const target = batch.targets[index];
      return target ? loss.evaluate(element(raw, index), target.target, target.weights) : null;
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
      let read = 0;
      const next = (): number => at(numbers, read++);
      part = {
        losses: losses.map((loss): LossSum | null => (loss ? { sum: next(), weight: next() } : null)),
        answers: answers.map((answer) => answer.dataSync()),
      };
    });
    return part;
  };
}
