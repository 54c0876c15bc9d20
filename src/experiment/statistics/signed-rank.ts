/** Wilcoxon's signed-rank test, exact with ties. */
import type { Reason } from './contract.ts';
import { ranks } from './ranks.ts';

export interface SignedRank {
  /** Differences other than 0. */
  readonly n: number;
  /** min(T⁺, T⁻). */
  readonly statistic: number | null;
  /** T⁺ − T⁻: above 0 where positive differences rank higher. */
  readonly balance: number | null;
  readonly p: number | null;
  readonly reason: Reason | 'too-many' | null;
}

/** Beyond it 2⁻ⁿ is no number, and the distribution would take seconds. */
const most = 1000;

/**
 * Wilcoxon (1945): zeros are dropped, |d| ranked with shared ranks for ties, T⁺ and T⁻ summed. p is exact given the ranks as
 * they are, ties included: the distribution of T⁺ over all 2ⁿ signs by adding one rank at a time (in half ranks, O(n³)); two-
 * sided, p = min(1, 2 P(T ≤ min(T⁺, T⁻))).
 *
 * An infinite difference is a legitimate one: it ranks above every finite one (a failed run is the worst rank). Only zeros:
 * statistic 0, p = 1. No difference, or NaN: null. More than 1000: null (`too-many`).
 */
export function signedRank(differences: readonly number[]): SignedRank {
  const values = differences.filter((value) => value !== 0);
  const n = values.length;
  if (differences.length === 0) return { n, statistic: null, balance: null, p: null, reason: 'no-values' };
  if (differences.some(Number.isNaN)) return { n, statistic: null, balance: null, p: null, reason: 'not-finite' };
  if (n > most) return { n, statistic: null, balance: null, p: null, reason: 'too-many' };
  const doubled = ranks(values.map(Math.abs)).map((rank) => Math.round(2 * rank));
  const total = n * (n + 1);
  const positive = doubled.reduce((sum, rank, i) => sum + ((values[i] ?? 0) > 0 ? rank : 0), 0);
  const smaller = Math.min(positive, total - positive);
  const chances = new Float64Array(total + 1);
  chances[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum -= 1) {
      chances[sum] = ((chances[sum] ?? 0) + (sum >= rank ? (chances[sum - rank] ?? 0) : 0)) / 2;
    }
  }
  const below = chances.subarray(0, smaller + 1).reduce((sum, chance) => sum + chance, 0);
  return { n, statistic: smaller / 2, balance: positive - total / 2, p: Math.min(1, 2 * below), reason: null };
}
