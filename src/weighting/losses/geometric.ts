/**
 * Geometric loss (Chennupati et al., CVPR Workshops 2019) with preferences r = w/Σw: L = ∏ Lᵢ^rᵢ, effective weight
 * rᵢ L / Lᵢ. LibMTL returns Lᵢ/(T ∏L) as weights, which are not the effective ones.
 */
import { preferenceOf } from '../state.ts';
import { normalizeWeights } from '../parts/normalize.ts';
import { at, dot } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';
import { inverse } from '../parts/inverse-losses.ts';

export const geometric: StrategyRow<'geometric'> = ({ preference, normalize }) => {
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const r = preferenceOf(statistics, preference);
      const inverses = inverse(statistics.losses);
      const value = Math.exp(-dot(r, inverses.map(Math.log)));
      const weights = r.map((share, i) => share * value * at(inverses, i));
      return { weights: normalizeWeights(weights, normalize), state, value };
    },
  };
};
