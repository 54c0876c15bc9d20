/**
 * MoDo (Chen et al., NeurIPS 2023): one projected step on the simplex with gradients of two independent batches,
 * λ ← Π(λ − γ (J₁ J₂ᵀ λ + ρ λ)); λ then combines the gradients of a third batch. Starts at the preferences r (1/T each).
 */
import { preferenceOf, required, taskNumbers, withTasks } from '../state.ts';
import { multiply, plus, scaled, sum } from '../../numbers/linear.ts';
import { projectOntoSimplex } from '../solvers/simplex.ts';
import type { StrategyRow } from '../contract.ts';

export const modo: StrategyRow<'modo'> = ({ gamma, rho }) => {
  return {
    needs: 'cross-gram',
    initialState: null,
    weigh(statistics, state) {
      const { tasks } = statistics;
      const cross = required(statistics.cross, 'J₁ J₂ᵀ of two batches');
      const raw = taskNumbers(state, 'lambda', tasks, preferenceOf(statistics));
      // Tasks that were absent leave the simplex of those present.
      const total = sum(raw);
      const lambda = total > 0 && Math.abs(total - 1) > 1e-9 ? scaled(raw, 1 / total) : raw;
      const gradient = plus(multiply(cross, lambda), lambda, rho);
      const weights = projectOntoSimplex(plus(lambda, gradient, -gamma));
      return { weights, state: withTasks(state, 'lambda', tasks, weights) };
    },
  };
};
