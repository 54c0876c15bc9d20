/**
 * Scale-invariant sum of log losses: L = Σ wᵢ ln Lᵢ, so the effective weight is wᵢ / Lᵢ. Multiplying a loss by a constant
 * changes nothing. Losses must be positive.
 */
import { multiplied } from '../state.ts';
import { dot } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';
import { inverse } from '../parts/inverse-losses.ts';

export const log: StrategyRow<'log'> = (parameters) => {
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const inverses = inverse(statistics.losses);
      const logs = inverses.map((value) => -Math.log(value));
      return { weights: multiplied(inverses, statistics, parameters), state, value: dot(statistics.weights, logs) };
    },
  };
};
