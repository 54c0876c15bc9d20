/**
 * CAGrad's problem on the simplex: min g_w·g₀ + s ‖g_w‖ with g_w = Σ wᵢ gᵢ, g₀ = Σ rᵢ gᵢ, s = c ‖g₀‖.
 *
 * ‖v‖ = min over κ > 0 of (‖v‖²/(κ s) + κ s) / 2 turns it into shortest vectors of the shifted rows gᵢ + κ g₀ (exact, by
 * Wolfe's method) and one root: the κ at which ‖g_w‖ = κ s. On a fixed support that root has a closed form.
 */
import { at, cosinesOf, dot, form, multiply, part, pick, plus, solve } from './linear.ts';
import type { Matrix, Numbers } from './linear.ts';
import { minNormPoint } from './min-norm.ts';
import type { Solution } from './types.ts';

const limit = 120;

/** Weights of the shortest vector of the hull of the rows gᵢ + κ g₀. */
function shifted(gram: Matrix, b: Numbers, square: number, kappa: number): number[] {
  const moved = gram.map((values, i) =>
    values.map((value, j) => value + kappa * (at(b, i) + at(b, j)) + kappa * kappa * square),
  );
  return minNormPoint(moved.map((values, i) => values.map((v, j) => (i === j ? Math.max(v, 0) : v)))).x;
}

/**
 * On a fixed support w(κ) = p + κ d, where ‖g_w‖² = pᵀGp + κ² dᵀGd, so that the root is κ² = pᵀGp / (s² − dᵀGd).
 *
 * @returns the weights at the root, null where they leave the simplex or the system is singular
 */
function closedForm(gram: Matrix, b: Numbers, s: number, support: Numbers): number[] | null {
  const inner = part(gram, support);
  const { norms, cosines } = cosinesOf(inner);
  const least = Math.min(...norms);
  const c = norms.map((norm) => least / norm);
  const system = [...cosines.map((values, i) => [...values, at(c, i)]), [...c, 0]];
  const start = solve(system, [...support.map(() => 0), 1]);
  const slope = solve(system, [...pick(b, support).map((value, i) => -value / at(norms, i) / least), 0]);
  if (!start || !slope) return null;
  const weigh = (v: number[]) => v.slice(0, -1).map((value, i) => value * at(c, i));
  const [p, d] = [weigh(start), weigh(slope)];
  const rest = s * s - form(inner, d);
  if (!(rest > 0)) return null;
  const found = plus(p, d, Math.sqrt(Math.max(form(inner, p), 0) / rest));
  if (!found.every((value) => value >= 0)) return null;
  const w = gram.map(() => 0);
  for (const [index, position] of support.entries()) w[position] = at(found, index);
  return w;
}

/** Violation of optimality: no vertex may lower the objective, relative to its size. */
function violation(gram: Matrix, b: Numbers, s: number, w: Numbers): number {
  const products = multiply(gram, w);
  const norm = Math.sqrt(Math.max(dot(products, w), 0));
  const value = dot(b, w) + s * norm;
  if (norm === 0) return Infinity;
  const { norms } = cosinesOf(gram);
  return Math.max(
    ...products.map((product, i) => {
      const along = at(b, i) + (s * product) / norm;
      return (value - along) / Math.max(s * at(norms, i), Math.abs(at(b, i)), Number.MIN_VALUE);
    }),
  );
}

/**
 * @param gram G = J Jᵀ [T][T]
 * @param r preferences (Σr = 1) of g₀
 * @param c radius, ≥ 0
 * @returns simplex weights w; `residual` is the violation of optimality. ‖g_w‖ = 0 means a Pareto stationary point.
 */
export function conflictAverse(gram: Matrix, r: Numbers, c: number): Solution {
  const b = multiply(gram, r);
  const square = Math.max(dot(b, r), 0);
  const s = c * Math.sqrt(square);
  const shortest = minNormPoint(gram);
  if (s === 0) return shortest;
  const largest = Math.sqrt(Math.max(...gram.map((values, i) => at(values, i))));
  let [low, high] = [Math.log(1e-10 * (largest / s)), Math.log((4 * largest) / s)];
  let best: Solution = { x: shortest.x, converged: false, iterations: 0, residual: Infinity };
  for (let iteration = 1; iteration <= limit; iteration += 1) {
    const kappa = Math.exp((low + high) / 2);
    const w = shifted(gram, b, square, kappa);
    const support = w.flatMap((value, index) => (value > 0 ? [index] : []));
    for (const candidate of [closedForm(gram, b, s, support), w]) {
      if (!candidate) continue;
      const residual = violation(gram, b, s, candidate);
      if (residual < best.residual)
        best = { x: candidate, converged: residual < 1e-9, iterations: iteration, residual };
    }
    if (best.residual < 1e-14 || high - low < 1e-15 * Math.abs(high)) break;
    if (Math.sqrt(Math.max(form(gram, w), 0)) > kappa * s) low = Math.log(kappa);
    else high = Math.log(kappa);
  }
  // Where the hull holds 0 the objective is 0 there; unless another point lies below, that one is the answer: the point
  // is Pareto stationary.
  const norm = (w: Numbers): number => Math.sqrt(Math.max(form(gram, w), 0));
  const lower = dot(b, best.x) + s * norm(best.x) < -1e-10 * largest * largest;
  if (norm(shortest.x) <= 1e-7 * largest && !lower) return { ...shortest, iterations: best.iterations };
  return best;
}
