/**
 * Coordinate-wise trimmed mean (Yin et al., ICML 2018): in every entry the `trim` largest and smallest values are left out
 * and the rest is averaged. With too few tasks the plain mean is taken, and reported.
 */
import { tooFew } from '../parts/too-few.ts';
import { at } from '../../numbers/linear.ts';
import type { EntryStrategy, StrategyRow } from '../contract.ts';

/** Mean without the `trim` largest and smallest; sorts the entries in place, which are few: by insertion. */
function middleMean(entries: Float64Array, trim: number): number {
  if (trim > 0) {
    for (let i = 1; i < entries.length; i++) {
      const value = at(entries, i);
      let place = i;
      for (; place > 0 && at(entries, place - 1) > value; place--) entries[place] = at(entries, place - 1);
      entries[place] = value;
    }
  }
  let total = 0;
  for (let i = trim; i < entries.length - trim; i++) total += at(entries, i);
  return total / (entries.length - 2 * trim);
}

export const trimmedMean: StrategyRow<'trimmed-mean', EntryStrategy> = ({ trim: wanted }) => {
  return {
    needs: 'entries',
    initialState: null,
    combine({ space, rows, memory }, state) {
      const enough = rows.length > 2 * wanted;
      const trim = enough ? wanted : 0;
      const direction = space.across((entries) => middleMean(entries, trim), rows);
      const problems = enough ? [] : [tooFew('trimmed-mean', rows.length, 2 * wanted + 1)];
      return { direction, weights: null, state, memory, problems };
    },
  };
};
