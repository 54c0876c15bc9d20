/**
 * Geometric loss (Chennupati et al., CVPR Workshops 2019) with preferences r = w/Σw: L = ∏ Lᵢ^rᵢ, effective weight
 * rᵢ L / Lᵢ. LibMTL returns Lᵢ/(T ∏L) as weights, which are not the effective ones.
 */
import { preferenceOf } from '../state.ts';
import { normalizeWeights } from '../normalize.ts';
import { at, dot } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';
import { inverse } from './uncertainty-optimal.ts';

export const geometric: StrategyRow = {
  name: 'geometric',
  create({ parameters }) {
    return {
      needs: 'losses',
      initialState: null,
      weigh(statistics, state) {
        const r = preferenceOf(statistics, parameters);
        const inverses = inverse(statistics.losses);
        const value = Math.exp(-dot(r, inverses.map(Math.log)));
        const weights = r.map((preference, i) => preference * value * at(inverses, i));
        return { weights: normalizeWeights(weights, parameters['normalize']), state, value };
      },
    };
  },
};
