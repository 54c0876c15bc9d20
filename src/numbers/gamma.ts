/**
 * What is left of Γ after Stirling, and the regularized incomplete gamma function: about 1e-13 relative, tails included.
 */

/** Terms of a series or steps of a continued fraction before it is said that none of it converges. */
const limit = 100_000;

/**
 * δ(z) = ln Γ(z) − [(z − ½) ln z − z + ½ ln 2π], for z > 0: Stirling's series from 16 on, and below it the recurrence
 * δ(z) = δ(z+1) + (z + ½) ln(1 + 1/z) − 1 (Loader 2000, "Fast and accurate computation of binomial probabilities"). Densities
 * written with it lose no digits to differences of large logarithms.
 */
export function stirlingError(z: number): number {
  let shifted = z;
  let correction = 0;
  while (shifted < 16) {
    correction += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
    shifted += 1;
  }
  const inverse = 1 / (shifted * shifted);
  // Bernoulli numbers: B₂ₖ / (2k (2k−1) z^{2k−1}).
  const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];
  return correction + series.reduceRight((total, term) => total * inverse + term, 0) / shifted;
}

/**
 * The deviance x ln(x/m) + m − x ≥ 0 for x ≥ 0, m > 0, without cancellation near x = m (Loader 2000, `bd0`).
 */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  const difference = x - m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * Math.log(x / m) - difference;
  const ratio = difference / (x + m);
  let total = difference * ratio;
  let power = 2 * x * ratio;
  for (let odd = 3; odd < 200; odd += 2) {
    power *= ratio * ratio;
    const next = total + power / odd;
    if (next === total) break;
    total = next;
  }
  return total;
}

/** x^a e^{−x} / Γ(a), for a > 0, x > 0. */
function gammaFactor(a: number, x: number): number {
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-deviance(a, x) - stirlingError(a));
}

/** γ(a, x) / Γ(a) by its power series (DLMF 8.11.4): all terms are positive. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let total = term;
  for (let k = 1; k < limit; k += 1) {
    term *= x / (a + k);
    total += term;
    if (term < total * 1e-17) return total * gammaFactor(a, x);
  }
  throw new RangeError(`The incomplete gamma function did not converge at a = ${a}, x = ${x}.`);
}

/** Γ(a, x) / Γ(a) by Legendre's continued fraction, evaluated by Lentz's method (DLMF 8.9.2; Press et al., 6.2). */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < limit; k += 1) {
    const factor = k * (a - k);
    b += 2;
    d = 1 / nonzero(factor * d + b);
    c = nonzero(b + factor / c);
    h *= c * d;
    if (Math.abs(c * d - 1) < 3e-16) return h * gammaFactor(a, x);
  }
  throw new RangeError(`The incomplete gamma function did not converge at a = ${a}, x = ${x}.`);
}

/** Lentz's method divides by what may vanish on the way. */
export const nonzero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);

/**
 * P(a, x) = γ(a, x)/Γ(a) and Q = 1 − P, each with its own relative precision.
 *
 * @param a > 0
 * @param x ≥ 0
 * @throws RangeError outside these
 */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (!(a > 0 && Number.isFinite(a) && x >= 0)) throw new RangeError(`Incomplete gamma of a = ${a}, x = ${x}.`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  if (x < a + 1) {
    const lower = lowerSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = upperFraction(a, x);
  return { lower: 1 - upper, upper };
}

/**
 * The value that a χ² variable with `df` degrees of freedom stays below with probability `p`. Bisection on the logarithm
 * with Newton's steps where they stay inside: ln P(df/2, x/2) = ln p.
 *
 * @param p in (0, 1)
 * @param df > 0
 */
export function chiSquareQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1 && df > 0)) throw new RangeError(`χ² quantile of p = ${p} with ${df} degrees of freedom.`);
  const a = df / 2;
  // P(a, x) ≤ x^a / Γ(a + 1), so x is at least (p Γ(a + 1))^{1/a}; ln Γ(a + 1) = ln a + ln Γ(a).
  const logGamma = (a + 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + stirlingError(a);
  let low = (Math.log(p) + logGamma) / a;
  let high = Math.max(low, Math.log(a)) + 1;
  while (incompleteGamma(a, Math.exp(high)).lower < p) high += 1;
  let u = (low + high) / 2;
  for (let step = 0; step < 200; step += 1) {
    const x = Math.exp(u);
    const { lower, upper } = incompleteGamma(a, x);
    // The smaller of the two tails is compared: it is the one with digits.
    const off = p < 0.5 ? Math.log(lower / p) : Math.log((1 - p) / upper);
    if (off < 0) low = u;
    else high = u;
    const slope = gammaFactor(a, x) / (p < 0.5 ? lower : upper);
    const newton = u - off / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - u) <= 2e-16 * Math.max(1, Math.abs(u))) return 2 * Math.exp(next);
    u = next;
  }
  return 2 * Math.exp(u);
}
