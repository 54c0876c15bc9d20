/** Do tasks rise and fall together over seeds? */
import { momentsOf } from '../statistics/moments.ts';
import type { Correlations } from './contract.ts';
import type { Contest, ContestArm } from './contest.ts';

/** Fewer points lie on a line, or nearly. */
const least = 3;

/**
 * Pearson's r = Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²). Null without spread.
 */
function pearson(x: readonly number[], y: readonly number[]): number | null {
  const [a, b] = [momentsOf(x), momentsOf(y)];
  if (a.reason !== null || b.reason !== null || a.mean === null || b.mean === null) return null;
  let [xy, xx, yy] = [0, 0, 0];
  for (const [i, value] of x.entries()) {
    const [dx, dy] = [value - a.mean, (y[i] ?? NaN) - b.mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Seeds of an arm on which every task has a value, turned so that higher is better: [task][seed]. */
function complete({ measures }: Contest, arm: ContestArm): readonly (readonly number[])[] | null {
  const rows = measures.map(({ task }) => arm.rows.get(task) ?? null);
  if (rows.some((row) => row === null)) return null;
  const whole = arm.seeds.map((_, seed) => seed).filter((seed) => rows.every((row) => row?.[seed]?.state === 'value'));
  return measures.map(({ higherIsBetter }, task) =>
    whole.map((seed) => (rows[task]?.[seed]?.value ?? NaN) * (higherIsBetter ? 1 : -1)),
  );
}

/** Null for a single task. */
export function correlationsOf(contest: Contest): Correlations | null {
  const tasks = contest.measures.map(({ task }) => task);
  if (tasks.length < 2) return null;
  const arms = contest.arms.flatMap((arm) => {
    const values = complete(contest, arm);
    return values === null ? [] : [{ id: arm.id, values, n: values[0]?.length ?? 0 }];
  });
  const spread = arms.filter(({ n }) => n > 1);
  const pooled = tasks.map((_, task) =>
    spread.flatMap(({ values }) => {
      const own = values[task] ?? [];
      const { mean } = momentsOf(own);
      return own.map((value) => value - (mean ?? NaN));
    }),
  );
  return {
    tasks,
    arms: arms.map(({ id, n, values }) => ({ id, n, r: matrix(values) })),
    pooled: { n: pooled[0]?.length ?? 0, r: matrix(pooled) },
  };
}

function matrix(values: readonly (readonly number[])[]): readonly (readonly (number | null)[])[] {
  return values.map((x, i) =>
    values.map((y, j) => {
      if (x.length < least) return null;
      return i === j ? 1 : pearson(x, y);
    }),
  );
}
