/**
 * Which tasks to train together (TAG: Fifty et al. 2021; conventions 6). The score of task j in a group S is the mean of the
 * affinities i → j over the others i in S, 0 alone; never the diagonal. Under a budget of networks the sum of the scores
 * of all tasks is made largest, each served by one group that holds it; groups may overlap, since a task may help in a
 * group that does not serve it.
 *
 * A choice of groups is a partition of the tasks into those that each group serves. For tasks U served together the best
 * group is found exactly: with m members every j in U divides by m − 1, so the helpers are those with the largest
 * Σ_{j∈U} Z_{i→j}, and m is tried out. What is left is the best partition into at most `budget` parts: all of them up to
 * eight tasks, branch and bound beyond.
 */

/** Z[i][j], i → j; null where the two never met, which counts as 0. */
export type Affinities = readonly (readonly (number | null)[])[];

export interface Group {
  /** Indices of the tasks trained in it, ascending. */
  readonly members: readonly number[];
  /** Those whose predictions are taken from it; the others only help. */
  readonly serves: readonly number[];
  /** Sum of the scores of those that it serves. */
  readonly score: number;
}

export interface Proposal {
  readonly groups: readonly Group[];
  readonly total: number;
  /** False where the search was stopped: no better choice was found, but there may be one. */
  readonly exact: boolean;
}

export interface ProposeOptions {
  /** `partitions`: all of them; `bound`: branch and bound; default by the number of tasks. */
  readonly search?: 'partitions' | 'bound';
  /** Partial choices that branch and bound may look at. */
  readonly limit?: number;
}

/** Up to so many tasks all partitions are tried (4,140 of eight). */
export const exhaustiveTasks = 8;
const defaultLimit = 2_000_000;

/** Gains below this are rounding. */
const rounding = 1e-12;

/**
 * The best groups under a budget.
 *
 * @param budget networks, at least 1; more than there are tasks changes nothing
 */
export function proposeGroups(affinities: Affinities, budget: number, options: ProposeOptions = {}): Proposal {
  const count = affinities.length;
  const most = Math.max(1, Math.min(Math.floor(budget), count));
  const valued = valueOf(affinities);
  const search = options.search ?? (count <= exhaustiveTasks ? 'partitions' : 'bound');
  const found =
    search === 'partitions'
      ? allPartitions(count, most, valued)
      : branchAndBound(affinities, most, valued, options.limit ?? defaultLimit);
  const groups = found.parts.map((serves) => valued(serves));
  return { groups, total: groups.reduce((sum, { score }) => sum + score, 0), exact: found.exact };
}

/** Score of one task in a group: the mean affinity of the others towards it. */
export function scoreIn(affinities: Affinities, members: readonly number[], task: number): number {
  const others = members.filter((member) => member !== task);
  if (others.length === 0) return 0;
  return others.reduce((sum, other) => sum + at(affinities, other, task), 0) / others.length;
}

const at = (affinities: Affinities, i: number, j: number): number => affinities[i]?.[j] ?? 0;

type Valued = (serves: readonly number[]) => Group;

/** The best group for tasks that are served together, remembered by the set. */
function valueOf(affinities: Affinities): Valued {
  const known = new Map<string, Group>();
  return (serves) => {
    const key = serves.join(',');
    const found = known.get(key) ?? bestGroup(affinities, serves);
    known.set(key, found);
    return found;
  };
}

function bestGroup(affinities: Affinities, serves: readonly number[]): Group {
  const inside = new Set(serves);
  const helpers = [...affinities.keys()]
    .filter((task) => !inside.has(task))
    // Of equal help the first task: the order is kept.
    .map((task) => ({ task, help: serves.reduce((sum, j) => sum + at(affinities, task, j), 0) }))
    .sort((a, b) => b.help - a.help);
  // Sum of affinities between the served tasks themselves.
  let sum = serves.reduce(
    (total, j) => total + serves.reduce((of, i) => of + (i === j ? 0 : at(affinities, i, j)), 0),
    0,
  );
  let best = { score: serves.length > 1 ? sum / (serves.length - 1) : 0, helpers: 0 };
  for (const [index, { help }] of helpers.entries()) {
    sum += help;
    const score = sum / (serves.length + index);
    // A helper must be worth its place.
    if (score > best.score + rounding) best = { score, helpers: index + 1 };
  }
  const members = [...serves, ...helpers.slice(0, best.helpers).map(({ task }) => task)].sort((a, b) => a - b);
  return { members, serves: [...serves], score: best.score };
}

interface Found {
  readonly parts: readonly (readonly number[])[];
  readonly exact: boolean;
}

/** Every way to part the tasks, each task joining a part that is there or beginning a new one. */
function allPartitions(count: number, most: number, valued: Valued): Found {
  let best: readonly (readonly number[])[] = [];
  let bestTotal = -Infinity;
  const place = (task: number, parts: readonly (readonly number[])[]): void => {
    if (task === count) {
      const total = parts.reduce((sum, part) => sum + valued(part).score, 0);
      if (total > bestTotal + rounding) [best, bestTotal] = [parts, total];
      return;
    }
    for (const index of parts.keys())
      place(
        task + 1,
        parts.map((part, other) => (other === index ? [...part, task] : part)),
      );
    if (parts.length < most) place(task + 1, [...parts, [task]]);
  };
  place(0, []);
  return { parts: best, exact: true };
}

/**
 * The same tree with bounds. A part that grows never gives its first tasks more than the best group for them alone, and a
 * task never more than its best single partner (or 0 alone): their sum bounds what a partial choice may become. Tasks
 * with the most to win come first; promising branches are walked first.
 */
function branchAndBound(affinities: Affinities, most: number, valued: Valued, limit: number): Found {
  const hopes = affinities.map((_, j) =>
    Math.max(0, ...affinities.map((__, i) => (i === j ? 0 : at(affinities, i, j)))),
  );
  const order = [...affinities.keys()].sort((a, b) => (hopes[b] ?? 0) - (hopes[a] ?? 0));
  /** Hopes of the tasks from a place in the order on. */
  const rest = new Array<number>(order.length + 1).fill(0);
  for (let place = order.length - 1; place >= 0; place--)
    rest[place] = (rest[place + 1] ?? 0) + (hopes[order[place] ?? 0] ?? 0);
  let best = greedy(order, most, valued);
  let bestTotal = totalOf(best, valued);
  let looked = 0;
  const walk = (place: number, parts: readonly (readonly number[])[]): void => {
    if (looked++ >= limit) return;
    if (place === order.length) {
      const total = totalOf(parts, valued);
      if (total > bestTotal + rounding) [best, bestTotal] = [parts, total];
      return;
    }
    const next = branches(parts, order[place] ?? 0, most)
      .map((branch) => ({ branch, bound: totalOf(branch, valued) + (rest[place + 1] ?? 0) }))
      .sort((a, b) => b.bound - a.bound);
    for (const { branch, bound } of next) if (bound > bestTotal + rounding) walk(place + 1, branch);
  };
  walk(0, []);
  const parts = [...best].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return { parts, exact: looked <= limit };
}

/** Every choice for the next task. */
function branches(parts: readonly (readonly number[])[], task: number, most: number): (readonly number[])[][] {
  const joined = [...parts.keys()].map((index) =>
    parts.map((part, other) => (other === index ? [...part, task].sort((a, b) => a - b) : part)),
  );
  return parts.length < most ? [...joined, [...parts, [task]]] : joined;
}

/** Each task where it gains the most at once: something to measure the search by. */
function greedy(order: readonly number[], most: number, valued: Valued): readonly (readonly number[])[] {
  return order.reduce<readonly (readonly number[])[]>((parts, task) => {
    const all = branches(parts, task, most);
    return all.reduce(
      (best, branch) => (totalOf(branch, valued) > totalOf(best, valued) ? branch : best),
      all[0] ?? [],
    );
  }, []);
}

function totalOf(parts: readonly (readonly number[])[], valued: Valued): number {
  return parts.reduce((sum, part) => sum + valued(part).score, 0);
}
