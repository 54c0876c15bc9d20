/** Strategies with fixed weights: sum, mean and unitary scalarization. */
import { multiplied, weightedSum } from '../state.ts';
import { filled } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';

/** A strategy whose weights before the spec's are the same number for every task present. */
function equal(name: string, weight: (count: number) => number): StrategyRow {
  return {
    name,
    create({ parameters }) {
      return {
        needs: 'losses',
        readsLosses: false,
        initialState: null,
        weigh(statistics, state) {
          const count = statistics.tasks.length;
          const weights = multiplied(filled(count, weight(count)), statistics, parameters);
          return { weights, state, value: weightedSum(weights, statistics.losses) };
        },
      };
    },
  };
}

/** L = Σ wᵢ Lᵢ. */
export const sumOfLosses = equal('sum', () => 1);
/** L = Σ wᵢ Lᵢ / T over the T tasks present. */
export const meanOfLosses = equal('mean', (count) => 1 / count);
/** Unitary scalarization (Kurin et al. 2022): L = Σ Lᵢ, the balance being left to regularization. */
export const unitary = equal('unitary', () => 1);
