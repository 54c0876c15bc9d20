/** Mean and standard deviation, and the cases in which there is none. */
import type { Reason } from './contract.ts';

export interface Moments {
  readonly n: number;
  readonly mean: number | null;
  /** With n − 1; null with fewer than two values. */
  readonly sd: number | null;
  readonly reason: Reason | null;
}

/** Spread below this share of the largest value is rounding. */
const rounding = 1e-12;

/** Sum with the lost digits carried along (Neumaier 1974). */
function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/**
 * Mean and sd (n − 1) of the values. `reason` says what is missing: nothing is there (`no-values`), one value (`one-value`: a
 * mean without sd), a value that is not finite (`not-finite`: neither), no spread beyond rounding (`no-spread`: sd is 0).
 */
export function momentsOf(values: readonly number[]): Moments {
  const n = values.length;
  if (n === 0) return { n, mean: null, sd: null, reason: 'no-values' };
  if (!values.every(Number.isFinite)) return { n, mean: null, sd: null, reason: 'not-finite' };
  const size = Math.max(...values.map(Math.abs));
  if (size === 0) return { n, mean: 0, sd: n > 1 ? 0 : null, reason: n > 1 ? 'no-spread' : 'one-value' };
  // In units of the largest value, so that squares neither overflow nor vanish.
  const scaled = values.map((value) => value / size);
  const mean = sum(scaled) / n;
  if (n === 1) return { n, mean: values[0] ?? null, sd: null, reason: 'one-value' };
  const sd = Math.sqrt(sum(scaled.map((value) => (value - mean) ** 2)) / (n - 1));
  if (sd <= rounding) return { n, mean: mean * size, sd: 0, reason: 'no-spread' };
  return { n, mean: mean * size, sd: sd * size, reason: null };
}

/** A level of confidence, in (0, 1). */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`A level of confidence lies between 0 and 1: ${level} does not.`);
}

/** The share of errors that is allowed, in (0, 1). */
export function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha lies between 0 and 1: ${alpha} does not.`);
}

/** n_test/n_train, finite and not negative. */
export function checkRatio(testOverTrain: number): void {
  if (!(testOverTrain >= 0 && testOverTrain < Infinity)) {
    throw new RangeError(`n_test/n_train is a number from 0: ${testOverTrain} is not.`);
  }
}
