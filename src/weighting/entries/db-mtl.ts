/**
 * DB-MTL (Lin et al. 2023): gradients of ln(Lᵢ + 1e-8), a running mean b ← g + β_k (b − g) that starts at 0 without bias
 * correction, β_k = β/k^σ with the step k counted from 1, and all rows brought to the largest norm:
 * d = Σ (max‖b‖/(‖bᵢ‖ + 1e-8)) bᵢ. The spec's weights multiply the rows. Heads take the gradient of the log loss.
 */
import { numberIn, withMember } from '../state.ts';
import { remembered, withVectors } from '../parts/memory.ts';
import { at } from '../../numbers/linear.ts';
import type { EntryStrategy, StrategyRow } from '../contract.ts';

const guard = 1e-8;

export const dbMtl: StrategyRow<'db-mtl', EntryStrategy> = ({ beta, betaSigma: sigma }) => {
  const factors = (losses: readonly number[]): number[] => losses.map((loss) => 1 / (Math.max(loss, 0) + guard));
  return {
    needs: 'entries',
    initialState: null,
    factors,
    combine(statistics, state) {
      const { space, rows, tasks, losses } = statistics;
      const step = numberIn(state, 'step', 0) + 1;
      const keep = beta / step ** sigma;
      const scale = factors(losses);
      const old = remembered(statistics, 'buffer');
      const buffer = rows.map((values, i) =>
        space.map((g, b) => g * at(scale, i) * (1 - keep) + keep * b, values, old[i] ?? values),
      );
      const norms = buffer.map((values) => space.norm(values));
      const largest = Math.max(...norms);
      const alpha = norms.map((norm, i) => (largest / (norm + guard)) * at(statistics.weights, i));
      return {
        direction: space.combine(alpha, buffer),
        weights: null,
        state: withMember(state, 'step', step),
        memory: withVectors(statistics.memory, 'buffer', tasks, buffer),
      };
    },
  };
};
