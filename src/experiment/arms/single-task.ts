/** One run a task: what is gained or lost by learning the tasks together is measured against it. */
import { singleTaskText } from '../single-task.ts';
import { baseOf } from '../variant.ts';
import type { ArmRow } from './contract.ts';

export const singleTask: ArmRow<'single-task'> = {
  bases: (spec, _, { match }) => [...spec.tasks.keys()].map((task) => baseOf(singleTaskText(spec, task, match), task)),
  points: () => [{ label: '', point: new Map(), settings: [] }],
  frontier: false,
};
