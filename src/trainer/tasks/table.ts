/** The types of tasks that can be trained: one file and one row each. */
import { text } from '../../common/text.ts';
import { RefusedError } from '../errors.ts';
import type { PlanTask } from '../../plan/plan.ts';
import type { AvailableTask } from '../../spec/index.ts';
import type { FittedTarget } from '../../samples/targets/table.ts';
import { box } from './box.ts';
import { classification } from './classification.ts';
import { regression } from './regression.ts';
import type { PredictionActivation, TaskTypeRow } from './row.ts';
import type { Task, TaskFacts } from './contract.ts';

const table = { classification, regression, box } satisfies {
  readonly [Type in AvailableTask]: TaskTypeRow<Extract<FittedTarget, { readonly type: Type }>>;
};

/** By the word of the spec. */
export const taskTypes: Readonly<Record<FittedTarget['type'], TaskTypeRow>> = table;

function rowOf(type: string, task?: string): TaskTypeRow {
  if (Object.hasOwn(taskTypes, type)) return taskTypes[type as FittedTarget['type']];
  const where = task === undefined ? text('', '') : text(` (task "${task}")`, `（任务“${task}”）`);
  throw new RefusedError(
    text(
      `Tasks of type "${type}" cannot be trained by this version${where.en}.`,
      `此版本尚不能训练类型为“${type}”的任务${where.zh}。`,
    ),
  );
}

/**
 * The task at work.
 *
 * @throws RefusedError for a type without a row, or when the training labels do not allow the loss
 */
export function createTask(plan: PlanTask, facts: TaskFacts): Task {
  return rowOf(plan.spec.type, plan.name).create(plan, facts);
}

/** @throws RefusedError for a task type that this version cannot train */
export function predictionActivation(type: string): PredictionActivation {
  return rowOf(type).activation;
}
