/** What is asked of losses, answered from their words. */
import { extraOf, type Extra, type Members } from './schema/build.ts';
import { losses } from './schema/losses.ts';
import type { TaskSpec } from './resolved.ts';

function wordOf(task: string, loss: string): Partial<Extra> {
  const table = (losses as Readonly<Record<string, Members>>)[task];
  const entry = table !== undefined && Object.hasOwn(table, loss) ? table[loss] : undefined;
  return entry === undefined ? {} : extraOf(entry);
}

/** The largest number that no value of a task's loss falls below; 0 where the tables do not say. */
export function infimumOf(task: string, loss: string): number {
  return wordOf(task, loss).infimum ?? 0;
}

/** Whether a loss takes labels as they are, so that the task's target is not normalized. */
export function isUnscaled(task: string, loss: string): boolean {
  return wordOf(task, loss).loss?.unscaled ?? false;
}

/** Whether a loss takes times as they are, so that the task's target is not cut into intervals. */
export function isContinuous(task: string, loss: string): boolean {
  return wordOf(task, loss).loss?.continuous ?? false;
}

/**
 * Numbers that the head of a task gives.
 *
 * @param count columns, classes or intervals of its target
 */
export function outputsOf({ type, loss }: TaskSpec, count: number): number {
  const outputs = wordOf(type, loss.type).loss?.outputs as
    ((parameters: TaskSpec['loss'], count: number) => number) | undefined;
  return outputs?.(loss, count) ?? count;
}
