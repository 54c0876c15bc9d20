/**
 * ExcessMTL (He et al., ICML 2024): the excess risk of a task is estimated by eᵢ = Σ g²/√(Σ_t g_t² + 1e-7) (a diagonal
 * second-order term as in Adagrad), relative to its baseline, and weights grow with it: ln w ← ln w + η eᵢ/eᵢ(0),
 * normalized.
 *
 * Paper and LibMTL: the first call sets the baseline and leaves the weights; weights sum to T. `convention: "torchjd"`: the
 * first call also updates, with the raw e, 1e-7 is added to the baseline, weights sum to 1. `warmup` steps only measure;
 * their mean is then the baseline.
 */
import { knows, numberIn, preferenceOf, taskNumbers, withMember, withTasks } from '../state.ts';
import { remembered, withVectors } from '../parts/memory.ts';
import { at, plus, scaled } from '../../numbers/linear.ts';
import { softmax } from '../solvers/simplex.ts';
import type { EntryStrategy, StrategyRow, Json } from '../contract.ts';

const guard = 1e-7;
const least = 1e-300;

interface Rule {
  readonly torchjd: boolean;
  readonly rate: number;
  readonly warmup: number;
}

/** The state after one measurement `e` of the tasks. */
function advanced(state: Json, tasks: readonly string[], e: number[], start: number[], rule: Rule): Json {
  const steps = numberIn(state, 'steps', 0);
  const counted = withMember(state, 'steps', steps + 1);
  if (steps < rule.warmup) {
    const measured = withTasks(counted, 'warm', tasks, plus(taskNumbers(state, 'warm', tasks, 0), e));
    return withTasks(measured, 'weights', tasks, taskNumbers(state, 'weights', tasks, start));
  }
  let next = counted;
  let relative = e;
  const known = knows(state, 'baseline', tasks);
  if (!known) {
    const baseline = rule.warmup > 0 ? scaled(taskNumbers(state, 'warm', tasks, 0), 1 / rule.warmup) : e;
    const fresh = tasks.filter((task) => !knows(state, 'baseline', [task]));
    next = withTasks(
      next,
      'baseline',
      fresh,
      fresh.map((task) => at(baseline, tasks.indexOf(task))),
    );
  }
  if (known || rule.warmup > 0) {
    const baseline = taskNumbers(next, 'baseline', tasks, 1);
    // Without any gradient in the baseline there is nothing to compare with: no change, instead of 0/0.
    relative = e.map((value, i) => {
      const base = at(baseline, i) + (rule.torchjd ? guard : 0);
      return base > 0 ? value / base : 0;
    });
  } else if (!rule.torchjd) {
    return withTasks(next, 'weights', tasks, taskNumbers(state, 'weights', tasks, start));
  }
  const logs = taskNumbers(state, 'weights', tasks, start).map((weight) => Math.log(Math.max(weight, least)));
  const shares = softmax(plus(logs, relative, rule.rate));
  return withTasks(next, 'weights', tasks, rule.torchjd ? shares : scaled(shares, tasks.length));
}

export const excessMtl: StrategyRow<'excess-mtl', EntryStrategy> = (parameters) => {
  const torchjd = parameters.convention === 'torchjd';
  const rule = { torchjd, rate: parameters.stepSize, warmup: parameters.warmup };
  return {
    needs: 'entries',
    initialState: null,
    combine(statistics, state) {
      const { space, rows, tasks } = statistics;
      const old = remembered(statistics, 'squares');
      const squares = rows.map((values, i) => space.map((g, total) => total + g * g, values, old[i] ?? values));
      const e = rows.map((values, i) =>
        space.sum(space.map((g, total) => (g * g) / Math.sqrt(total + guard), values, squares[i] ?? values)),
      );
      const r = preferenceOf(statistics);
      const start = torchjd ? r : scaled(r, tasks.length);
      const next = advanced(state, tasks, e, start, rule);
      const weights = taskNumbers(next, 'weights', tasks, start);
      return {
        direction: space.combine(weights, rows),
        weights,
        state: next,
        memory: withVectors(statistics.memory, 'squares', tasks, squares),
      };
    },
  };
};
