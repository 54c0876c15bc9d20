/**
 * Coordinate-wise trimmed mean (Yin et al., ICML 2018): in every entry the `trim` largest and smallest values are left out
 * and the rest is averaged. With too few tasks the plain mean is taken, and reported.
 */
import { numeric } from './common.ts';
import { sum } from './solvers/linear.ts';
import type { EntryStrategyRow } from './types.ts';

export const trimmedMean: EntryStrategyRow = {
  name: 'trimmed-mean',
  create({ parameters }) {
    const wanted = numeric(parameters, 'trim', 1);
    return {
      needs: 'entries',
      initialState: null,
      combine({ space, rows, memory }, state) {
        const enough = rows.length > 2 * wanted;
        const trim = enough ? wanted : 0;
        const direction = space.map(
          (...entries) => {
            const middle = entries.sort((a, b) => a - b).slice(trim, entries.length - trim);
            return sum(middle) / middle.length;
          },
          ...rows,
        );
        const problems = enough
          ? []
          : [`trimmed-mean: ${rows.length} tasks are present, ${2 * wanted + 1} are needed; their mean is taken.`];
        return { direction, weights: null, state, memory, problems };
      },
    };
  },
};
