/**
 * IMTL-L (Liu et al., ICLR 2021): L = Σ exp(sᵢ) Lᵢ − sᵢ, ∂L/∂sᵢ = exp(sᵢ) Lᵢ − 1, so that all exp(sᵢ) Lᵢ tend to 1.
 * s joins the main optimizer; the spec's weights multiply the result.
 */
import { multiplied } from '../state.ts';
import { at, sum } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';
import { learnedNumbers } from '../parts/learned-numbers.ts';

export const imtlL: StrategyRow<'imtl-l'> = (parameters) => {
  const learned = learnedNumbers(parameters);
  return {
    needs: 'losses',
    readsLosses: false,
    initialState: null,
    learned,
    weigh(statistics, state) {
      const s = learned.values(state, statistics.tasks);
      const scales = s.map(Math.exp);
      const terms = scales.map((scale, i) => scale * at(statistics.losses, i));
      return {
        weights: multiplied(scales, statistics, parameters),
        state,
        value: sum(terms) - sum(s),
        gradient: terms.map((term) => term - 1),
      };
    },
  };
};
