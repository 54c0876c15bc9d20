/** Which arms no other one beats, and of which it is decided that one does. */
import { holm } from '../statistics/multiplicity.ts';
import { paretoFront } from '../statistics/pareto.ts';
import type { ComparisonArm, ParetoView } from './contract.ts';
import type { Contest } from './contest.ts';
import { marginsOf, obstacleOf, testOf } from './judging.ts';

/** Null for a single task. */
export function paretoOf(contest: Contest, arms: readonly ComparisonArm[]): ParetoView | null {
  const { measures } = contest;
  if (measures.length < 2) return null;
  const placed = arms.flatMap((arm) => {
    const own = measures.map(({ task }) => arm.measures.find((one) => one.task === task) ?? null);
    // The mean of the runs that went well is no place for an arm of which others failed.
    const whole = own.every((one) => one !== null && one.mean !== null && one.failed === 0);
    return whole
      ? [{ id: arm.id, means: own.map((one) => one?.mean ?? NaN), intervals: own.map((one) => one?.interval ?? null) }]
      : [];
  });
  const maximize = measures.map(({ higherIsBetter }) => higherIsBetter);
  const frontOf = (indices: readonly number[]): readonly string[] =>
    paretoFront(
      placed.map(({ means }) => indices.map((index) => means[index] ?? NaN)),
      indices.map((index) => maximize[index] ?? true),
    ).flatMap((place) => placed[place]?.id ?? []);
  const behind = (a: readonly number[], b: readonly number[]): boolean => paretoFront([a, b], maximize).join() === '1';
  const meansOf = (id: string): readonly number[] | undefined => placed.find((point) => point.id === id)?.means;
  const decided = decidedDominance(contest, (winner, loser) => {
    const [a, b] = [meansOf(winner), meansOf(loser)];
    return a !== undefined && b !== undefined && behind(b, a);
  });
  const all = measures.map((_, index) => index);
  return {
    front: frontOf(all),
    points: placed.map((point) => {
      const ahead = placed.filter((other) => other !== point && behind(point.means, other.means)).map(({ id }) => id);
      return { ...point, behind: ahead, dominatedBy: ahead.filter((id) => decided(id, point.id)) };
    }),
    pairs: all.flatMap((x) =>
      all.slice(x + 1).map((y) => ({
        x: measures[x]?.task ?? '',
        y: measures[y]?.task ?? '',
        front: frontOf([x, y]),
      })),
    ),
    leftOut: arms.filter(({ id }) => !placed.some((point) => point.id === id)).map(({ id }) => id),
  };
}

/**
 * Is it decided that the first arm dominates the second one? On every task better after Holm over every pair of arms and every
 * task, or no worse by the margin; better on one at least. Only pairs that are so by their means are tested; the others count.
 */
function decidedDominance(
  contest: Contest,
  ahead: (winner: string, loser: string) => boolean,
): (winner: string, loser: string) => boolean {
  const { measures, analysis } = contest;
  const arms = contest.arms.filter(({ confirmed }) => confirmed);
  const pairs = arms.flatMap((a, index) => arms.slice(index + 1).map((b) => [a, b] as const));
  const tests = pairs.flatMap(([a, b]) => {
    const [arm, baseline] = ahead(b.id, a.id) ? [b, a] : [a, b];
    const possible = ahead(arm.id, baseline.id);
    return measures.map((measure) => ({
      ...{ winner: arm.id, loser: baseline.id },
      tested: possible ? testOf(contest, { arm, baseline, measure }) : null,
    }));
  });
  // Nobody has foreseen which pairs these would be: they are corrected for each other whatever the family of the verdicts is.
  const p = holm(tests.map(({ tested }) => tested?.p ?? null));
  const standings = tests.map(({ winner, loser, tested }, index) => {
    if (tested === null || obstacleOf(contest, tested) !== null || tested.pairs.failedPairs > 0)
      return { winner, loser, is: 'unknown' };
    const better = (p[index] ?? 1) <= 1 - analysis.level && tested.judged.verdict === 'helps';
    const { nonInferiority } = marginsOf(contest, tested.measure, tested.test);
    return { winner, loser, is: better ? 'better' : nonInferiority?.nonInferior === true ? 'no worse' : 'unknown' };
  });
  const byPair = new Map<string, string[]>();
  const keyOf = (winner: string, loser: string): string => JSON.stringify([winner, loser]);
  for (const { winner, loser, is } of standings) {
    const key = keyOf(winner, loser);
    byPair.set(key, [...(byPair.get(key) ?? []), is]);
  }
  return (winner, loser) => {
    const own = byPair.get(keyOf(winner, loser)) ?? [];
    return own.includes('better') && !own.includes('unknown');
  };
}
