/** The implied last layer of a task type: what it takes, how many numbers it gives, what its target is made of. */
import type { Text } from '../../common/text.ts';
import type { TaskSpec } from '../../spec/index.ts';
import type { Selector } from '../columns.ts';
import type { DataFacts, Dim } from '../plan.ts';

/** What a head needs to know of its task. */
export interface HeadContext {
  readonly name: string;
  /** Numbers in a row of its target. */
  readonly width: Dim;
  readonly facts: DataFacts | undefined;
}

/** Numbers that a row of a target must have. */
export interface WantedNumbers {
  readonly count: number;
  /** What is to be named for them: `one column`. */
  readonly as: Text;
}

export interface HeadRule<Task extends TaskSpec = TaskSpec> {
  /** Axes of the input it takes, without the batch: 1 a vector, 2 a sequence, 3 a map. */
  readonly axes: 1 | 2 | 3;
  /** Numbers for each sample (each token, each pixel); null while unknown. */
  units(task: Task, context: HeadContext): Dim;
  /** Columns of the target as written: a list of selectors, or columns under keys of their own. */
  target(task: Task): readonly Selector[] | Readonly<Record<string, string>>;
  /** Absent: any number. */
  readonly wanted?: WantedNumbers;
}
