/**
 * Uncertainty weighting (Kendall, Gal & Cipolla, CVPR 2018) with one log-variance s a task:
 *
 *     L = Σ ½ exp(−sᵢ) Lᵢ + ½ sᵢ,   ∂L/∂sᵢ = ½ − ½ exp(−sᵢ) Lᵢ.
 *
 * s joins the main optimizer, or has its own learning rate. It sees raw losses; the spec's weights multiply the result.
 * LibMTL starts s at −0.5, TorchJD at 0 (the default of `init`).
 */
import { multiplied } from '../state.ts';
import { at, sum } from '../../numbers/linear.ts';
import { learnedNumbers } from '../parts/learned-numbers.ts';
import type { StrategyRow } from '../contract.ts';

export const uncertainty: StrategyRow<'uncertainty'> = (parameters) => {
  const learned = learnedNumbers(parameters);
  return {
    needs: 'losses',
    readsLosses: false,
    initialState: null,
    learned,
    weigh(statistics, state) {
      const s = learned.values(state, statistics.tasks);
      const halves = s.map((value) => 0.5 * Math.exp(-value));
      const terms = halves.map((half, i) => half * at(statistics.losses, i));
      return {
        weights: multiplied(halves, statistics, parameters),
        state,
        value: sum(terms) + 0.5 * sum(s),
        gradient: terms.map((term) => 0.5 - term),
      };
    },
  };
};
