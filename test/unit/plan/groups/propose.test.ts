/** Groups of tasks: against every family of groups there is, and branch and bound against all partitions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exhaustiveTasks, proposeGroups, scoreIn, type Affinities } from '../../../../src/plan/groups/propose.ts';

const affinities = (least: number, most: number): fc.Arbitrary<Affinities> =>
  fc.integer({ min: least, max: most }).chain((count) =>
    fc.array(
      fc.array(fc.oneof({ weight: 9, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) }, fc.constant(null)), {
        minLength: count,
        maxLength: count,
      }),
      { minLength: count, maxLength: count },
    ),
  );

/** The best total over all families of at most `budget` subsets: each task is served by its best group. */
function byBruteForce(z: Affinities, budget: number): number {
  const count = z.length;
  const subsets = Array.from({ length: 2 ** count - 1 }, (_, index) =>
    [...z.keys()].filter((task) => ((index + 1) >> task) & 1),
  );
  let best = -Infinity;
  const choose = (from: number, chosen: readonly (readonly number[])[]): void => {
    const scores = [...z.keys()].map((task) =>
      Math.max(...chosen.filter((group) => group.includes(task)).map((group) => scoreIn(z, group, task))),
    );
    if (scores.every((score) => score > -Infinity))
      best = Math.max(
        best,
        scores.reduce((sum, score) => sum + score, 0),
      );
    if (chosen.length === budget) return;
    for (let index = from; index < subsets.length; index++) choose(index + 1, [...chosen, subsets[index] ?? []]);
  };
  choose(0, []);
  return best;
}

const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} and ${b}`);

test('no family of groups is better', () => {
  fc.assert(
    fc.property(affinities(1, 4), fc.integer({ min: 1, max: 3 }), (z, budget) => {
      near(proposeGroups(z, budget).total, byBruteForce(z, budget));
    }),
    { seed: 9, numRuns: 60 },
  );
});

test('branch and bound finds what all partitions give', () => {
  fc.assert(
    fc.property(affinities(2, 7), fc.integer({ min: 1, max: 7 }), (z, budget) => {
      const [bound, all] = [proposeGroups(z, budget, { search: 'bound' }), proposeGroups(z, budget)];
      assert.equal(bound.exact, true);
      near(bound.total, all.total);
    }),
    { seed: 9, numRuns: 150 },
  );
});

test('every proposal is a proposal: tasks served once, within their groups, scores as defined, budget kept', () => {
  fc.assert(
    fc.property(affinities(1, 10), fc.integer({ min: 1, max: 4 }), (z, budget) => {
      const { groups, total } = proposeGroups(z, budget);
      assert.ok(groups.length <= budget);
      const served = groups.flatMap(({ serves }) => serves).sort((a, b) => a - b);
      assert.deepEqual(served, [...z.keys()]);
      for (const { members, serves, score } of groups) {
        assert.ok(serves.every((task) => members.includes(task)));
        assert.equal(new Set(members).size, members.length);
        near(
          score,
          serves.reduce((sum, task) => sum + scoreIn(z, members, task), 0),
        );
      }
      near(
        total,
        groups.reduce((sum, { score }) => sum + score, 0),
      );
    }),
    { seed: 9, numRuns: 100 },
  );
});

test('more networks are never worse, and the diagonal counts nothing', () => {
  fc.assert(
    fc.property(affinities(2, 6), (z) => {
      const totals = [1, 2, 3, 4].map((budget) => proposeGroups(z, budget).total);
      totals.slice(1).forEach((total, index) => assert.ok(total >= (totals[index] ?? 0) - 1e-9));
      const changed = z.map((row, i) => row.map((value, j) => (i === j ? 1e6 : value)));
      assert.deepEqual(proposeGroups(changed, 2), proposeGroups(z, 2));
    }),
    { seed: 9, numRuns: 50 },
  );
});

test('two friendly pairs are kept apart; a task that helps everywhere is in both groups', () => {
  const pairs = [
    [0, 0.5, -0.5, -0.5],
    [0.5, 0, -0.5, -0.5],
    [-0.5, -0.5, 0, 0.5],
    [-0.5, -0.5, 0.5, 0],
  ];
  assert.deepEqual(
    proposeGroups(pairs, 2).groups.map(({ members }) => members),
    [
      [0, 1],
      [2, 3],
    ],
  );
  // The third task helps the first two, which hurt each other.
  const helper = [
    [0, -1, 0],
    [-1, 0, 0],
    [0.9, 0.8, 0],
  ];
  const { groups, total } = proposeGroups(helper, 2);
  near(total, 1.7);
  assert.deepEqual(
    groups.map(({ members }) => members),
    [
      [0, 2],
      [1, 2],
    ],
  );
});

test('a search that is stopped says so and still proposes', () => {
  const z = Array.from({ length: 12 }, (_, i) => Array.from({ length: 12 }, (__, j) => Math.sin(7 * i + 13 * j * j)));
  const stopped = proposeGroups(z, 4, { limit: 20 });
  assert.equal(stopped.exact, false);
  assert.equal(stopped.groups.flatMap(({ serves }) => serves).length, 12);
});

test('up to eight tasks every partition is tried, beyond that the search has a limit', () => {
  const ring = (count: number): Affinities =>
    Array.from({ length: count }, (_, i) => Array.from({ length: count }, (__, j) => ((i * 7 + j * 3) % 5) - 2));
  assert.equal(exhaustiveTasks, 8);
  assert.equal(proposeGroups(ring(8), 3, { limit: 0 }).exact, true);
  assert.equal(proposeGroups(ring(9), 3, { limit: 0 }).exact, false);
  assert.equal(proposeGroups(ring(9), 3).exact, true);
});

test('a search that just comes to its end is exact', () => {
  // Nothing may become better than what is found at once: only the root is looked at.
  const friends = [[0, 0.5], [0.5, 0]]; // prettier-ignore
  const exact = (limit: number): boolean => proposeGroups(friends, 1, { search: 'bound', limit }).exact;
  assert.deepEqual([exact(0), exact(1), exact(2)], [false, true, true]);
});

test('a budget is a whole number of networks, at least one and no more than there are tasks', () => {
  const foes = [[0, -1, -1], [-1, 0, -1], [-1, -1, 0]]; // prettier-ignore
  const groups = (budget: number): number => proposeGroups(foes, budget).groups.length;
  assert.deepEqual([0, 1, 1.9, 2.9, 3, 99].map(groups), [1, 1, 1, 2, 3, 3]);
  assert.deepEqual(proposeGroups([], 3), { groups: [], total: 0, exact: true });
});

test('who does not help stays out; of equals the first is taken, and no more than are worth their place', () => {
  const helped = (...helps: number[]): readonly number[] => {
    const count = helps.length + 1;
    const z = Array.from({ length: count }, (_, i) => Array.from({ length: count }, (__, j) => (j === 0 ? (helps[i - 1] ?? 0) : -9))); // prettier-ignore
    return proposeGroups(z, count).groups.find(({ serves }) => serves[0] === 0)?.members ?? [];
  };
  assert.deepEqual(helped(0, 0), [0]);
  assert.deepEqual(helped(0, 1e-13), [0]);
  assert.deepEqual(helped(0, 1e-9), [0, 2]);
  assert.deepEqual(helped(0.5, 0.5), [0, 1]);
  assert.deepEqual(helped(-1, 0.25, 0.75), [0, 3]);
});

test('the score of a group is the mean of what comes in, without the diagonal; nobody helps alone', () => {
  const z = [[9, 0.5, null], [0.25, 9, 1], [-0.5, 0.5, 9]]; // prettier-ignore
  near(scoreIn(z, [0, 1, 2], 0), (0.25 - 0.5) / 2);
  near(scoreIn(z, [0, 1, 2], 2), (0 + 1) / 2);
  near(scoreIn(z, [0, 2], 2), 0);
  assert.equal(scoreIn(z, [1], 1), 0);
});

test('groups of either search stand in the order of their first task, tasks ascending', () => {
  const pairs = [
    [0, -1, -1, 0.5],
    [-1, 0, 0.9, -1],
    [-1, 0.9, 0, -1],
    [0.5, -1, -1, 0],
  ];
  for (const search of ['bound', 'partitions'] as const) {
    const { groups } = proposeGroups(pairs, 2, { search });
    assert.deepEqual(groups.map(({ serves }) => serves), [[0, 3], [1, 2]]); // prettier-ignore
    near(groups[0]?.score ?? NaN, 1);
    near(groups[1]?.score ?? NaN, 1.8);
  }
});

test('branch and bound finds the best of nine tasks and more, as all partitions do', () => {
  const random = (seed: number): Affinities => {
    let state = seed;
    const next = (): number => (state = (state * 16_807) % 2_147_483_647) / 1_073_741_824 - 1;
    return Array.from({ length: 9 }, () => Array.from({ length: 9 }, next));
  };
  for (const seed of [1, 2, 3]) {
    const [bound, all] = [proposeGroups(random(seed), 3), proposeGroups(random(seed), 3, { search: 'partitions' })];
    assert.equal(bound.exact, true);
    near(bound.total, all.total);
  }
});

test('whatever was found, by branch and bound too, is told in the order of first tasks', () => {
  fc.assert(
    fc.property(affinities(3, 9), fc.integer({ min: 2, max: 5 }), (z, budget) => {
      const first = proposeGroups(z, budget, { search: 'bound' }).groups.map(({ serves }) => serves[0] ?? NaN);
      assert.deepEqual(
        first,
        first.toSorted((a, b) => a - b),
      );
    }),
    { seed: 9, numRuns: 100 },
  );
});
