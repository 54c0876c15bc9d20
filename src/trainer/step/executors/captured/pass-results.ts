/** What a forward pass gives: sums, divisors and answers by name, and the factors on its sums. */
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
  passed.present.forEach((index, place) => {
    recorder.result(`sum ${String(index)}`, passed.sums[place] as tf.Scalar);
    recorder.result(`divisor ${String(index)}`, passed.weights[place] as tf.Scalar);
    const answer = tasks[index]?.answers(passed.raw[place] as tf.Tensor) as tf.Tensor;
    recorder.result(`answer ${String(index)}`, answer);
  });
}

/** A pass as the host sees it. */
export function readPass(tasks: number, present: readonly number[], results: ReadonlyMap<string, Float32Array>): Part {
  const losses = new Array<LossSum | null>(tasks).fill(null);
  const answers = new Array<ArrayLike<number> | null>(tasks).fill(null);
  for (const index of present) {
    const number = (what: string): number => results.get(`${what} ${String(index)}`)?.[0] ?? NaN;
    losses[index] = { sum: number('sum'), weight: number('divisor') };
    answers[index] = results.get(`answer ${String(index)}`) ?? null;
  }
  return { losses, answers };
}

/** wᵢ over what the loss sum is divided by. */
export function factorsOf(
  { reduction }: StepContext,
  { size }: Batch,
  { weights: divisors }: Passed,
  weights: readonly tf.Tensor[],
  part: TakingPart,
): Factor[] {
  return weights.map((weight, place) =>
    under(
      tf.div<tf.Scalar>(weight, reduction === 'batch-mean' ? size : (divisors[place] ?? NaN)),
      part.factor([place]),
    ),
  );
}
