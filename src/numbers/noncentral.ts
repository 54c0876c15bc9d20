/** The noncentral t distribution, which the power of a t test follows. */
import { stirlingError } from './gamma.ts';
import { normalDensity, normalUpper } from './normal.ts';
import { integral } from './quadrature.ts';

/** ln P(Z > x), also where the tail itself is too small for a number (asymptotic series, DLMF 7.12.1). */
function logNormalUpper(x: number): number {
  if (x < 30) return Math.log(normalUpper(x));
  const square = 1 / (x * x);
  const series = 1 - square * (1 - 3 * square * (1 - 5 * square * (1 - 7 * square * (1 - 9 * square))));
  return -(x * x) / 2 - Math.log(x) - 0.5 * Math.log(2 * Math.PI) + Math.log(series);
}

/** φ(x) / P(Z > x). */
const hazard = (x: number): number => (x < 30 ? normalDensity(x) / normalUpper(x) : x + 1 / x);

/** Where a function that is positive at `low` and negative at `high` changes its sign, to 2⁻⁵⁰ of the way. */
function crossing(f: (v: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let step = 0; step < 50; step += 1) {
    const middle = (a + b) / 2;
    if (f(middle) > 0) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/** How far below its peak, in natural logarithms, the integrand is left out: e^{−45} = 3e-20. */
const depth = 45;
/** No peak and no end of what counts lies below e^{−700}. */
const lowest = -700;

/**
 * P(T > t) for T = (Z + δ)/S with S = √(χ²_ν/ν): ∫ P(Z > t s − δ) f(s) ds (Johnson, Kotz and Balakrishnan, ch. 31),
 * f(s) = 2 (ν/2)^{ν/2}/Γ(ν/2) · s^{ν−1} e^{−νs²/2}. In v = ln s the integrand is smooth, positive and has one peak; the peak
 * and the points where it has fallen by e^{−45} are found by bisection, and Gauss–Legendre panels between them give about
 * 1e-12 relative, in the tails too.
 *
 * @param t finite
 * @param df ≥ 1
 * @param delta the noncentrality δ, finite
 * @throws RangeError outside these
 */
export function noncentralTUpper(t: number, df: number, delta: number): number {
  if (!(df >= 1 && Number.isFinite(df) && Number.isFinite(t) && Number.isFinite(delta))) {
    throw new RangeError(`Noncentral t at ${t} with ${df} degrees of freedom and noncentrality ${delta}.`);
  }
  // With Stirling's form of Γ nothing large is subtracted: ν v − ν (e^{2v} − 1)/2 is small where it counts.
  const constant = 0.5 * Math.log(df / Math.PI) - stirlingError(df / 2);
  const log = (v: number): number =>
    logNormalUpper(t * Math.exp(v) - delta) + constant + df * v - (df * Math.expm1(2 * v)) / 2;
  const slope = (v: number): number => {
    const s = Math.exp(v);
    return df * (1 - s * s) - t * s * hazard(t * s - delta);
  };
  const peak = crossing(slope, lowest, Math.log(2 + Math.abs(delta)));
  const height = log(peak);
  const from = crossing((v) => height - depth - log(v), lowest, peak);
  const to = crossing((v) => log(v) - height + depth, peak, peak + 10);
  // With few degrees of freedom the left end is far away, and what happens near the peak needs narrow panels all the same.
  const panels = 16 + Math.ceil(4 * (to - from));
  return Math.exp(height) * integral((v) => Math.exp(log(v) - height), from, to, panels);
}

/** P(T ≤ t): −T has noncentrality −δ. */
export const noncentralTCdf = (t: number, df: number, delta: number): number => noncentralTUpper(-t, df, -delta);
