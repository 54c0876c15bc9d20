/**
 * The optimizer's numbers of a step, for all variables that a program updates. Variables with the same factor on the
 * learning rate, the same decay, the same tasks and so the same number of updates share theirs.
 */
import type { UpdateRule } from '../../optimizers/contract.ts';
import type { Trained } from './state.ts';

export interface Coefficients {
  readonly size: number;
  /** Numbers of a group of variables, as places in the vector. */
  placesOf(path: string): readonly number[];
  /**
   * The numbers of the next update; counts it.
   *
   * @param tasks names of those that take part: of a group that none of them reaches nothing is updated or counted
   */
  next(learningRate: number, tasks: readonly string[]): Float32Array;
}

export function coefficientsOf(rule: UpdateRule, updated: readonly Trained[]): Coefficients {
  const groups = new Map<string, Trained[]>();
  for (const entry of updated) {
    const { decays, learningRate, tasks } = entry.target;
    const key = JSON.stringify([learningRate, decays, tasks, entry.count]);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const list = [...groups.values()];
  const each = rule.coefficients({ learningRate: 1, count: 1, decays: true }).length;
  const groupOf = new Map(list.flatMap((group, place) => group.map(({ target }) => [target.path, place] as const)));
  return {
    size: list.length * each,
    placesOf: (path) => {
      const group = groupOf.get(path);
      if (group === undefined) throw new Error(`No update of "${path}" was asked for.`);
      return Array.from({ length: each }, (_, place) => group * each + place);
    },
    next: (learningRate, taking) => {
      const numbers = new Float32Array(list.length * each);
      list.forEach((group, place) => {
        const [first] = group;
        if (!first?.target.tasks.some((task) => taking.includes(task))) return;
        for (const entry of group) entry.count++;
        const { decays, learningRate: factor } = first.target;
        numbers.set(
          rule.coefficients({ learningRate: learningRate * factor, count: first.count, decays }),
          place * each,
        );
      });
      return numbers;
    },
  };
}
