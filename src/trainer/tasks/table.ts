/** The types of tasks that can be trained. To add one: write its file, add its row, its head rule and its schema entry. */
import type { PlanTask } from '../../plan/types.ts';
import { box } from './box.ts';
import { classification } from './classification.ts';
import { regression } from './regression.ts';
import type { Task, TaskFacts, TaskTypeRow } from './types.ts';

export const taskTypes: readonly TaskTypeRow[] = [classification, regression, box];

/**
 * The task at work.
 *
 * @throws RangeError for a type without a row, or when the training labels do not allow the loss
 */
export function createTask(plan: PlanTask, facts: TaskFacts): Task {
  const row = taskTypes.find((entry) => entry.type === plan.spec.type);
  if (row !== undefined) return row.create(plan, facts);
  throw new RangeError(`Tasks of type "${plan.spec.type}" cannot be trained by this version (task "${plan.name}").`);
}
