/**
 * Weights of the tasks as points of a simplex: positive, with sum 1. (Times the number of tasks their mean is 1, as that of
 * weights nobody wrote.)
 *
 * No weight is below `floor`: at 0 a task's head would never be trained and its measure would mean nothing; the corners
 * themselves are the single-task runs. A point p of the whole simplex becomes floor + (1 − T·floor)·p.
 */
import { text } from '../../common/text.ts';
import type { DesignRequest, Factor, PlannedDesign } from './contract.ts';
import { pointerOf } from '../../spec/index.ts';
import { designed } from './designed.ts';
import { mostDimensions, sobolPoints } from './sobol.ts';

/** The smallest share of a task among T: a fiftieth of an even share. */
export const weightFloor = (tasks: number): number => 0.02 / tasks;

/** Shares in 12 significant digits: the same on every machine, and the same text in a spec. */
const tidy = (share: number): number => Number(share.toPrecision(12));

/** Compositions of `total` into `parts` whole numbers of at least `least`, the first part falling. */
function compositions(parts: number, total: number, least: number): number[][] {
  if (parts === 1) return [[total]];
  const found: number[][] = [];
  for (let first = total - least * (parts - 1); first >= least; first -= 1)
    for (const rest of compositions(parts - 1, total - first, least)) found.push([first, ...rest]);
  return found;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i += 1) value = (value * (n - k + i)) / i;
  return Math.round(value);
}

/** The simplex lattice {T, m} (Scheffé 1958): every share a multiple of 1/m. C(T+m−1, m) points. */
export const simplexLattice = (tasks: number, m: number): number[][] =>
  compositions(tasks, m, 0).map((counts) => counts.map((count) => count / m));

/** The simplex centroid (Scheffé 1963): even shares of every set of tasks, the smallest sets first. 2ᵀ − 1 points. */
export function simplexCentroid(tasks: number): number[][] {
  const sets = Array.from({ length: 2 ** tasks - 1 }, (_, index) =>
    Array.from({ length: tasks }, (_item, task) => (((index + 1) >>> task) & 1) === 1),
  );
  const size = (set: readonly boolean[]): number => set.filter(Boolean).length;
  return sets.toSorted((a, b) => size(a) - size(b)).map((set) => set.map((member) => (member ? 1 / size(set) : 0)));
}

/**
 * Points spread evenly: Sobol's points broken off a stick of length 1, share i of T being 1 − (1 − u)^(1/(T − i)) of what is
 * left, which makes uniform numbers uniform on the simplex (Dirichlet(1, …, 1)). The origin, a corner, is left out.
 */
function spread(tasks: number, n: number, seed: number | null): number[][] {
  const skipped = seed === null ? 1 : 0;
  return sobolPoints(tasks - 1, n + skipped, seed)
    .slice(skipped)
    .map((point) => {
      let left = 1;
      const shares = point.map((u, index) => {
        const share = left * (1 - (1 - u) ** (1 / (tasks - 1 - index)));
        left -= share;
        return share;
      });
      return [...shares, left];
    });
}

function lifted(point: readonly number[]): number[] {
  const floor = weightFloor(point.length);
  return point.map((share) => tidy(floor + (1 - floor * point.length) * share));
}

/** m for which the lattice {T, m} has so many points; null if there is none. */
function latticeOf(tasks: number, points: number): number | null {
  for (let m = 1; binomial(tasks + m - 1, m) <= points; m += 1) if (binomial(tasks + m - 1, m) === points) return m;
  return null;
}

/**
 * Weights for the arm `static-weights`: so many points *inside* the simplex, for the corners are the single-task arms.
 * Where a lattice has that many points with every share positive (for two tasks always: k/(points + 1) and the rest,
 * the first task's share rising), those; otherwise even shares first and then points spread evenly, none below
 * the floor. No chance is in it.
 * @param tasks how many, 2 or more
 * @param points how many, 1 or more
 * @returns [points][tasks], each row with sum 1
 * @throws {RangeError} for fewer than two tasks, or more than there are dimensions of Sobol's sequence
 */
export function frontierWeights(tasks: number, points: number): number[][] {
  if (tasks < 2) throw new RangeError(`A frontier of weights needs two tasks or more, not ${tasks}`);
  for (let m = tasks; binomial(m - 1, tasks - 1) <= points; m += 1)
    if (binomial(m - 1, tasks - 1) === points)
      return compositions(tasks, m, 1)
        .toReversed()
        .map((counts) => counts.map((count) => tidy(count / m)));
  const even = Array.from({ length: tasks }, () => tidy(1 / tasks));
  return [even, ...spread(tasks, points - 1, null).map(lifted)];
}

/** Without `runs` the centroid; a lattice where one has as many points; otherwise spread by the scrambled sequence. */
function pointsFor({ tasks, runs, seed }: DesignRequest): number[][] {
  if (runs === null) return simplexCentroid(tasks.length);
  const m = latticeOf(tasks.length, runs);
  return m === null ? spread(tasks.length, runs, seed) : simplexLattice(tasks.length, m);
}

/** The weight of each task as a factor: its name is its pointer. */
const weightFactors = (tasks: readonly string[]): readonly Factor[] =>
  tasks.map((task) => {
    const pointer = pointerOf(['weights', task]);
    return { name: pointer, path: pointer, range: [0, 1], scale: 'linear', integer: false };
  });

/** So many points of a centroid, and no more, are made without being asked for. */
const mostCentroid = 8;

export const simplex: PlannedDesign = {
  title: text('Simplex of task weights', '任务权重的单纯形'),
  runs: 'optional',
  takes: 'weights',
  sequential: false,
  problems: ({ tasks, runs }) => {
    const count = tasks.length;
    if (count < 2)
      return [
        text(
          '`simplex` varies the weights of the tasks against each other; it needs two tasks or more.',
          '`simplex` 变化各任务之间的权重比例；至少需要两个任务。',
        ),
      ];
    if (count - 1 > mostDimensions || (runs === null && count > mostCentroid))
      return [
        text(
          `Without \`runs\` the simplex of ${count} tasks would have 2^${count} − 1 points. Write \`runs\`; at most ${mostDimensions + 1} tasks.`,
          `未写 \`runs\` 时，${count} 个任务的单纯形会有 2^${count} − 1 个点。请写明 \`runs\`；最多 ${mostDimensions + 1} 个任务。`,
        ),
      ];
    return [];
  },
  settings: (request) => {
    const own = weightFactors(request.tasks);
    const settings = pointsFor(request).map(
      (point) => new Map(lifted(point).map((share, index) => [own[index]?.name ?? '', share])),
    );
    const left = request.factors.map(({ name }) => JSON.stringify(name));
    const notes = [
      text(
        `\`simplex\` varies the weights of the tasks alone; ${left.join(', ')} stays as the spec says.`,
        `\`simplex\` 只变化任务权重；${left.join('、')} 保持描述文件中的取值。`,
      ),
    ];
    return designed(own, settings, { notes: left.length > 0 ? notes : [] });
  },
};
