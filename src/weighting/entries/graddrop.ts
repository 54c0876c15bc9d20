/**
 * Gradient sign dropout (Chen et al., NeurIPS 2020), entry by entry: P = ½ (1 + Σ gᵢ / Σ|gᵢ|) is how positive an entry is.
 * With one uniform U an entry keeps its positive values where f(P) > U and its negative ones where f(P) < U; task i lets the
 * share `leak`ᵢ through in any case. f is the identity, or `keep: "smoothstep"`, p²(3 − 2p).
 *
 * LibMTL works on representation gradients times the sign of the activation and adds 1e-7 to Σ|gᵢ|; `positivity` and
 * `kept` serve that reading too.
 */
import { perTask, required } from '../state.ts';
import { at } from '../../numbers/linear.ts';
import type { EntryStrategy, StrategyRow } from '../contract.ts';

/** P of one entry over the tasks, the first `count` of the list; ½ where all are 0. */
export function positivity(entries: ArrayLike<number>, guard = 0, count = entries.length): number {
  let total = 0;
  let size = guard;
  for (let i = 0; i < count; i++) {
    const value = entries[i] ?? NaN;
    total += value;
    size += Math.abs(value);
  }
  return size > 0 ? 0.5 * (1 + total / size) : 0.5;
}

/** Whether a value of this sign is kept. */
export const kept = (p: number, u: number, value: number): boolean => (p > u && value > 0) || (p < u && value < 0);

const smoothstep = (p: number): number => p * p * (3 - 2 * p);

export const graddrop: StrategyRow<'graddrop', EntryStrategy> = (parameters, { tasks: all }) => {
  const f = parameters.keep === 'smoothstep' ? smoothstep : (p: number) => p;
  return {
    needs: 'entries',
    uniform: true,
    initialState: null,
    combine(statistics, state) {
      const { space, rows, memory, tasks } = statistics;
      const leak = perTask(parameters.leak, all, tasks, 0);
      const uniform = required(statistics.uniform, 'uniform draws');
      const count = rows.length;
      // One pass over all parameters: the last entry is the draw.
      const direction = space.across(
        (entries) => {
          const p = f(positivity(entries, 0, count));
          const u = at(entries, count);
          let total = 0;
          for (let i = 0; i < count; i++) {
            const g = at(entries, i);
            total += kept(p, u, g) ? g : at(leak, i) * g;
          }
          return total;
        },
        [...rows, uniform],
      );
      return { direction, weights: null, state, memory };
    },
  };
};
