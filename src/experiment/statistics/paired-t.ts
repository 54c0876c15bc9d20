/** The paired t test, and its correction for training sets that overlap. */
import { studentTwoSided, studentUpperQuantile } from '../../numbers/student.ts';
import type { MeanTest } from './contract.ts';
import { checkLevel, checkRatio, momentsOf } from './moments.ts';

/**
 * Student's t test of mean difference 0 with its interval: t = d̄ / (s/√n), n − 1 degrees of freedom, two-sided
 * (Student 1908).
 *
 * No difference: all null (`no-values`). One: its mean alone (`one-value`). A value that is not finite: all null
 * (`not-finite`). All equal to 1e-12 (`no-spread`): the mean alone. SciPy gives t = ±∞ and p = 0 there; but equal differences
 * come of a coarse metric or of seeds that change nothing, and no normal distribution has them, so that p would be wrong. Only
 * where all are 0 is p = 1: then no test whatever has seen a difference.
 *
 * @param differences one a pair
 * @param level of the interval, in (0, 1)
 * @throws RangeError for a level outside
 */
export function pairedT(differences: readonly number[], level = 0.95): MeanTest {
  return correctedT(differences, 0, level);
}

/**
 * The same with the variance s²(1/n + n_test/n_train): with splits drawn anew for every seed the training sets overlap, and
 * s²/n is far too small (Nadeau and Bengio 2003, "Inference for the generalization error", equation 12).
 *
 * @param testOverTrain n_test/n_train ≥ 0
 */
export function nadeauBengio(differences: readonly number[], testOverTrain: number, level = 0.95): MeanTest {
  return correctedT(differences, testOverTrain, level);
}

function correctedT(differences: readonly number[], testOverTrain: number, level: number): MeanTest {
  checkLevel(level);
  checkRatio(testOverTrain);
  const { n, mean, sd, reason } = momentsOf(differences);
  const df = n > 1 && reason !== 'not-finite' ? n - 1 : null;
  if (mean === null || sd === null || df === null || reason !== null) {
    const p = reason === 'no-spread' && mean === 0 ? 1 : null;
    return { n, mean, error: null, interval: null, t: null, df, p, reason };
  }
  const error = sd * Math.sqrt(1 / n + testOverTrain);
  const t = mean / error;
  const half = error * studentUpperQuantile((1 - level) / 2, df);
  return { n, mean, error, interval: [mean - half, mean + half], t, df, p: studentTwoSided(t, df), reason: null };
}
