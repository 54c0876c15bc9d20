/**
 * Student's t distribution: about 1e-13 relative in both tails, for real degrees of freedom > 0; with more than some 10⁴ of
 * them it loses digits slowly (1e-11 at 10⁶).
 */
import { incompleteBeta } from './beta.ts';
import { stirlingError } from './gamma.ts';

function check(df: number): void {
  if (!(df > 0 && Number.isFinite(df))) throw new RangeError(`Student's t needs degrees of freedom > 0, not ${df}.`);
}

/** ln of the density at 0: ln [Γ((ν+1)/2) / (√(νπ) Γ(ν/2))]. */
function logPeak(df: number): number {
  const half = df / 2;
  // With Stirling's form of both Γ the large terms leave half·ln(1 + 1/(2·half)) − ½ and ½ ln(1/2π).
  const rest = half * Math.log1p(0.5 / half) - 0.5;
  return rest + stirlingError(half + 0.5) - stirlingError(half) - 0.5 * Math.log(2 * Math.PI);
}

/** ln of the density at `t` ≥ 0, also where t² is too large for a number. */
function logDensity(t: number, df: number): number {
  const logOnePlusSquare = t > 1e100 ? 2 * Math.log(t) - Math.log(df) : Math.log1p((t / Math.sqrt(df)) ** 2);
  return logPeak(df) - ((df + 1) / 2) * logOnePlusSquare;
}

/** Density at `t`. */
export function studentDensity(t: number, df: number): number {
  check(df);
  return Math.exp(logDensity(Math.abs(t), df));
}

/** t times the density at `t` > 0, which may be a number where the density is too small for one. */
function timesDensity(t: number, df: number): number {
  const density = studentDensity(t, df);
  return density > 1e-280 ? t * density : Math.exp(Math.log(t) + logDensity(t, df));
}

/**
 * P(T > t) = ½ I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0 (Abramowitz and Stegun 26.7.1). One and two degrees of freedom have closed
 * forms; far out the others have one of their own, so that no t is too large.
 */
export function studentUpper(t: number, df: number): number {
  check(df);
  if (Number.isNaN(t)) throw new RangeError("Student's t distribution of NaN.");
  if (t < 0) return 1 - studentUpper(-t, df);
  if (t === Infinity) return 0;
  if (df === 1) return t > 1 ? Math.atan(1 / t) / Math.PI : 0.5 - Math.atan(t) / Math.PI;
  if (df === 2) {
    const root = Math.hypot(t, Math.SQRT2);
    return 1 / root / (root + t);
  }
  const square = (t / Math.sqrt(df)) ** 2;
  // Far out the tail is t times the density through ν; 1/(1 + t²/ν) may be too small for a number there.
  if (square > 1e30) return timesDensity(t, df) / df;
  // x^{ν/2} y^{½} / B(ν/2, ½) is t times the density, which keeps its digits for many degrees of freedom.
  return incompleteBeta(df / 2, 0.5, 1 / (1 + square), square / (1 + square), () => timesDensity(t, df)) / 2;
}

/** P(T ≤ t). */
export const studentCdf = (t: number, df: number): number => studentUpper(-t, df);

/** P(|T| ≥ |t|): the two-sided p of a t statistic. */
export const studentTwoSided = (t: number, df: number): number => 2 * studentUpper(Math.abs(t), df);

/** Newton from 0: the tail is convex for t > 0, so the steps grow towards the root and never pass it. */
function centralQuantile(p: number, df: number): number {
  let t = 0;
  for (let step = 0; step < 100; step += 1) {
    const move = (studentUpper(t, df) - p) / studentDensity(t, df);
    t += move;
    if (Math.abs(move) <= 1e-16 * Math.abs(t)) break;
  }
  return t;
}

/**
 * Newton on ln P(T > eᵘ) = ln p from above. The tail is at most c ν^{(ν−1)/2} t^{−ν}, c the density at 0, which gives the
 * first u; where that tail is too small for a number, it is halved instead. Infinity where t is too large for a number.
 */
function tailQuantile(p: number, df: number): number {
  if (studentUpper(Number.MAX_VALUE, df) > p) return Infinity;
  let low = Math.log(1e-3);
  let u = (logPeak(df) + ((df - 1) / 2) * Math.log(df) - Math.log(p)) / df;
  for (let step = 0; step < 400; step += 1) {
    const t = Math.exp(u);
    const upper = studentUpper(t, df);
    if (upper > p) low = Math.max(low, u);
    const slope = timesDensity(t, df) / upper;
    const next = upper > 0 ? u + Math.log(upper / p) / slope : (low + u) / 2;
    if (Math.abs(next - u) <= 2e-16 * Math.max(1, Math.abs(u))) return Math.exp(next);
    u = next;
  }
  return Math.exp(u);
}

/** Quantiles that were asked for: a comparison asks for the same few thousands of times. */
const found = new Map<string, number>();
const mostFound = 1000;

/**
 * The t with P(T > t) = p.
 *
 * @param p in (0, 1)
 * @throws RangeError outside
 */
export function studentUpperQuantile(p: number, df: number): number {
  const key = `${p} ${df}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const value = upperQuantile(p, df);
  if (found.size >= mostFound) found.clear();
  found.set(key, value);
  return value;
}

function upperQuantile(p: number, df: number): number {
  check(df);
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile of Student's t needs a probability in (0, 1), not ${p}.`);
  if (p > 0.5) return -upperQuantile(1 - p, df);
  if (p === 0.5) return 0;
  if (df === 1) return 1 / Math.tan(Math.PI * p);
  if (df === 2) return (1 - 2 * p) / Math.sqrt(2 * p * (1 - p));
  return p > 0.1 ? centralQuantile(p, df) : tailQuantile(p, df);
}
