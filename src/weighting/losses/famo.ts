/**
 * FAMO (Liu et al., NeurIPS 2023): z = softmax(ξ), Dᵢ = Lᵢ − mᵢ + 1e-8, L = Σ (zᵢ/c) ln Dᵢ with the constant c = Σ zᵢ/Dᵢ,
 * so the effective weights zᵢ/(c Dᵢ) sum to 1. After the optimizer's step ξ takes one Adam step on J_softmaxᵀ δ,
 * δ = ln D(before) − ln D(after) on the same batch; the decay is Adam's L2.
 */
import { adamStep } from '../parts/adam.ts';
import { knows, perTask, preferenceOf, taskNumbers, withTasks } from '../state.ts';
import { normalizeWeights } from '../parts/normalize.ts';
import { at, sum } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import { softmax, softmaxBackward } from '../solvers/simplex.ts';
import type { Json, StepStatistics, StrategyRow } from '../contract.ts';

const shift = 1e-8;
/** A loss at or below its stated minimum counts as this far above it. */
const least = 1e-30;

export const famo: StrategyRow<'famo'> = ({ learningRate, weightDecay, minLosses, normalize }, { tasks: all }) => {
  /** Logits begin at ln(T r): 0 for equal weights, so that decay pulls towards no preference of its own. */
  const logitsOf = (statistics: StepStatistics, state: Json): number[] => {
    const r = preferenceOf(statistics);
    const start = r.map((value) => Math.log(Math.max(value * r.length, least)));
    return taskNumbers(state, 'logits', statistics.tasks, start);
  };
  const above = (tasks: readonly string[], losses: Numbers): number[] => {
    const lowest = perTask(minLosses, all, tasks, 0);
    return losses.map((loss, i) => Math.max(loss - at(lowest, i) + shift, least));
  };
  return {
    needs: 'losses',
    initialState: null,
    weigh(statistics, state) {
      const { tasks, losses } = statistics;
      const z = softmax(logitsOf(statistics, state));
      const d = above(tasks, losses);
      const shares = z.map((value, i) => value / at(d, i));
      const c = sum(shares);
      return {
        weights: normalizeWeights(
          shares.map((share) => share / c),
          normalize,
        ),
        state,
        value: sum(z.map((value, i) => (value / c) * Math.log(at(d, i)))),
      };
    },
    afterStep(statistics, after, state) {
      const { tasks, losses } = statistics;
      const logits = logitsOf(statistics, state);
      const [before, now] = [above(tasks, losses), above(tasks, after)];
      const delta = before.map((value, i) => Math.log(value) - Math.log(at(now, i)));
      const gradient = softmaxBackward(softmax(logits), delta);
      const started = knows(state, 'logits', tasks) ? state : withTasks(state, 'logits', tasks, logits);
      return adamStep(started, 'logits', tasks, 0, gradient, { learningRate, weightDecay });
    },
  };
};
