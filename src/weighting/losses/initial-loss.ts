/** Weights by the initial loss: w ∝ 1/L⁰, or 1/(mean loss of the first `batches` batches). */
import { multiplied, taskNumbers, weightedSum, withTasks } from '../state.ts';
import { at, plus } from '../../numbers/linear.ts';
import { balanced, constantShares, factOf } from '../parts/by-facts.ts';
import type { StrategyRow } from '../contract.ts';

export const initialLoss: StrategyRow<'initial-loss'> = (parameters, context) => {
  const { batches } = parameters;
  if (batches === undefined)
    return constantShares(parameters, context, (task) => 1 / factOf(context, task, 'constantLoss'));
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const { tasks, losses } = statistics;
      // Until the batches are through, the mean so far stands for their mean.
      let next = state;
      for (const [i, task] of tasks.entries()) {
        const count = at(taskNumbers(next, 'counts', [task], 0), 0);
        if (count >= batches) continue;
        const total = taskNumbers(next, 'sums', [task], 0);
        next = withTasks(next, 'sums', [task], plus(total, [at(losses, i)]));
        next = withTasks(next, 'counts', [task], [count + 1]);
      }
      const [sums, counts] = [taskNumbers(next, 'sums', tasks, 1), taskNumbers(next, 'counts', tasks, 1)];
      const shares = sums.map((total, i) => at(counts, i) / Math.max(total, 1e-30));
      const weights = multiplied(balanced(shares, parameters.inverse), statistics, parameters);
      return { weights, state: next, value: weightedSum(weights, losses) };
    },
  };
};
