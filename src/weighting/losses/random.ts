/** Random loss weighting (Lin et al., TMLR 2022): w = softmax(z) with z ~ N(0, 1) drawn anew at every step. */
import { multiplied, required, weightedSum } from '../state.ts';
import { softmax } from '../solvers/simplex.ts';
import type { StrategyRow } from '../contract.ts';

export const random: StrategyRow<'random'> = (parameters) => {
  return {
    needs: 'losses',
    readsLosses: false,
    initialState: null,
    weigh(statistics, state) {
      const z = required(statistics.draws?.normal, 'normal draws');
      const weights = multiplied(softmax(z), statistics, parameters);
      return { weights, state, value: weightedSum(weights, statistics.losses) };
    },
  };
};
