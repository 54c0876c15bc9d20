/**
 * Optimal uncertainty weighting, UW-O (Kirchdorfer et al., arXiv 2408.07985): s at its optimum ln L, wᵢ = 1/sg(Lᵢ). A loss
 * of 0 gets the weight of the smallest positive number, not infinity.
 */
import { multiplied, weightedSum } from '../state.ts';
import { inverse } from '../parts/inverse-losses.ts';
import type { StrategyRow } from '../contract.ts';

export const uncertaintyOptimal: StrategyRow<'uncertainty-optimal'> = (parameters) => {
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const weights = multiplied(inverse(statistics.losses), statistics, parameters);
      return { weights, state, value: weightedSum(weights, statistics.losses) };
    },
  };
};
