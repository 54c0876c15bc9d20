// Response surfaces of any number of tasks for the tests of the page: runs by arithmetic, fitted as those of experiments are.
import type { WeightSurface } from '../../src/experiment/surface/contract.ts';
import { responseOf, type Designs } from '../../src/experiment/surface/response.ts';
import { frontierWeights } from '../../src/experiment/designs/simplex.ts';

/** Tasks as in `comparisonOf`: 分类 (accuracy), 回归 (mae, lower is better), task 2 … */
export function surfaceOfTasks(tasks: number, points = tasks === 2 ? 7 : 15): WeightSurface {
  const names = Array.from({ length: tasks }, (_, at) => ['分类', '回归'][at] ?? `task ${String(at)}`);
  const shares = frontierWeights(tasks, points);
  const valueOf = (own: readonly number[], task: number, seed: number): number =>
    (task === 1 ? 10 - 4 * (own[1] ?? 0) : 0.7 + 0.2 * (own[task] ?? 0) * (2 - (own[task] ?? 0))) + 0.01 * seed * (1 + (own[0] ?? 0)); // prettier-ignore
  const seeds = [0, 1, 2];
  const designs: Designs = new Map();
  return {
    ...{ tasks: names, current: names.map(() => 1 / tasks), total: tasks, level: 0.95, arm: 'weights', remarks: [] },
    points: shares.map((own, at) => ({
      ...{ shares: own, arms: [`static-frontier/${String(at)}`], runs: 3 },
      means: names.map((_, task) => valueOf(own, task, 1)),
    })),
    responses: names.map((task, at) =>
      responseOf(
        { task, type: at === 1 ? 'regression' : 'classification', metric: at === 1 ? 'mae' : 'accuracy', higherIsBetter: at !== 1, margin: null }, // prettier-ignore
        shares.map((own) => seeds.map((seed) => ({ shares: own, value: valueOf(own, at, seed) }))),
        tasks,
        0.95,
        designs,
      ),
    ),
  };
}
