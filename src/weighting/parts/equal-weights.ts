/** Fixed weights: before the spec's the same number for every task present. */
import { multiplied, weightedSum } from '../state.ts';
import { filled } from '../../numbers/linear.ts';
import type { Strategy } from '../contract.ts';
import type { Normalize } from './normalize.ts';

/** @param weight of each of `count` tasks */
export const equalWeights =
  (weight: (count: number) => number) =>
  (parameters: { readonly normalize: Normalize }): Strategy => ({
    needs: 'losses',
    readsLosses: false,
    initialState: null,
    weigh(statistics, state) {
      const count = statistics.tasks.length;
      const weights = multiplied(filled(count, weight(count)), statistics, parameters);
      return { weights, state, value: weightedSum(weights, statistics.losses) };
    },
  });
