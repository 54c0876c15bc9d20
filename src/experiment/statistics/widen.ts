/**
 * Tests by ranks where training sets overlap. The t test has Nadeau and Bengio's variance s²(1/n + n_test/n_train), that is, the
 * differences share a part with the variance r s², r = n_test/n_train; no published test by ranks knows such a part, and without
 * regard to it the signed-rank test errs in about 18 % of comparisons instead of 5 %. Here its normal score shrinks by the root of
 * how much more the statistic varies. A run that failed is the worst whatever the others share: its rank adds nothing to that.
 */
import { normalUpper, normalUpperQuantile } from '../../numbers/normal.ts';
import { ranks } from './ranks.ts';

/**
 * z′ = z/√inflation, p′ = 2(1 − Φ(z′)).
 *
 * @param p two-sided
 * @param inflation of the statistic's variance, ≥ 1
 * @throws RangeError for less
 */
export function widened(p: number, inflation: number): number {
  if (!(inflation >= 1)) throw new RangeError(`A variance is inflated by at least 1, not ${inflation}.`);
  // A p of 1 has the score 0, which stays; one that underflowed has none.
  if (inflation === 1 || p >= 1 || p <= 0) return p;
  return Math.min(1, 2 * normalUpper(normalUpperQuantile(p / 2) / Math.sqrt(inflation)));
}

/**
 * Of the signed-rank statistic: the common part moves all finite differences at once, 1 + r(Σ_finite R)²/ΣR², where zeros have no
 * rank. With equal ranks and no failure that is 1 + n·r, as for the mean.
 *
 * @param ratio r
 */
export function signedRankInflation(differences: readonly number[], ratio: number): number {
  const values = differences.filter((value) => value !== 0);
  if (values.length === 0) return 1;
  const own = ranks(values.map(Math.abs));
  const squares = own.reduce((sum, rank) => sum + rank ** 2, 0);
  const moved = own.reduce((sum, rank, index) => sum + (Number.isFinite(values[index]) ? rank : 0), 0);
  return 1 + (ratio * moved ** 2) / squares;
}

/**
 * Of the rank sum of two arms, whose means vary by s²(1/m + r) and s²(1/n + r): a common part tells only in comparisons of two
 * finite values, a share q of all, 1 + 2q²r/(1/m + 1/n).
 *
 * @param ratio r
 */
export function rankSumInflation(a: readonly number[], b: readonly number[], ratio: number): number {
  if (a.length === 0 || b.length === 0) return 1;
  const finite = (values: readonly number[]): number => values.filter(Number.isFinite).length / values.length;
  return 1 + (2 * ratio * (finite(a) * finite(b)) ** 2) / (1 / a.length + 1 / b.length);
}
