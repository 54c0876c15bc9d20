/**
 * Totals and skill of a validation pass (conventions 3). `total` = Σ w·L with the spec's weights and nothing else. `skill` =
 * mean over tasks of 1 − L/L⁰, where L⁰ is the validation loss of the best constant prediction fitted on training labels.
 * Both are over the tasks that the objective counts (w > 0) and that have a loss; over none of them they have no value.
 */
import type { PreparedSplit } from '../../samples/contract.ts';
import type { Task } from '../tasks/contract.ts';
import { constantLossOn, labeledTargets } from '../tasks/labels.ts';
import type { PassResult } from '../state/totals.ts';

/** L⁰ of each task by name; null where it cannot be had (no labels in a split). */
export type ConstantLosses = ReadonlyMap<string, number | null>;

/** Validation losses of the best constants; computed once, in double precision. */
export function constantLosses(
  tasks: readonly Task[],
  train: PreparedSplit,
  validation: PreparedSplit,
): ConstantLosses {
  return new Map(
    tasks.map((task) => {
      const fitted = train.targets.get(task.name);
      const judged = validation.targets.get(task.name);
      const constant = fitted && task.bestConstant(labeledTargets(task.name, fitted));
      if (!constant || !judged || judged.labeled === 0) return [task.name, null];
      const loss = constantLossOn(task, constant, judged);
      return [task.name, Number.isFinite(loss) ? loss : null];
    }),
  );
}

/** Σ w·L over the tasks that have a weight above 0 and a loss; null when there is none. */
export function totalOf(result: Pick<PassResult, 'losses'>, weights: ReadonlyMap<string, number>): number | null {
  const terms = [...result.losses].flatMap(([task, loss]) => {
    const weight = weights.get(task) ?? 1;
    return loss === null || weight === 0 ? [] : [weight * loss];
  });
  return terms.length === 0 ? null : terms.reduce((sum, term) => sum + term, 0);
}

/**
 * Mean of 1 − L/L⁰ over the tasks for which both are known and L⁰ > 0; null when there is none.
 *
 * @param constants of the tasks that count
 */
export function skillOf(result: Pick<PassResult, 'losses'>, constants: ConstantLosses): number | null {
  const skills = [...result.losses].flatMap(([task, loss]) => {
    const constant = constants.get(task) ?? null;
    return loss === null || constant === null || constant <= 0 ? [] : [1 - loss / constant];
  });
  return skills.length === 0 ? null : skills.reduce((sum, skill) => sum + skill, 0) / skills.length;
}
