/** The normal distribution: about 1e-15 relative in the middle and 1e-14 in both tails. */

/** φ(x) = e^{−x²/2}/√(2π). The square is split, so that the rounding of x² costs no digits far out (Cody 1969). */
export function normalDensity(x: number): number {
  if (Math.abs(x) > 40) return 0;
  const near = Math.round(x * 16) / 16;
  return (Math.exp((-near * near) / 2) * Math.exp((-(x - near) * (x + near)) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Φ(x) − ½ = φ(x) (x + x³/3 + x⁵/(3·5) + …): all terms have one sign (Marsaglia 2004). */
function central(x: number): number {
  let term = x;
  let total = x;
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(total); odd += 2) {
    term *= (x * x) / odd;
    total += term;
  }
  return total * normalDensity(x);
}

/** 1 − Φ(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), for x ≥ 2 (Laplace; DLMF 7.9). */
function tail(x: number): number {
  const depth = Math.ceil(20 + 400 / (x * x));
  let fraction = x;
  for (let k = depth; k >= 1; k -= 1) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}

/** P(Z > x). */
export function normalUpper(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('The normal distribution of NaN.');
  if (x >= 2) return tail(x);
  return x <= -2 ? 1 - tail(-x) : 0.5 - central(x);
}

/** Φ(x) = P(Z ≤ x). */
export const normalCdf = (x: number): number => normalUpper(-x);

/**
 * The z with P(Z > z) = p: the rational start of Abramowitz and Stegun 26.2.23 and Newton's steps on the logarithm of the
 * tail, ln(1 − Φ(z)) = ln p, which end at the precision of `normalUpper`.
 *
 * @param p in (0, 1)
 * @throws RangeError outside
 */
export function normalUpperQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A normal quantile needs a probability in (0, 1), not ${p}.`);
  if (p > 0.5) return -normalUpperQuantile(1 - p);
  const r = Math.sqrt(-2 * Math.log(p));
  let z = r - (2.515517 + r * (0.802853 + r * 0.010328)) / (1 + r * (1.432788 + r * (0.189269 + r * 0.001308)));
  for (let step = 0; step < 20; step += 1) {
    const upper = normalUpper(z);
    const move = (Math.log(upper / p) * upper) / normalDensity(z);
    z += move;
    if (Math.abs(move) <= 2e-16 * Math.abs(z)) break;
  }
  return z;
}

/** The z with Φ(z) = p, p in (0, 1). A small upper tail is better asked of `normalUpperQuantile`. */
export const normalQuantile = (p: number): number => -normalUpperQuantile(p);
