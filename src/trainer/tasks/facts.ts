/** What the fitted preparation tells each task: its classes, its scaling, the size of its image. */
import type { Preparation } from '../../samples/preparation.ts';
import { eachLabel } from '../../samples/row-stores.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { classesOf, type FittedTarget } from '../../samples/targets/table.ts';
import type { Plan } from '../../plan/plan.ts';
import { createTask, taskTypes } from './table.ts';
import type { Task, TaskFacts } from './contract.ts';

/** How often each class is a training label, by task of classes. */
export type ClassCounts = ReadonlyMap<string, readonly number[]>;

/**
 * The plan's tasks at work, in source order.
 *
 * @throws RefusedError when the training labels do not allow a task's loss
 */
export function createTasks(plan: Plan, preparation: Preparation, counts: ClassCounts): Task[] {
  const fitted = new Map(preparation.tasks.map(({ target }) => [target.name, target]));
  return [...plan.tasks.values()].map((task) => createTask(task, factsOf(fitted.get(task.name), counts)));
}

function factsOf(fitted: FittedTarget | undefined, counts: ClassCounts): TaskFacts {
  return fitted === undefined ? {} : taskTypes[fitted.type].facts(fitted, counts.get(fitted.name) ?? []);
}

export function countClasses(preparation: Preparation, train: PreparedSplit): ClassCounts {
  return new Map(
    preparation.tasks.flatMap(({ target }) => {
      const labels = train.targets.get(target.name);
      const classes = classesOf(target);
      if (classes === undefined || !labels) return [];
      const counts = new Array<number>(classes.length).fill(0);
      eachLabel(labels, (label, present) => {
        label.forEach((found, at) => {
          if (present?.[at] !== 0) counts[found] = (counts[found] ?? 0) + 1;
        });
      });
      return [[target.name, counts] as const];
    }),
  );
}
