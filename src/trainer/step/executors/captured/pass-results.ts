/** What a forward pass gives: sums, divisors and answers by name, and the factors on its sums. */
import { at } from '../../../../numbers/linear.ts';
import { byTask, element, of, type ByTask } from '../../by-task.ts';
import { tf } from '../../../../engine/tfjs.ts';
import type { Factor, Passed } from '../../passes/passes.ts';
import type { Batch, LossSum, Part, StepContext } from '../../contract.ts';
import type { Recorder } from '../../recorded/recording.ts';
import { under, type TakingPart } from '../../recorded/taking-part.ts';

/** Results of a forward pass, in the order in which they are packed. */
export function passResults(present: readonly number[]): string[] {
  return present.flatMap((index) => ['sum', 'divisor', 'answer'].map((what) => `${what} ${String(index)}`));
}

/** Names sums, weights and answers of a pass; while they are alive. */
export function recordPass({ tasks }: Pick<StepContext, 'tasks'>, recorder: Recorder, passed: Passed): void {
  for (const { index, raw, sum, weight } of passed) {
    recorder.result(`sum ${String(index)}`, sum);
    recorder.result(`divisor ${String(index)}`, weight);
    recorder.result(`answer ${String(index)}`, of(tasks, index).answers(raw));
  }
}

/** A pass as the host sees it. */
export function readPass(tasks: number, present: readonly number[], results: ReadonlyMap<string, Float32Array>): Part {
  return {
    losses: readLosses(tasks, present, results),
    answers: byTask(
      tasks,
      present.map((index) => [index, numbersOf(results, `answer ${String(index)}`)] as const),
    ),
  };
}

/** Sums and divisors of the losses of some tasks. */
export function readLosses(
  tasks: number,
  present: readonly number[],
  results: ReadonlyMap<string, Float32Array>,
): ByTask<LossSum> {
  const number = (name: string): number => at(numbersOf(results, name), 0);
  return byTask(
    tasks,
    present.map((index) => {
      const loss = { sum: number(`sum ${String(index)}`), weight: number(`divisor ${String(index)}`) };
      return [index, loss] as const;
    }),
  );
}

/** A result of a program; one that it does not give is a programming error. */
export function numbersOf(results: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const found = results.get(name);
  if (!found) throw new RangeError(`The program gives no ${name}.`);
  return found;
}

/**
 * wᵢ over what the loss sum is divided by.
 *
 * @param weights one a task of the pass
 */
export function factorsOf(
  { tasks, reduction }: StepContext,
  { size }: Batch,
  passed: Passed,
  weights: readonly tf.Scalar[],
  part: TakingPart,
): ByTask<Factor> {
  return byTask(
    tasks.length,
    passed.map(({ index, weight: divisor }, place) => {
      const factor = tf.div<tf.Scalar>(element(weights, place), reduction === 'batch-mean' ? size : divisor);
      return [index, under(factor, part.factor([place]))] as const;
    }),
  );
}
