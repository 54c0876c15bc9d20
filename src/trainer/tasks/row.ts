/** What the trainer knows of a type of task by its name. */
import type { PlanTask } from '../../plan/plan.ts';
import type { FittedTarget } from '../../samples/targets/table.ts';
import type { TaskOf } from '../../spec/index.ts';
import type { LinearProblem, Validated } from '../baselines/cross-validation.ts';
import type { Task, TaskFacts } from './contract.ts';

/** What stands between a head's raw numbers and the prediction in a saved model. */
export type PredictionActivation = 'linear' | 'softmax' | 'sigmoid';

/** How a linear model of the raw inputs is fitted and judged for a type of task: L^lin (conventions 5). */
export interface Baseline {
  readonly model: 'logistic' | 'ridge';
  /** Every class has its share of each fold. */
  readonly stratified: boolean;
  validate(problem: LinearProblem, task: Task): Validated;
}

/** A planned task of this type. */
export type PlanTaskOf<Type extends FittedTarget['type']> = PlanTask & { readonly spec: TaskOf<Type> };

export interface TaskTypeRow<Fitted extends FittedTarget = FittedTarget> {
  readonly activation: PredictionActivation;
  /**
   * What the fitted target tells a task.
   *
   * @param counts labeled training samples of each class, of a target of classes
   */
  facts(fitted: Fitted, counts: readonly number[]): TaskFacts;
  /** @throws RefusedError when the facts do not allow the task's loss (a class without training labels …) */
  create(plan: PlanTask, facts: TaskFacts): Task;
  readonly baseline: Baseline;
}
