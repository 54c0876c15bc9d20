/** The crossed bootstrap over seeds and rows of the test set. */
import { keyed } from '../../numbers/random.ts';
import type { Interval } from './contract.ts';
import { checkLevel } from './moments.ts';

export interface CrossedBootstrapInput {
  /** Runs, or pairs of runs, one a seed. */
  readonly seeds: number;
  /** Rows of the test set, the same for every run. */
  readonly rows: number;
  /** The statistic of one seed on some rows (a metric, or arm − baseline); null where it is undefined there. */
  readonly statistic: (seed: number, rows: Int32Array) => number | null;
  readonly level?: number;
  readonly draws?: number;
  /** Of the random numbers: the same one gives the same interval. */
  readonly key?: number;
}

export interface CrossedBootstrap {
  /** The mean over seeds on all rows; null where it is undefined for one of them. */
  readonly estimate: number | null;
  /** Percentile interval. */
  readonly interval: Interval | null;
  readonly draws: number;
  /** Draws in which the statistic was undefined; more than none and there is no interval. */
  readonly undefinedDraws: number;
  /** Below 20 seeds a bootstrap over seeds is too narrow: the interval stands beside the t interval, never in its place. */
  readonly fewSeeds: boolean;
  readonly reason: 'no-seeds' | 'one-seed' | 'no-rows' | 'undefined' | null;
}

/** Quantile of ascending values, interpolated between places (n − 1)p (Hyndman and Fan 1996, type 7). */
function quantile(sorted: readonly number[], p: number): number {
  const place = (sorted.length - 1) * p;
  const low = Math.floor(place);
  const [a = NaN, b = a] = sorted.slice(low, low + 2);
  return a + (place - low) * (b - a);
}

/**
 * Resamples seeds and test rows independently, each with replacement, and takes the statistic's mean over the drawn seeds, all
 * on the drawn rows (Owen 2007, "The pigeonhole bootstrap"). Whole runs are drawn: what a run did on all tasks stays together. The
 * interval covers both another seed and another test set of this size.
 *
 * No seed, one seed, no row, or a statistic that is undefined: null with the reason.
 *
 * @throws RangeError for counts that are no integers from 0, a level outside (0, 1), or no draw
 */
export function crossedBootstrap(input: CrossedBootstrapInput): CrossedBootstrap {
  const { seeds, rows, statistic, level = 0.95, draws = 2000, key = 1 } = input;
  checkLevel(level);
  for (const count of [seeds, rows]) {
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`${count} is no number of seeds or rows.`);
  }
  if (!(Number.isInteger(draws) && draws > 0)) throw new RangeError(`A bootstrap has 1 draw or more, not ${draws}.`);
  const none = { interval: null, draws, undefinedDraws: 0, fewSeeds: seeds < 20 };
  if (seeds === 0) return { ...none, estimate: null, reason: 'no-seeds' };
  if (rows === 0) return { ...none, estimate: null, reason: 'no-rows' };
  const meanOn = (chosen: Int32Array, on: Int32Array): number | null => {
    let total = 0;
    for (const seed of chosen) {
      const value = statistic(seed, on);
      if (value === null || !Number.isFinite(value)) return null;
      total += value;
    }
    return total / chosen.length;
  };
  const every = (count: number): Int32Array => Int32Array.from({ length: count }, (_, index) => index);
  const estimate = meanOn(every(seeds), every(rows));
  if (estimate === null) return { ...none, estimate, reason: 'undefined' };
  if (seeds === 1) return { ...none, estimate, reason: 'one-seed' };
  const random = keyed(key, 'crossed-bootstrap', seeds, rows);
  const drawn = (count: number): Int32Array => Int32Array.from({ length: count }, () => random.integer(count));
  const values = Array.from({ length: draws }, () => meanOn(drawn(seeds), drawn(rows)));
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const undefinedDraws = draws - known.length;
  if (undefinedDraws > 0) return { ...none, estimate, undefinedDraws, reason: 'undefined' };
  const tail = (1 - level) / 2;
  return { ...none, estimate, interval: [quantile(known, tail), quantile(known, 1 - tail)], reason: null };
}
