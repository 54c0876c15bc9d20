/**
 * Dynamic task prioritization (Guo et al., ECCV 2018): κ̄ ← α κ + (1 − α) κ̄ with a measure κ of how well the task does on
 * training batches, kept within [.01, .99], and w = −(1 − κ̄)^γ ln κ̄: more weight to the task that does worse. `inverse`
 * gives 1/w. The first κ starts the running mean.
 */
import { knows, multiplied, required, taskNumbers, weightedSum, withTasks } from '../state.ts';
import { at } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';

const clip = (value: number): number => Math.min(Math.max(value, 0.01), 0.99);

export const performance: StrategyRow<'performance'> = (parameters) => {
  const { alpha, gamma } = parameters;
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const { tasks, losses } = statistics;
      const measured = required(statistics.performance, 'a measure of performance');
      let next = state;
      for (const [i, task] of tasks.entries()) {
        const value = measured[i];
        if (value === null || value === undefined) continue;
        const old = at(taskNumbers(state, 'mean', [task], clip(value)), 0);
        const mean = knows(state, 'mean', [task]) ? alpha * clip(value) + (1 - alpha) * old : clip(value);
        next = withTasks(next, 'mean', [task], [mean]);
      }
      const focal = taskNumbers(next, 'mean', tasks, 0.5).map((mean) => -((1 - mean) ** gamma) * Math.log(mean));
      const turned = parameters.inverse ? focal.map((weight) => 1 / weight) : focal;
      const weights = multiplied(turned, statistics, parameters);
      return { weights, state: next, value: weightedSum(weights, losses) };
    },
  };
};
