/** Which arms no other one beats, and of which it is decided that one does. */
import { paretoFront } from '../statistics/pareto.ts';
import type { ComparisonArm, ParetoView } from './contract.ts';
import type { Contest, ContestArm } from './contest.ts';
import { adjusted, isConfirmed, marginsOf, obstacleOf, testOf } from './judging.ts';

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
  const decided = decidedDominance(contest);
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
 * task, or no worse by the margin; better on one at least.
 */
function decidedDominance(contest: Contest): (winner: string, loser: string) => boolean {
  const { arms, measures, analysis } = contest;
  const pairs = arms.flatMap((a, index) => arms.slice(index + 1).map((b) => [a, b] as const));
  const tested = pairs.flatMap(([arm, baseline]) =>
    measures.map((measure) => testOf(contest, { arm, baseline, measure })).filter(isConfirmed),
  );
  const p = adjusted(
    contest,
    tested.map((one) => one.p),
  );
  const alpha = 1 - analysis.level;
  const standing = (winner: ContestArm, loser: ContestArm, task: string): 'better' | 'no-worse' | 'unknown' => {
    const index = tested.findIndex(
      ({ arm, baseline, measure }) =>
        measure.task === task && [arm, baseline].includes(winner) && [arm, baseline].includes(loser),
    );
    const one = tested[index];
    if (one === undefined || obstacleOf(contest, one) !== null || one.pairs.failed > 0) return 'unknown';
    const turned = one.arm === winner ? 1 : -1;
    const { higherIsBetter } = one.measure;
    const gain = turned * (one.test.mean ?? 0) * (higherIsBetter ? 1 : -1);
    const value = p[index] ?? null;
    if (value !== null && value < alpha && gain > 0) return 'better';
    const own = one.pairs.differences.map((difference) => turned * difference);
    return marginsOf(contest, one.measure, own).nonInferiority?.nonInferior === true ? 'no-worse' : 'unknown';
  };
  const armOf = (id: string): ContestArm | undefined => arms.find((arm) => arm.id === id);
  return (winner, loser) => {
    const [a, b] = [armOf(winner), armOf(loser)];
    if (a === undefined || b === undefined) return false;
    const all = measures.map(({ task }) => standing(a, b, task));
    return all.includes('better') && !all.includes('unknown');
  };
}
