/**
 * Soft optimal uncertainty weighting, UW-SO (Kirchdorfer et al., arXiv 2408.07985): the softmax of UW-O,
 * w = softmax(sg(1/L)/τ). A loss of 0 gets the weight of the smallest positive number, not infinity.
 */
import { multiplied, weightedSum } from '../state.ts';
import { scaled } from '../../numbers/linear.ts';
import { inverse } from '../parts/inverse-losses.ts';
import { softmax } from '../solvers/simplex.ts';
import type { StrategyRow } from '../contract.ts';

export const uncertaintySoftmax: StrategyRow<'uncertainty-softmax'> = (parameters) => {
  const { temperature } = parameters;
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const shares = softmax(scaled(inverse(statistics.losses), 1 / temperature));
      const weights = multiplied(shares, statistics, parameters);
      return { weights, state, value: weightedSum(weights, statistics.losses) };
    },
  };
};
