/** The regularized incomplete beta function. */
import { deviance, nonzero, stirlingError } from './gamma.ts';

/**
 * x^a y^b Γ(a + b) / (Γ(a) Γ(b)), y = 1 − x. Written with deviances and Stirling errors (Loader 2000), so that large a and b
 * lose no digits.
 */
function betaFactor(a: number, b: number, x: number, y: number): number {
  const total = a + b;
  const exponent = deviance(a, total * x) + deviance(b, total * y);
  const rest = stirlingError(total) - stirlingError(a) - stirlingError(b);
  return Math.sqrt((a / total) * (b / (2 * Math.PI))) * Math.exp(rest - exponent);
}

/** The continued fraction of DLMF 8.17.22 by Lentz's method; quick for x < (a + 1)/(a + b + 2). */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / nonzero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 1_000_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 3e-16) return h;
  }
  throw new RangeError(`The incomplete beta function did not converge at a = ${a}, b = ${b}, x = ${x}.`);
}

/**
 * I_x(a, b) = ∫₀ˣ t^{a−1} (1−t)^{b−1} dt / B(a, b), to about 1e-13 relative also where it is tiny.
 *
 * @param a > 0
 * @param b > 0
 * @param x in [0, 1]
 * @param y 1 − x, given where it is known better than the subtraction tells
 * @param factor x^a y^b / B(a, b), given where somebody knows a better way to it
 * @throws RangeError outside these
 */
export function incompleteBeta(
  a: number,
  b: number,
  x: number,
  y: number = 1 - x,
  factor: (a: number, b: number, x: number, y: number) => number = betaFactor,
): number {
  if (!(a > 0 && b > 0 && Number.isFinite(a + b) && x >= 0 && y >= 0 && x <= 1 && y <= 1)) {
    throw new RangeError(`Incomplete beta of a = ${a}, b = ${b}, x = ${x}.`);
  }
  if (x === 0) return 0;
  if (y === 0) return 1;
  if (x < (a + 1) / (a + b + 2)) return (factor(a, b, x, y) * fraction(a, b, x)) / a;
  return 1 - (factor(a, b, x, y) * fraction(b, a, y)) / b;
}
