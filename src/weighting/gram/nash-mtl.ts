/**
 * Nash-MTL (Navon et al., ICML 2022): the bargaining solution G a = r ⊘ a, a > 0, solved exactly by Newton's method; the
 * weights are scaled down where ‖Σ aᵢ gᵢ‖ exceeds `maxNorm` (0: never). Since aᵀGa = Σr = T for r = 1 the norm before is √T.
 *
 * The preferences are scaled to mean 1, so that equal ones give the paper's equation. Every `updateEvery` steps a new
 * solution is found, and kept in between. Where there is none for a zero gradient the last one stays, ones at the start, as
 * in the authors' code; where the gradients cancel (a Pareto stationary point) the weights are those with which they do.
 * Both are reported. LibMTL clips the shared gradients alone and leaves the heads unclipped.
 */
import { text, type Text } from '../../common/text.ts';
import { gramFrom, knows, preferenceOf, report, taskNumbers, withTasks } from '../state.ts';
import { cancellation, fairWeights } from '../solvers/bargaining.ts';
import { diagonal, dot, filled, form, scaled, sum } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import type { StrategyRow } from '../contract.ts';

interface Bargain {
  readonly weights: number[] | null;
  readonly problems: readonly Text[];
}

const zeroGradient = text(
  'nash-mtl: a gradient is zero, so there is no bargaining solution; the last weights stay.',
  'nash-mtl：有梯度为零，议价解不存在，沿用上一次的权重。',
);

const zeroPreference = text(
  'nash-mtl: a preference is 0, so there is no bargaining solution; the last weights stay.',
  'nash-mtl：有偏好为 0，议价解不存在，沿用上一次的权重。',
);

const lastWeights = text('nash-mtl: the last weights stay.', 'nash-mtl：沿用上一次的权重。');

const stationary = text(
  'nash-mtl: the gradients cancel (a Pareto stationary point): there is no bargain, and no shared step.',
  'nash-mtl：各梯度相互抵消（帕累托驻点），议价解不存在，共享参数不更新。',
);

function bargain(gram: Matrix, preference: Numbers, before: Numbers): Bargain {
  if (diagonal(gram).includes(0)) {
    return { weights: null, problems: [zeroGradient] };
  }
  if (preference.includes(0)) {
    return { weights: null, problems: [zeroPreference] };
  }
  const solution = fairWeights(gram, preference, 1);
  if (solution.converged) return { weights: solution.x, problems: [] };
  const balanced = cancellation(gram);
  if (!balanced) {
    return { weights: null, problems: [...report('nash-mtl', solution), lastWeights] };
  }
  // With the size of the last weights, so that heads go on as before.
  const factor = dot(before, diagonal(gram).map(Math.sqrt)) / dot(balanced, diagonal(gram).map(Math.sqrt));
  return { weights: scaled(balanced, factor), problems: [stationary] };
}

export const nashMtl: StrategyRow<'nash-mtl'> = (parameters) => {
  const { updateEvery: every, maxNorm } = parameters;
  return {
    needs: 'gram',
    initialState: null,
    weigh(statistics, state) {
      const { tasks, step } = statistics;
      const gram = gramFrom(statistics);
      const r = preferenceOf(statistics);
      const due = step % every === 0 || !knows(state, 'alpha', tasks);
      const before = taskNumbers(state, 'alpha', tasks, filled(tasks.length, 1));
      const found = due ? bargain(gram, scaled(r, r.length / sum(r)), before) : { weights: null, problems: [] };
      const alpha = found.weights ?? before;
      const norm = Math.sqrt(Math.max(form(gram, alpha), 0));
      const clipped = maxNorm > 0 && norm > maxNorm ? scaled(alpha, maxNorm / norm) : alpha;
      return { weights: clipped, state: withTasks(state, 'alpha', tasks, alpha), problems: found.problems };
    },
  };
};
