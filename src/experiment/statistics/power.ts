/** How many seeds a t test needs. */
import { chiSquareQuantile } from '../../numbers/gamma.ts';
import { noncentralTCdf, noncentralTUpper } from '../../numbers/noncentral.ts';
import { normalUpper, normalUpperQuantile } from '../../numbers/normal.ts';
import { studentUpperQuantile } from '../../numbers/student.ts';
import { checkAlpha, checkRatio } from './moments.ts';

/** More seeds than this nobody runs; the search ends here. */
const most = 10_000_000;

/**
 * P(the two-sided paired t test rejects) for a true mean difference of `effect` standard deviations of the difference:
 * P(|T| > t_{1−alpha/2}), T noncentral with n − 1 degrees of freedom and δ = effect/√(1/n + n_test/n_train) (Cohen 1988).
 * Null for n = 1 and 0: there is no test.
 *
 * @param n pairs, an integer ≥ 0
 * @param effect finite; its sign changes nothing
 * @param testOverTrain n_test/n_train, for splits that vary (see `nadeauBengio`)
 * @throws RangeError for an n, effect, alpha or ratio that is none
 */
export function pairedTPower(n: number, effect: number, alpha: number, testOverTrain = 0): number | null {
  checkAlpha(alpha);
  checkRatio(testOverTrain);
  if (!(Number.isInteger(n) && n >= 0)) throw new RangeError(`A number of pairs is an integer from 0, not ${n}.`);
  if (!Number.isFinite(effect)) throw new RangeError(`An effect is a finite number, not ${effect}.`);
  if (n < 2) return null;
  return beyond(Math.abs(effect) / Math.sqrt(1 / n + testOverTrain), n - 1, alpha);
}

/** P(|T| > t_{1−alpha/2}) of a noncentral T. */
function beyond(delta: number, df: number, alpha: number): number {
  const critical = studentUpperQuantile(alpha / 2, df);
  return Math.min(1, noncentralTUpper(critical, df, delta) + noncentralTCdf(-critical, df, delta));
}

/**
 * The same for two arms that are not paired, n seeds each, with equal spread: `effect` is in standard deviations of an arm, T has
 * 2n − 2 degrees of freedom and δ = effect/√(2(1/n + n_test/n_train)) (Cohen 1988, ch. 2). Welch's test has a little less where
 * the spreads differ.
 */
export function unpairedTPower(n: number, effect: number, alpha: number, testOverTrain = 0): number | null {
  // Checks what it is given in the same way.
  if (pairedTPower(n, effect, alpha, testOverTrain) === null) return null;
  return beyond(Math.abs(effect) / Math.sqrt(2 * (1 / n + testOverTrain)), 2 * n - 2, alpha);
}

/**
 * The smallest n ≥ 2 with at least that power. Null where none to ten million has it: no effect, or splits that overlap so much
 * that more seeds teach nothing.
 *
 * @param power in (0, 1)
 * @throws RangeError as `pairedTPower`, and for a power outside
 */
export function pairedTSampleSize(effect: number, power: number, alpha: number, testOverTrain = 0): number | null {
  return smallest(pairedTPower, largestPower(effect, alpha, testOverTrain), { effect, power, alpha, testOverTrain });
}

/** The same for arms that are not paired: seeds of each. */
export function unpairedTSampleSize(effect: number, power: number, alpha: number, testOverTrain = 0): number | null {
  const largest = largestPower(effect, alpha, 2 * testOverTrain);
  return smallest(unpairedTPower, largest, { effect, power, alpha, testOverTrain });
}

interface Wanted {
  readonly effect: number;
  readonly power: number;
  readonly alpha: number;
  readonly testOverTrain: number;
}

function smallest(
  powerOf: typeof pairedTPower,
  largest: number,
  { effect, power, alpha, testOverTrain }: Wanted,
): number | null {
  if (!(power > 0 && power < 1)) throw new RangeError(`Power lies between 0 and 1: ${power} does not.`);
  const enough = (n: number): boolean => (powerOf(n, effect, alpha, testOverTrain) ?? 0) >= power;
  // With overlapping training sets more seeds bring the power no further than this: nobody need look for their number.
  if (testOverTrain > 0 && largest < power) return null;
  let high = 2;
  while (!enough(high)) {
    if (high >= most || effect === 0) return null;
    high = Math.min(most, high * 2);
  }
  let low = Math.max(1, Math.floor(high / 2));
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The power as n grows without end: the statistic is normal with mean |effect| ÷ √(n_test/n_train). */
function largestPower(effect: number, alpha: number, testOverTrain: number): number {
  if (testOverTrain === 0) return 1;
  const delta = Math.abs(effect) / Math.sqrt(testOverTrain);
  const critical = normalUpperQuantile(alpha / 2);
  return normalUpper(critical - delta) + normalUpper(critical + delta);
}

/**
 * The upper limit of a standard deviation that was estimated from n values: s √((n − 1)/χ²_{1−level, n−1}). A pilot's s is too
 * small more often than not; planning with its 80 % limit keeps the promised power (Browne 1995). Null for fewer than two.
 *
 * @throws RangeError for an s below 0, or a level outside (0, 1)
 */
export function upperLimitOfSd(sd: number, n: number, level = 0.8): number | null {
  if (!(sd >= 0 && sd < Infinity)) throw new RangeError(`A standard deviation is a number from 0, not ${sd}.`);
  if (!(level > 0 && level < 1)) throw new RangeError(`A level lies between 0 and 1: ${level} does not.`);
  return n < 2 ? null : sd * Math.sqrt((n - 1) / chiSquareQuantile(1 - level, n - 1));
}
