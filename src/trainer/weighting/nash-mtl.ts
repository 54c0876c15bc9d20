/**
 * Nash-MTL (Navon et al., ICML 2022): the bargaining solution G a = r ⊘ a, a > 0, solved exactly by Newton's method; the
 * weights are scaled down where ‖Σ aᵢ gᵢ‖ exceeds `maxNorm` (0: never). Since aᵀGa = Σr = T for r = 1 the norm before is √T.
 *
 * The preferences are scaled to mean 1, so that equal ones give the paper's equation. Every `updateEvery` steps a new
 * solution is found, and kept in between. Where there is none (a zero gradient, or gradients that cancel) the last one
 * stays, ones at the start, and that is reported; the authors' code does the same in silence. LibMTL clips the shared
 * gradients alone and leaves the heads unclipped.
 */
import { gramFrom, knows, numeric, preferenceOf, report, taskNumbers, withTasks } from './common.ts';
import { fairWeights } from './solvers/bargaining.ts';
import { diagonal, filled, form, scaled, sum } from './solvers/linear.ts';
import type { Matrix, Numbers } from './solvers/linear.ts';
import type { StrategyRow } from './types.ts';

interface Bargain {
  readonly weights: number[] | null;
  readonly problems: readonly string[];
}

function bargain(gram: Matrix, preference: Numbers): Bargain {
  if (diagonal(gram).includes(0)) {
    return {
      weights: null,
      problems: ['nash-mtl: a gradient is zero, so there is no bargaining solution; the last weights stay.'],
    };
  }
  if (preference.includes(0)) {
    return {
      weights: null,
      problems: ['nash-mtl: a preference is 0, so there is no bargaining solution; the last weights stay.'],
    };
  }
  const solution = fairWeights(gram, preference, 1);
  if (solution.converged) return { weights: solution.x, problems: [] };
  return {
    weights: null,
    problems: [...report('nash-mtl', solution), 'nash-mtl: the gradients cancel or nearly do; the last weights stay.'],
  };
}

export const nashMtl: StrategyRow = {
  name: 'nash-mtl',
  create({ parameters }) {
    const every = numeric(parameters, 'updateEvery', 1);
    const maxNorm = numeric(parameters, 'maxNorm', 1);
    return {
      needs: 'gram',
      initialState: null,
      weigh(statistics, state) {
        const { tasks, step } = statistics;
        const gram = gramFrom(statistics);
        const r = preferenceOf(statistics, parameters);
        const due = step % every === 0 || !knows(state, 'alpha', tasks);
        const found = due ? bargain(gram, scaled(r, r.length / sum(r))) : { weights: null, problems: [] };
        const alpha = found.weights ?? taskNumbers(state, 'alpha', tasks, filled(tasks.length, 1));
        const norm = Math.sqrt(Math.max(form(gram, alpha), 0));
        const clipped = maxNorm > 0 && norm > maxNorm ? scaled(alpha, maxNorm / norm) : alpha;
        return { weights: clipped, state: withTasks(state, 'alpha', tasks, alpha), problems: found.problems };
      },
    };
  },
};
