/** What the methods of suggestion share: a task's share of the weights, with its numbers and words. */
import type { Text } from '../../common/text.ts';
import { trainingConstantLoss, type FactSource } from '../baselines/facts.ts';
import type { Task } from '../tasks/contract.ts';
import { SuggestError } from './suggestion.ts';

export interface SuggestOptions {
  /** p of `data`: w ∝ n^p. */
  readonly power: number;
  /** The run that `performance` reads; null where the spec has none. */
  readonly run: string | null;
  /** Which metrics `performance` reads. */
  readonly split: 'train' | 'validation';
  /** Mean losses of the first batches at initialization instead of L⁰, where asked for. */
  readonly initial: ReadonlyMap<string, number> | null;
}

/** A task's share of the weights before scaling. */
export interface Share {
  readonly task: string;
  readonly share: number;
  readonly numbers: ReadonlyMap<string, number>;
  /** What stands before "→ weight". */
  readonly text: Text;
}

export interface Shares {
  readonly formula: string;
  readonly shares: readonly Share[];
  readonly warnings: readonly Text[];
}

/** Four digits: enough to check the arithmetic by hand. */
export const digits = (value: number): string => String(Number(value.toPrecision(4)));

/** L⁰ of a task. @throws SuggestError where there is none, or it is 0 */
export function constantOf(task: Task, source: FactSource): number {
  return positive(task, trainingConstantLoss(task, source.data.splits.train), 'L⁰', 'L⁰');
}

/** The value itself. @throws SuggestError where it is not positive: no weight can be made of it */
export function positive(task: Task, value: number, en: string, zh: string): number {
  if (value > 0 && Number.isFinite(value)) return value;
  if (Number.isNaN(value)) {
    throw new SuggestError(
      `Task "${task.name}" has no label in the training split, so its ${en} is not known. Give it labels.`,
      `任务“${task.name}”在训练集中没有标签，${zh} 未知。请补充标签。`,
    );
  }
  throw new SuggestError(
    `Task "${task.name}": its ${en} is ${String(value)}, so nothing can be divided by it. Is its target always the same?`,
    `任务“${task.name}”：其 ${zh} 为 ${String(value)}，无法作除数。目标是否恒定？`,
  );
}
