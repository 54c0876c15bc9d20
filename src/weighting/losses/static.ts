/**
 * Static weights: the weighted sum of the article, total = Σ wᵢ Lᵢ, with the spec's weights as they are.
 * `normalize` divides them by their sum over the tasks present (`sum-to-one`), or by their mean (`sum-to-tasks`).
 */
import { weightedSum } from '../state.ts';
import { normalizeWeights } from '../parts/normalize.ts';
import type { StrategyRow } from '../contract.ts';

export const staticWeights: StrategyRow<'static'> = ({ normalize }) => {
  return {
    needs: 'losses',
    readsLosses: false,
    initialState: null,
    weigh({ weights: given, losses }, state) {
      const weights = normalizeWeights(given, normalize);
      return { weights, state, value: weightedSum(weights, losses) };
    },
  };
};
