/** One step as strategies see it: numbers of the tasks present, in double precision. */
import { keyed } from '../../../numbers/random.ts';
import type { Draws, StepStatistics } from '../../../weighting/contract.ts';
import { element, of, type ByTask } from '../by-task.ts';
import { divisorOf, type Batch, type Forward, type StepContext, type StepInput } from '../contract.ts';

/** Where a step stands in the training. */
export interface StepPlace {
  /** Counted from 0. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Whether the Gram matrix of the task gradients will be told: strategies that need norms alone then ask for it, too. */
  readonly measured: boolean;
}

/** What strategies ask beside the tensors' side of a step. */
export interface MethodContext extends StepContext {
  readonly seed: number;
  /** How well each task does on these batches, in [0, 1]; absent unless the strategy asks for it. */
  readonly performance?: (forward: Forward, batches: readonly Batch[]) => ByTask<number>;
}

/**
 * Losses Lᵢ of the tasks present over all batches of the step.
 *
 * @throws RangeError where one of them has none in this pass
 */
export function lossesOf(
  { reduction }: StepContext,
  { batches }: StepInput,
  forward: Forward,
  present: readonly number[],
): number[] {
  const size = batches.reduce((sum, batch) => sum + batch.size, 0);
  return present.map((index) => {
    const loss = of(forward.losses, index);
    return loss.sum / divisorOf(loss, reduction, size);
  });
}

/** Statistics without gradients. */
export function statisticsOf(
  context: MethodContext,
  input: StepInput,
  forward: Forward,
  present: readonly number[],
  { step, epoch }: StepPlace,
): StepStatistics {
  const performance = context.performance?.(forward, input.batches);
  return {
    ...{ step, epoch },
    tasks: namesOf(context, present),
    losses: lossesOf(context, input, forward, present),
    weights: present.map((index) => element(context.tasks, index).weight),
    ...(performance ? { performance: present.map((index) => element(performance, index)) } : {}),
    draws: drawsOf(context.seed, step, present.length),
  };
}

export function namesOf({ tasks }: Pick<StepContext, 'tasks'>, present: readonly number[]): string[] {
  return present.map((index) => element(tasks, index).name);
}

/** Random numbers of a step, keyed (conventions 1.8) and drawn when they are asked for. */
export function drawsOf(seed: number, step: number, count: number): Draws {
  const stream = () => keyed(seed, 'strategy', step);
  return {
    get normal() {
      const random = stream();
      return Array.from({ length: count }, () => random.normal());
    },
    get orders() {
      const random = stream();
      return Array.from({ length: count }, () => [...random.permutation(count)]);
    },
  };
}

/** One uniform number in [0, 1) for each entry of a row, of as many bits as a float32 holds. */
export function uniformOf(seed: number, step: number, size: number): Float32Array {
  const random = keyed(seed, 'strategy', step);
  const result = new Float32Array(size);
  for (let k = 0; k < size; k++) result[k] = (random.bits() >>> 8) / 0x100_0000;
  return result;
}
