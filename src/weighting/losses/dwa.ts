/**
 * Dynamic weight average (Liu, Johns & Davison, CVPR 2019): wᵢ = T softmax(rᵢ/τ), rᵢ = L̄ᵢ(e−1)/L̄ᵢ(e−2) with the mean
 * losses of the last two epochs; all ones until the tasks present have two epochs behind them.
 */
import { knows, multiplied, taskNumbers, weightedSum, withTasks } from '../state.ts';
import { at, filled, scaled } from '../../numbers/linear.ts';
import { softmax } from '../solvers/simplex.ts';
import type { StrategyRow } from '../contract.ts';

export const dwa: StrategyRow<'dwa'> = (parameters) => {
  const { temperature } = parameters;
  return {
    needs: 'losses',
    readsLosses: false,
    initialState: null,
    weigh(statistics, state) {
      const { tasks, losses } = statistics;
      let shares = filled(tasks.length, 1);
      if (knows(state, 'older', tasks)) {
        const [newer, older] = [taskNumbers(state, 'newer', tasks, 1), taskNumbers(state, 'older', tasks, 1)];
        const rates = newer.map((value, i) => (at(older, i) === 0 ? 1 : value / at(older, i)));
        shares = scaled(softmax(scaled(rates, 1 / temperature)), tasks.length);
      }
      const weights = multiplied(shares, statistics, parameters);
      return { weights, state, value: weightedSum(weights, losses) };
    },
    afterEpoch(tasks, means, state) {
      const before = tasks.filter((task) => knows(state, 'newer', [task]));
      const aged = withTasks(state, 'older', before, taskNumbers(state, 'newer', before, 1));
      return withTasks(aged, 'newer', tasks, [...means]);
    },
  };
};
