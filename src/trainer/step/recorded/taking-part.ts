/**
 * One program for every set of tasks with a label. It is recorded with all tasks; what a task adds is multiplied by a
 * scalar of 1 that is missing in runs where the task has no label, so that its backward pass, its own parameters, their
 * slots and their counts of updates are left out, exactly as operation by operation (conventions 1.2).
 */
import { tf } from '../../../engine/tfjs.ts';
import type { Model } from '../../model/build.ts';
import { forwardTasks } from '../../model/partial.ts';
import type { Batch, StepContext } from '../contract.ts';
import type { Recorder } from './recording.ts';

/** Indices of tasks of which one has a label. */
export type Condition = readonly number[];

/** The scalars of one recording. */
export interface TakingPart {
  /** Null where the condition holds in every run. */
  factor(condition: Condition): tf.Scalar | null;
  /** The condition of each factor by its name as an input. */
  readonly gates: ReadonlyMap<string, Condition>;
}

/** @param tasks how many there are; null where every run has labels of all */
export function takingPart(recorder: Recorder, tasks: number | null): TakingPart {
  const gates = new Map<string, Condition>();
  return {
    gates,
    factor: (condition) => {
      if (tasks === null || condition.length === tasks) return null;
      const name = `part ${condition.join(',')}`;
      gates.set(name, condition);
      return recorder.one(name);
    },
  };
}

/** The value, missing where the factor is. */
export function under<T extends tf.Tensor>(value: T, factor: tf.Scalar | null): T {
  return factor ? tf.mul<T>(value, factor) : value;
}

/** Indices of the tasks whose losses reach a variable. */
export function tasksOf(
  { tasks }: Pick<StepContext, 'tasks'>,
  target: { readonly tasks: readonly string[] },
): Condition {
  return tasks.flatMap(({ name }, index) => (target.tasks.includes(name) ? [index] : []));
}

/**
 * Which tasks make something happen in a forward pass (layers that two tasks read run for either; a task that reads
 * another's output runs the other's layers).
 *
 * @param happens names of what happened while `run` ran
 */
export function causes(
  model: Model,
  batch: Batch,
  tasks: readonly number[],
  happens: (run: () => void) => readonly string[],
): Map<string, Condition> {
  const found = new Map<string, number[]>();
  for (const task of tasks) {
    const run = (): void => {
      tf.tidy(() => void forwardTasks(model, batch.inputs, [task], true));
    };
    for (const name of happens(run)) found.set(name, [...(found.get(name) ?? []), task]);
  }
  return found;
}
