/**
 * COSMOS (Ruchte & Grabocka, ICDM 2021): L = Σ rᵢ Lᵢ − λ cos(r, L). Without a network that reads the preference it is only
 * a penalty on the angle between losses and preference; effective weights may be negative.
 */
import { preferenceOf } from '../state.ts';
import { at, dot } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';

/** Smallest product of norms, as in `torch.nn.functional.cosine_similarity`. */
const least = 1e-8;

export const cosmos: StrategyRow<'cosmos'> = ({ lambda, preference }) => {
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const { losses } = statistics;
      const r = preferenceOf(statistics, preference);
      const square = dot(losses, losses);
      const product = Math.max(Math.sqrt(dot(r, r) * square), least);
      const cosine = dot(r, losses) / product;
      const inward = product > least ? cosine / square : 0;
      const weights = r.map((value, i) => value - lambda * (value / product - inward * at(losses, i)));
      return { weights, state, value: dot(r, losses) - lambda * cosine };
    },
  };
};
