/**
 * Penalty-based boundary intersection (Zhang & Li, IEEE TEC 2007): with u = r/‖r‖ and f = L − z, d₁ = f·u,
 * d₂ = √(‖f − d₁u‖² + 1e-12) and L = d₁ + θ d₂. Effective weights u + θ (f − d₁u)/d₂ may be negative.
 */
import { perTask, preferenceOf } from '../state.ts';
import { at, dot, plus, scaled } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';

const smoothing = 1e-12;

export const pbi: StrategyRow<'pbi'> = ({ theta, reference, preference }, { tasks: all }) => {
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const r = preferenceOf(statistics, preference);
      const u = scaled(r, 1 / Math.sqrt(dot(r, r)));
      const f = plus(statistics.losses, perTask(reference, all, statistics.tasks, 0), -1);
      const along = dot(f, u);
      const aside = plus(f, u, -along);
      const distance = Math.sqrt(dot(aside, aside) + smoothing);
      const weights = u.map((value, i) => value + (theta * at(aside, i)) / distance);
      return { weights, state, value: along + theta * distance };
    },
  };
};
