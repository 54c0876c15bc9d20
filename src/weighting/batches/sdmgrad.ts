/**
 * SDMGrad (Xiao, Ban & Ji, NeurIPS 2023): with A = J₁ J₂ᵀ/(scale² + 1e-8), scale = mean √max(Aᵢᵢ, 0), the inner loop takes
 * projected momentum steps on w with gradient A (w + λ w̃), w̃ = r; the weights are (w + λ w̃)/(1 + λ). w is kept between steps.
 * LibMTL's learning rate is 5, TorchJD's 10 (the default).
 */
import { preferenceOf, required, taskNumbers, withTasks } from '../state.ts';
import { diagonal, filled, multiply, plus, scaled, sum } from '../../numbers/linear.ts';
import { projectOntoSimplex } from '../solvers/simplex.ts';
import type { StrategyRow } from '../contract.ts';

const guard = 1e-8;

export const sdmgrad: StrategyRow<'sdmgrad'> = (parameters) => {
  const { learningRate: rate, momentum, lambda, iterations } = parameters;
  return {
    needs: 'cross-gram',
    initialState: null,
    weigh(statistics, state) {
      const { tasks } = statistics;
      const cross = required(statistics.cross, 'J₁ J₂ᵀ of two batches');
      const preference = preferenceOf(statistics, parameters.preference);
      const roots = diagonal(cross).map((value) => Math.sqrt(Math.max(value, 0)));
      const size = (sum(roots) / tasks.length) ** 2 + guard;
      const a = cross.map((values) => scaled(values, 1 / size));
      let w = taskNumbers(state, 'w', tasks, filled(tasks.length, 1 / tasks.length));
      let velocity: number[] | null = null;
      for (let iteration = 0; iteration < iterations; iteration += 1) {
        const gradient = multiply(a, plus(w, preference, lambda));
        velocity = velocity ? plus(gradient, velocity, momentum) : gradient;
        w = projectOntoSimplex(plus(w, velocity, -rate));
      }
      const weights = scaled(plus(w, preference, lambda), 1 / (1 + lambda));
      return { weights, state: withTasks(state, 'w', tasks, w) };
    },
  };
};
