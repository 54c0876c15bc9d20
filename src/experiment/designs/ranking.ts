/** Trials as evidence: which have values, and from the best to the worst of them. */
import { hypervolume } from '../statistics/hypervolume.ts';
import { paretoRanks } from '../statistics/pareto.ts';
import type { Trial } from './contract.ts';

export interface Scored extends Trial {
  readonly values: readonly number[];
}

/** Done, with a finite number for every objective. A trial that is done with a value missing is no evidence for or against. */
export const isScored = (trial: Trial): trial is Scored =>
  trial.state === 'done' && trial.values.length > 0 && trial.values.every(Number.isFinite);

export const ranksOf = (trials: readonly Scored[]): readonly (number | null)[] =>
  paretoRanks(
    trials.map(({ values }) => values),
    trials[0]?.values.map(() => false) ?? [],
  );

/** Worse than the worst by a tenth of the range, so that the ends of a front count too. */
function referenceOf(points: readonly (readonly number[])[]): number[] {
  return (points[0] ?? []).map((_, objective) => {
    const values = points.map((point) => point[objective] ?? 0);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return high + 0.1 * (high - low) + 1e-9;
  });
}

/**
 * The best `count` of the trials. One objective: the smallest values, the earlier trial first among equals. Several: whole
 * fronts, and of the front that does not fit the trials that together cover the most volume, chosen one after the other
 * (greedy hypervolume subset selection, as Ozaki et al. 2020, MOTPE).
 */
export function bestOf(trials: readonly Scored[], count: number): readonly Scored[] {
  if ((trials[0]?.values.length ?? 1) === 1)
    return trials.toSorted((a, b) => (a.values[0] ?? 0) - (b.values[0] ?? 0)).slice(0, count);
  const ranks = ranksOf(trials);
  const chosen: Scored[] = [];
  for (let rank = 0; chosen.length < count && ranks.includes(rank); rank += 1) {
    const front = trials.filter((_, index) => ranks[index] === rank);
    chosen.push(...(chosen.length + front.length <= count ? front : covering(front, count - chosen.length, trials)));
  }
  return chosen;
}

function covering(front: readonly Scored[], count: number, all: readonly Scored[]): readonly Scored[] {
  const reference = referenceOf(all.map(({ values }) => values));
  const minimize = reference.map(() => false);
  const taken: Scored[] = [];
  for (let left = front; taken.length < count && left.length > 0;) {
    const volumes = left.map((trial) =>
      hypervolume(
        [...taken, trial].map(({ values }) => values),
        minimize,
        reference,
      ),
    );
    const best = left[volumes.indexOf(Math.max(...volumes))];
    if (best === undefined) break;
    taken.push(best);
    left = left.filter((trial) => trial !== best);
  }
  return taken;
}
