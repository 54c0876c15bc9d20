/** The sign-flip test: under the null hypothesis every difference is as likely as its negative. */
import { keyed } from '../../numbers/random.ts';
import type { Reason } from './contract.ts';

export interface SignFlip {
  readonly n: number;
  readonly p: number | null;
  /** `exact`: all 2ⁿ patterns were counted. `monte-carlo`: `draws` of them, drawn at random. */
  readonly method: 'exact' | 'monte-carlo';
  readonly draws: number | null;
  readonly reason: Reason | null;
}

/** Up to so many differences the patterns are counted: two halves of 2²⁰ sums each. */
export const exactSignFlips = 40;
/** Patterns drawn above it. */
const drawn = 100_000;
/** Sums that differ by no more than this share of Σ|d| are tied; what rounding can do is a hundredth of it. */
const tied = 1e-12;

/** All sums ±d₁ ± d₂ …, ascending: each value merges the list moved down with the list moved up. */
function sortedSums(values: readonly number[]): Float64Array {
  let sums = new Float64Array(1);
  for (const value of values) {
    const size = Math.abs(value);
    const next = new Float64Array(sums.length * 2);
    for (let place = 0, down = 0, up = 0; place < next.length; place += 1) {
      const lower = (sums[down] ?? Infinity) - size;
      const higher = (sums[up] ?? Infinity) + size;
      if (lower <= higher) {
        next[place] = lower;
        down += 1;
      } else {
        next[place] = higher;
        up += 1;
      }
    }
    sums = next;
  }
  return sums;
}

/** Pairs (a, b) with a + b ≥ bound, of two ascending lists. */
function pairsFrom(a: Float64Array, b: Float64Array, bound: number): number {
  let count = 0;
  let first = b.length;
  for (const value of a) {
    while (first > 0 && value + (b[first - 1] ?? 0) >= bound) first -= 1;
    count += b.length - first;
  }
  return count;
}

/**
 * Two-sided p of the mean difference: the share of the 2ⁿ patterns of signs whose |mean| is at least the one observed (Fisher
 * 1935, §21); ties, to 1e-12 of Σ|d|, count as at least as extreme. Exact to n = 40: sums of both halves, sorted, are
 * matched in O(2^{n/2}) (Horowitz and Sahni 1974; Pagano and Tritchler 1983 count as many). Above that 100,000 patterns are
 * drawn with a fixed seed and p = (1 + as extreme)/(1 + drawn), which never errs downwards (Phipson and Smyth 2010); the result
 * says so.
 *
 * One difference, or only zeros: p = 1. None, or one that is not finite: null.
 */
export function signFlip(differences: readonly number[], seed = 1): SignFlip {
  const n = differences.length;
  const none = { n, p: null, method: 'exact', draws: null } as const;
  if (n === 0) return { ...none, reason: 'no-values' };
  if (!differences.every(Number.isFinite)) return { ...none, reason: 'not-finite' };
  const size = Math.max(...differences.map(Math.abs));
  // A zero's sign changes no sum: half of the patterns with and half without it.
  const values = differences.filter((value) => value !== 0).map((value) => value / size);
  const observed = Math.abs(values.reduce((total, value) => total + value, 0));
  const bound = observed - tied * values.reduce((total, value) => total + Math.abs(value), 0);
  if (values.length > exactSignFlips) {
    return { n, p: sampled(values, bound, seed), method: 'monte-carlo', draws: drawn, reason: null };
  }
  if (bound <= 0) return { ...none, p: 1, reason: null };
  const half = values.length >> 1;
  const count = 2 * pairsFrom(sortedSums(values.slice(0, half)), sortedSums(values.slice(half)), bound);
  return { ...none, p: Math.min(1, count / 2 ** values.length), reason: null };
}

function sampled(values: readonly number[], bound: number, seed: number): number {
  const random = keyed(seed, 'sign-flip', values.length);
  let extreme = 0;
  for (let draw = 0; draw < drawn; draw += 1) {
    let total = 0;
    let bits = 0;
    for (const [i, value] of values.entries()) {
      if (i % 32 === 0) bits = random.bits();
      total += (bits & 1) === 1 ? value : -value;
      bits >>>= 1;
    }
    if (Math.abs(total) >= bound) extreme += 1;
  }
  return (1 + extreme) / (1 + drawn);
}
