/**
 * Penalty-based boundary intersection (Zhang & Li, IEEE TEC 2007): with u = r/‖r‖ and f = L − z, d₁ = f·u,
 * d₂ = √(‖f − d₁u‖² + 1e-12) and L = d₁ + θ d₂. Effective weights u + θ (f − d₁u)/d₂ may be negative.
 */
import { numeric, perTask, preferenceOf } from '../state.ts';
import { at, dot, plus, scaled } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';

const smoothing = 1e-12;

export const pbi: StrategyRow = {
  name: 'pbi',
  create(context) {
    const { parameters } = context;
    const theta = numeric(parameters, 'theta', 5);
    return {
      needs: 'losses',
      initialState: null,
      weigh(statistics, state) {
        const r = preferenceOf(statistics, parameters);
        const u = scaled(r, 1 / Math.sqrt(dot(r, r)));
        const f = plus(statistics.losses, perTask(context, 'reference', statistics.tasks, 0), -1);
        const along = dot(f, u);
        const aside = plus(f, u, -along);
        const distance = Math.sqrt(dot(aside, aside) + smoothing);
        const weights = u.map((value, i) => value + (theta * at(aside, i)) / distance);
        return { weights, state, value: along + theta * distance };
      },
    };
  },
};
