/**
 * MoCo (Fernando et al., ICLR 2023): tracked gradients y ← y − β_k (y − g) and, on them, one step of the weights
 * λ ← Π(λ − γ_k (Y Yᵀ + ρ I) λ); the direction is Yᵀλ. β_k = β/k^σ, k counted from 1.
 *
 * Paper: Π is the projection on the simplex and g the gradients. `convention: "libmtl"`: Π is the softmax, and each row is
 * brought to the length of its loss.
 */
import { numberIn, preferenceOf, taskNumbers, withMember, withTasks } from '../state.ts';
import { remembered, withVectors } from '../parts/memory.ts';
import { at, multiply, plus } from '../../numbers/linear.ts';
import { projectOntoSimplex, softmax } from '../solvers/simplex.ts';
import type { EntryStrategy, StrategyRow } from '../contract.ts';

const guard = 1e-8;

export const moco: StrategyRow<'moco', EntryStrategy> = (parameters) => {
  const libmtl = parameters.convention === 'libmtl';
  const { rho } = parameters;
  return {
    needs: 'entries',
    initialState: null,
    combine(statistics, state) {
      const { space, rows, tasks, losses } = statistics;
      const step = numberIn(state, 'step', 0) + 1;
      const beta = parameters.beta / step ** parameters.betaSigma;
      const gamma = parameters.gamma / step ** parameters.gammaSigma;
      const old = remembered(statistics, 'tracked');
      const tracked = rows.map((values, i) => {
        const factor = libmtl ? at(losses, i) / (space.norm(values) + guard) : 1;
        return space.map((g, y) => y - beta * (y - g * factor), values, old[i] ?? values);
      });
      const before = taskNumbers(state, 'lambda', tasks, preferenceOf(statistics));
      const gram = tracked.map((left) => tracked.map((right) => space.dot(left, right)));
      const moved = plus(before, plus(multiply(gram, before), before, rho), -gamma);
      const lambda = libmtl ? softmax(moved) : projectOntoSimplex(moved);
      return {
        direction: space.combine(lambda, tracked),
        weights: null,
        state: withTasks(withMember(state, 'step', step), 'lambda', tasks, lambda),
        memory: withVectors(statistics.memory, 'tracked', tasks, tracked),
      };
    },
  };
};
