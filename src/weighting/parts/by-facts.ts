/**
 * Weights from what is known of the tasks (conventions 5), scaled so that they sum to T over all tasks of the spec and
 * multiplied by the spec's weights. `inverse` turns the order round: w ∝ 1/w.
 */
import { multiplied, required, weightedSum } from '../state.ts';
import { at, sum } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import type { Strategy, StrategyContext, TaskFacts } from '../contract.ts';
import type { Normalize } from './normalize.ts';

/** Weights in proportion to `shares`, turned round where asked, with mean 1. */
export function balanced(shares: Numbers, inverse: boolean): number[] {
  const values = inverse ? shares.map((share) => 1 / share) : shares;
  const total = sum(values);
  return values.map((value) => (value * values.length) / total);
}

/** What is known of a task. @throws RangeError where it is not known, or no positive number */
export function factOf({ facts }: StrategyContext, task: string, key: Exclude<keyof TaskFacts, 'assumed'>): number {
  const value = required(facts?.[task]?.[key], `"${key}" of the task "${task}"`);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new RangeError(`"${key}" of the task "${task}" is ${value}; weights by it need a positive number.`);
  }
  return value;
}

/** A strategy with constant weights in proportion to a share of each task. */
export function constantShares(
  parameters: { readonly inverse: boolean; readonly normalize: Normalize },
  { tasks: all }: StrategyContext,
  share: (task: string) => number,
): Strategy {
  const weights = balanced(all.map(share), parameters.inverse);
  return {
    needs: 'losses',
    readsLosses: false,
    initialState: null,
    weigh(statistics, state) {
      const present = statistics.tasks.map((task) => at(weights, all.indexOf(task)));
      const effective = multiplied(present, statistics, parameters);
      return { weights: effective, state, value: weightedSum(effective, statistics.losses) };
    },
  };
}
