/**
 * Smooth Tchebycheff scalarization (Lin et al., ICML 2024) with preferences r and a reference point z below the losses:
 *
 *     L = μ ln Σ exp(rᵢ (Lᵢ − zᵢ)/μ),   effective weight rᵢ softmax(r (L − z)/μ)ᵢ.
 *
 * `form: "log-nadir"` is what LibMTL runs: Σ ln L through `warmup` epochs and one more, whose mean losses become the nadir
 * n; then T μ ln Σ exp(ln(Lᵢ/nᵢ)/μ).
 */
import { knows, parameter, perTask, preferenceOf, taskNumbers, withTasks } from '../state.ts';
import { normalizeWeights } from '../parts/normalize.ts';
import { at, plus, scaled, sum } from '../../numbers/linear.ts';
import type { Numbers } from '../../numbers/linear.ts';
import { softmax } from '../solvers/simplex.ts';
import type { Json, StepStatistics, StrategyRow, Weighting } from '../contract.ts';

const tiny = 1e-20;

/** μ ln Σ exp(y/μ), largest entry first. */
function smoothMaximum(y: Numbers, mu: number): number {
  const largest = Math.max(...y);
  return largest + mu * Math.log(sum(y.map((value) => Math.exp((value - largest) / mu))));
}

/** Adds the losses to the running sum that becomes the nadir. */
function measured(state: Json, { tasks, losses }: StepStatistics): Json {
  const counts = taskNumbers(state, 'counts', tasks, 0);
  const sums = plus(taskNumbers(state, 'sums', tasks, 0), losses);
  return withTasks(
    withTasks(state, 'sums', tasks, sums),
    'counts',
    tasks,
    plus(
      counts,
      counts.map(() => 1),
    ),
  );
}

function logNadir(statistics: StepStatistics, state: Json, mu: number, warmup: number): Weighting {
  const { tasks, losses } = statistics;
  const epoch = statistics.epoch ?? 0;
  if (epoch <= warmup || !knows(state, 'sums', tasks)) {
    const weights = losses.map((loss) => 1 / (loss + tiny));
    const value = sum(losses.map((loss) => Math.log(loss + tiny)));
    return { weights, value, state: epoch === warmup ? measured(state, statistics) : state };
  }
  const counts = taskNumbers(state, 'counts', tasks, 1);
  const nadir = taskNumbers(state, 'sums', tasks, 1).map((total, i) => total / at(counts, i));
  const ratios = losses.map((loss, i) => loss / at(nadir, i) + tiny);
  const logs = ratios.map(Math.log);
  const shares = softmax(scaled(logs, 1 / mu));
  const weights = shares.map((share, i) => (tasks.length * share) / at(ratios, i) / at(nadir, i));
  return { weights, value: tasks.length * smoothMaximum(logs, mu), state };
}

export const stch: StrategyRow<'stch'> = ({ mu, form, warmup, preference, reference, normalize }, { tasks: all }) => ({
  needs: 'losses',
  initialState: null,
  weigh(statistics, state) {
    if (form === 'log-nadir') return logNadir(statistics, state, mu, parameter(warmup, 'warmup'));
    const r = preferenceOf(statistics, preference);
    const z = perTask(reference, all, statistics.tasks, 0);
    const y = statistics.losses.map((loss, i) => at(r, i) * (loss - at(z, i)));
    const shares = softmax(scaled(y, 1 / mu));
    const weights = shares.map((share, i) => share * at(r, i));
    return { weights: normalizeWeights(weights, normalize), state, value: smoothMaximum(y, mu) };
  },
});
