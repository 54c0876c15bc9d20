/** From interleaved times to what the table says. */
import { median } from '../times.ts';

/** Times of one variant in one cell: a list for each round. */
export type Rounds = readonly (readonly number[])[];

export interface Summary {
  /** Over all steps, in milliseconds. */
  readonly median: number;
  readonly minimum: number;
  readonly steps: number;
}

export function summarize(rounds: Rounds): Summary {
  const all = rounds.flat();
  return {
    median: median(all),
    minimum: all.reduce((least, each) => Math.min(least, each), Infinity),
    steps: all.length,
  };
}

/**
 * Median over the rounds of our median divided by the least of theirs: what a busy moment slows, it slows on both sides
 * of its round. NaN without a common round.
 */
export function pairedRatio(ours: Rounds, theirs: readonly Rounds[]): number {
  const ratios = ours.flatMap((times, round) => {
    const best = theirs.flatMap((each) => {
      const of = each[round];
      return of === undefined || of.length === 0 ? [] : [median(of)];
    });
    return best.length === 0 || times.length === 0 ? [] : [median(times) / Math.min(...best)];
  });
  return median(ratios);
}

/** Ratio of the least step times: the other estimate of the same thing, untouched by what else the machine did. */
export function ratioOfMinima(ours: Rounds, theirs: readonly Rounds[]): number {
  const least = Math.min(...theirs.map((each) => summarize(each).minimum));
  return summarize(ours).minimum / least;
}
