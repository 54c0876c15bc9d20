/**
 * Optimal uncertainty weighting (Kirchdorfer et al., arXiv 2408.07985): UW-O puts s at its optimum ln L, wᵢ = 1/sg(Lᵢ);
 * UW-SO is its softmax, w = softmax(sg(1/L)/τ). A loss of 0 gets the weight of the smallest positive number, not infinity.
 */
import { multiplied, numeric, weightedSum } from '../state.ts';
import { scaled } from '../../numbers/linear.ts';
import { softmax } from '../solvers/simplex.ts';
import type { StrategyRow } from '../contract.ts';

/** Below this a loss counts as this, so that its inverse and the inverse's products stay finite. */
const least = 1e-30;

export const inverse = (losses: readonly number[]): number[] => losses.map((loss) => 1 / Math.max(loss, least));

export const uncertaintyOptimal: StrategyRow = {
  name: 'uncertainty-optimal',
  create({ parameters }) {
    return {
      needs: 'losses',
      initialState: null,
      weigh(statistics, state) {
        const weights = multiplied(inverse(statistics.losses), statistics, parameters);
        return { weights, state, value: weightedSum(weights, statistics.losses) };
      },
    };
  },
};

export const uncertaintySoftmax: StrategyRow = {
  name: 'uncertainty-softmax',
  create({ parameters }) {
    const temperature = numeric(parameters, 'temperature', 1);
    return {
      needs: 'losses',
      initialState: null,
      weigh(statistics, state) {
        const shares = softmax(scaled(inverse(statistics.losses), 1 / temperature));
        const weights = multiplied(shares, statistics, parameters);
        return { weights, state, value: weightedSum(weights, statistics.losses) };
      },
    };
  },
};
