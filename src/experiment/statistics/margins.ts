/** "No worse" and "as good as", for a declared margin in the metric's unit. */
import { studentUpper, studentUpperQuantile } from '../../numbers/student.ts';
import type { Interval, MeanTest, Reason } from './contract.ts';
import { checkLevel } from './moments.ts';
import { nadeauBengio } from './paired-t.ts';

export interface Equivalence {
  /** The larger of the two one-sided p. */
  readonly p: number | null;
  /** Of level 2·level − 1. */
  readonly interval: Interval | null;
  readonly equivalent: boolean;
  readonly reason: Reason | null;
}

export interface NonInferiority {
  /** One-sided: below the mean where higher is better, above it where lower is. */
  readonly bound: number | null;
  readonly p: number | null;
  readonly nonInferior: boolean;
  readonly reason: Reason | null;
}

function checkMargin(margin: number): void {
  if (!(margin > 0 && margin < Infinity)) throw new RangeError(`A margin is a number above 0: ${margin} is not.`);
}

/**
 * Two one-sided t tests (Schuirmann 1987): p = max(P(T > (d̄ + margin)/se), P(T < (d̄ − margin)/se)); equivalent where
 * p < 1 − level, which is where the interval of level 2·level − 1 lies inside ±margin. Fewer than two differences, no spread, a
 * value that is not finite: null with the reason, and never equivalent.
 *
 * @param level of each one-sided test, in (½, 1)
 * @param testOverTrain n_test/n_train, for splits that vary (see `nadeauBengio`)
 * @throws RangeError for a margin not above 0, or a level outside
 */
export function equivalence(
  differences: readonly number[],
  margin: number,
  level = 0.95,
  testOverTrain = 0,
): Equivalence {
  return equivalenceOf(nadeauBengio(differences, testOverTrain), margin, level);
}

/** The same of any mean with its standard error and degrees of freedom. */
export function equivalenceOf(
  { mean, error, df, reason }: Pick<MeanTest, 'mean' | 'error' | 'df' | 'reason'>,
  margin: number,
  level: number,
): Equivalence {
  checkMargin(margin);
  if (!(level > 0.5)) throw new RangeError(`The level of two one-sided tests is above 0.5: ${level} is not.`);
  checkLevel(level);
  if (mean === null || error === null || df === null) return { p: null, interval: null, equivalent: false, reason };
  const half = error * studentUpperQuantile(1 - level, df);
  const p = Math.max(studentUpper((mean + margin) / error, df), studentUpper((margin - mean) / error, df));
  return { p, interval: [mean - half, mean + half], equivalent: p < 1 - level, reason: null };
}

/**
 * The one-sided t test against the margin: with higher is better the lower bound d̄ − t·se must lie above −margin, with lower is
 * better the upper bound d̄ + t·se below margin. Fewer than two differences, no spread, a value that is not finite: null with
 * the reason, and never non-inferior.
 *
 * @param differences arm − baseline
 * @param level of the bound, in (0, 1)
 * @param testOverTrain n_test/n_train, for splits that vary
 * @throws RangeError for a margin not above 0, or a level outside
 */
export function nonInferiority(
  differences: readonly number[],
  margin: number,
  higherIsBetter: boolean,
  level = 0.95,
  testOverTrain = 0,
): NonInferiority {
  return nonInferiorityOf(nadeauBengio(differences, testOverTrain), margin, higherIsBetter, level);
}

/** The same of any mean with its standard error and degrees of freedom. */
export function nonInferiorityOf(
  { mean, error, df, reason }: Pick<MeanTest, 'mean' | 'error' | 'df' | 'reason'>,
  margin: number,
  higherIsBetter: boolean,
  level: number,
): NonInferiority {
  checkMargin(margin);
  checkLevel(level);
  if (mean === null || error === null || df === null) return { bound: null, p: null, nonInferior: false, reason };
  const sign = higherIsBetter ? 1 : -1;
  const bound = mean - sign * error * studentUpperQuantile(1 - level, df);
  const p = studentUpper((sign * mean + margin) / error, df);
  return { bound, p, nonInferior: p < 1 - level, reason: null };
}
