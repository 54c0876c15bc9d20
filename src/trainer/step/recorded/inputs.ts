/** How the inputs of recorded steps are named, and what a program is recorded from. */
import type { tf } from '../../../engine/tfjs.ts';
import { of, type ByTask } from '../by-task.ts';
import { presentIn, type Batch } from '../contract.ts';

export const weightName = (path: string): string => `weight ${path}`;
export const slotName = (slot: number, path: string): string => `slot ${String(slot)} ${path}`;
export const rowName = (task: number): string => `row ${String(task)}`;
export const headName = (task: number, path: string): string => `head ${String(task)} ${path}`;

/** The tensors of a batch by name, for the tasks present. */
export function batchTensors(batch: Batch, present: readonly number[]): Map<string, tf.Tensor> {
  const tensors = new Map<string, tf.Tensor>(batch.inputs.map((tensor, place) => [`input ${String(place)}`, tensor]));
  for (const index of present) {
    const target = batch.targets[index];
    if (!target) continue;
    tensors.set(`target ${String(index)}`, target.target);
    tensors.set(`sample ${String(index)}`, target.weights);
  }
  return tensors;
}

/** The batch with tensors for all of its tasks where it can give them, so that one program serves whichever have labels. */
export function filled(batch: Batch): Batch {
  const { unlabeled } = batch;
  return unlabeled ? { ...batch, targets: batch.targets.map((target, index) => target ?? unlabeled(index)) } : batch;
}

/** What a program is built from: a batch of its shape, at some step. */
export interface Sample {
  readonly batch: Batch;
  /** Indices of the tasks that the program knows, all of which have tensors in the batch. */
  readonly present: readonly number[];
  /** Those of them with a label. */
  readonly labeled: readonly number[];
  /** The program is told which tasks have a label, and leaves the others out. */
  readonly partial: boolean;
  readonly step: number;
  readonly part: number;
}

/** @returns null without a label: nothing is to be done */
export function sampleFrom(batch: Batch, step: number, part: number): Sample | null {
  const labeled = presentIn(batch);
  if (labeled.length === 0) return null;
  const whole = filled(batch);
  return { batch: whole, present: presentIn(whole), labeled, partial: whole !== batch, step, part };
}

/** How many tasks a program may leave out, and must be told about; null where it is made for these very tasks. */
export function tasksLeftOut({ present, partial }: Sample): number | null {
  return partial ? present.length : null;
}

/**
 * Numbers of the labeled tasks among those of all that a program knows: 0 for the others, which it leaves out.
 *
 * @throws RangeError where a labeled task has none
 */
export function spread({ present, labeled }: Sample, numbers: ByTask<number>): Float32Array {
  return Float32Array.from(present, (index) => (labeled.includes(index) ? of(numbers, index) : 0));
}

/** Batches with the same key fit the same program. */
export function shapeKey({ inputs, targets }: Batch, present: readonly number[]): string {
  const widths = present.map((index) => {
    const target = targets[index];
    // Weights of single numbers (targets with gaps) make another graph than weights of samples.
    return `${String(index)}:${target?.target.shape.join('x') ?? ''}${(target?.weights.rank ?? 1) > 1 ? ' gaps' : ''}`;
  });
  return [...inputs.map(({ shape }) => shape.join('x')), ...widths].join(' ');
}
