/** Two arms with seeds of their own: nothing is paired, and each arm's spread counts. */
import { studentTwoSided, studentUpperQuantile } from '../../numbers/student.ts';
import type { MeanTest, Reason, SeedRecord, SeedValue } from './contract.ts';
import { checkLevel, checkRatio, momentsOf } from './moments.ts';
import type { Pairs } from './pairs.ts';
import { ranks } from './ranks.ts';

/**
 * Welch's t test of equal means with its interval (Welch 1947): t = (ā − b̄)/√(v_a + v_b), v = s²/n, with the degrees of freedom of
 * Satterthwaite (1946), (v_a + v_b)² / (v_a²/(n_a − 1) + v_b²/(n_b − 1)); two-sided. Where splits vary, the training sets of one arm
 * overlap and v is s²(1/n + n_test/n_train) (Nadeau and Bengio 2003). Those of the two arms overlap as well, which makes their
 * means alike: this errs on the side of no verdict.
 *
 * `n` is the smaller number of values. No value in one of the arms, or one that is not finite: all null, with the reason. One value in
 * an arm, or no spread in both: the difference of means alone; where both have the one same value, p = 1.
 *
 * @param testOverTrain n_test/n_train ≥ 0
 * @param level of the interval, in (0, 1)
 * @throws RangeError for a ratio or level that is none
 */
export function welch(a: readonly number[], b: readonly number[], testOverTrain = 0, level = 0.95): MeanTest {
  checkLevel(level);
  checkRatio(testOverTrain);
  const [own, other] = [momentsOf(a), momentsOf(b)];
  const n = Math.min(a.length, b.length);
  const none = { n, mean: null, error: null, interval: null, t: null, df: null, p: null };
  if (own.mean === null || other.mean === null) return { ...none, reason: worse(own.reason, other.reason) };
  const mean = own.mean - other.mean;
  if (own.sd === null || other.sd === null) return { ...none, mean, reason: 'one-value' };
  if (own.sd === 0 && other.sd === 0) return { ...none, mean, p: mean === 0 ? 1 : null, reason: 'no-spread' };
  const variance = (sd: number, count: number): number => sd * sd * (1 / count + testOverTrain);
  const [va, vb] = [variance(own.sd, a.length), variance(other.sd, b.length)];
  const error = Math.sqrt(va + vb);
  const df = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const t = mean / error;
  const half = error * studentUpperQuantile((1 - level) / 2, df);
  return { n, mean, error, interval: [mean - half, mean + half], t, df, p: studentTwoSided(t, df), reason: null };
}

const worse = (a: Reason | null, b: Reason | null): Reason =>
  a === 'not-finite' || b === 'not-finite' ? 'not-finite' : 'no-values';

export interface RankSum {
  /** R_a − n_a(N + 1)/2: above 0 where the first arm ranks higher. */
  readonly balance: number | null;
  readonly p: number | null;
  readonly reason: Reason | 'too-many' | null;
}

/** Beyond it the distribution would take seconds. */
const most = 250;

/**
 * The rank-sum test (Wilcoxon 1945; Mann and Whitney 1947): all values ranked together with shared ranks for ties, R_a the sum of the
 * first arm's. Exact given the ranks as they are: over all choices of n_a of the N places, by adding one rank at a time; two-sided, the
 * share of choices whose sum lies at least as far from its mean. Infinite values are legitimate: a failed run is the worst rank.
 *
 * No value in one of the arms, or NaN: null. More than 250 values: null (`too-many`).
 */
export function rankSum(a: readonly number[], b: readonly number[]): RankSum {
  const all = [...a, ...b];
  if (a.length === 0 || b.length === 0) return { balance: null, p: null, reason: 'no-values' };
  if (all.some(Number.isNaN)) return { balance: null, p: null, reason: 'not-finite' };
  if (all.length > most) return { balance: null, p: null, reason: 'too-many' };
  const doubled = ranks(all).map((rank) => Math.round(2 * rank));
  const total = all.length * (all.length + 1);
  const observed = doubled.slice(0, a.length).reduce((sum, rank) => sum + rank, 0);
  // In doubled ranks the mean is n_a(N + 1), a whole number.
  const mean = a.length * (all.length + 1);
  // [chosen so far][sum] → share of all orders in which that comes about.
  const chances = Array.from({ length: a.length + 1 }, () => new Float64Array(total + 1));
  (chances[0] as Float64Array)[0] = 1;
  for (const [place, rank] of doubled.entries()) {
    for (let chosen = Math.min(a.length, place + 1); chosen > 0; chosen--) {
      const [from, to] = [chances[chosen - 1], chances[chosen]];
      if (from === undefined || to === undefined) continue;
      for (let sum = total; sum >= rank; sum--) to[sum] = (to[sum] ?? 0) + (from[sum - rank] ?? 0);
    }
  }
  const counts = chances[a.length] ?? new Float64Array();
  const [far, every] = counts.reduce(
    ([outside, whole], count, sum) => [
      outside + (Math.abs(sum - mean) >= Math.abs(observed - mean) ? count : 0),
      whole + count,
    ],
    [0, 0],
  );
  return { balance: (observed - mean) / 2, p: Math.min(1, far / every), reason: null };
}

/** What there is of two arms that are not paired, counted by runs. */
export interface Sides {
  /** Values that there are. */
  readonly arm: readonly number[];
  readonly baseline: readonly number[];
  /** The same with failed runs as the worst. */
  readonly ranked: readonly [readonly number[], readonly number[]];
  /** Failed and undefined runs of both; nothing is paired, so that nothing lacks a partner. */
  readonly counts: Pairs;
}

export function sidesOf(arm: readonly SeedRecord[], baseline: readonly SeedRecord[], higherIsBetter: boolean): Sides {
  const worst = higherIsBetter ? -Infinity : Infinity;
  const known = (records: readonly SeedRecord[]): number[] =>
    records.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const ranked = (records: readonly SeedRecord[]): number[] =>
    records.flatMap(({ value }) => (value === null ? [] : [value === 'failed' ? worst : value]));
  const count = (records: readonly SeedRecord[], what: SeedValue): number =>
    records.filter(({ value }) => value === what).length;
  const [armFailures, baselineFailures] = [count(arm, 'failed'), count(baseline, 'failed')];
  return {
    arm: known(arm),
    baseline: known(baseline),
    ranked: [ranked(arm), ranked(baseline)],
    counts: {
      ...{ differences: [], ranked: [], armFailures, baselineFailures, unpaired: 0 },
      failedPairs: armFailures + baselineFailures,
      undefinedPairs: count(arm, null) + count(baseline, null),
    },
  };
}
