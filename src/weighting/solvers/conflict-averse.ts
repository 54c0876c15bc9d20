/**
 * CAGrad's problem on the simplex: min g_w·g₀ + s ‖g_w‖ with g_w = Σ wᵢ gᵢ, g₀ = Σ rᵢ gᵢ, s = c ‖g₀‖.
 *
 * The objective is convex, and on the affine hull of a support its lowest point has a closed form: an active set moves
 * there, drops what would become negative and takes in what still descends, as in Wolfe's method. Where that stops (near a
 * Pareto stationary point, or where the objective falls without end on a hull) a slower way finds the answer:
 * ‖v‖ = min over κ > 0 of (‖v‖²/(κ s) + κ s) / 2 turns it into shortest vectors of the shifted rows gᵢ + κ g₀ (exact, by
 * Wolfe's method) and one root: the κ at which ‖g_w‖ = κ s. On a fixed support that root has a closed form.
 */
import { at, cosinesOf, dot, epsilon, filled, form, multiply, part, pick, plus, solve } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import { minNormPoint } from './min-norm.ts';
import type { Solution } from './contract.ts';

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
 * @returns the weights of the support at the root, of any sign; where the objective falls without end along d, that
 * direction; null where the system is singular
 */
function onHull(
  gram: Matrix,
  b: Numbers,
  s: number,
  support: Numbers,
): { readonly point?: number[]; readonly ray?: number[] } | null {
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
  if (!(rest > 0)) return { ray: d };
  return { point: plus(p, d, Math.sqrt(Math.max(form(inner, p), 0) / rest)) };
}

function spread(count: number, support: Numbers, values: Numbers): number[] {
  const w = filled(count, 0);
  for (const [index, position] of support.entries()) w[position] = at(values, index);
  return w;
}

/** `onHull` where it stays in the simplex. */
function closedForm(gram: Matrix, b: Numbers, s: number, support: Numbers): number[] | null {
  const found = onHull(gram, b, s, support)?.point;
  return found?.every((value) => value >= 0) ? spread(gram.length, support, found) : null;
}

/**
 * By how much each vertex lowers the objective to first order, beyond rounding and relative to its size; null where
 * ‖g_w‖ = 0.
 */
function descents(gram: Matrix, b: Numbers, s: number, w: Numbers, norms: Numbers): number[] | null {
  const products = multiply(gram, w);
  const norm = Math.sqrt(Math.max(dot(products, w), 0));
  if (norm === 0) return null;
  const value = dot(b, w) + s * norm;
  const largest = Math.max(...norms);
  // Of ‖g_w‖² = wᵀ G w, whose terms cancel near a stationary point.
  const rounding = (4 * gram.length * epsilon * s * largest * largest) / norm;
  return products.map((product, i) => {
    const size = Math.max(s * at(norms, i), Math.abs(at(b, i)), Number.MIN_VALUE);
    return (value - at(b, i) - (s * product) / norm - rounding) / size;
  });
}

/** From the feasible `w` to the lowest point of the hull of `support`, dropping what becomes negative on the way. */
function descended(
  gram: Matrix,
  b: Numbers,
  s: number,
  start: readonly number[],
  w: Numbers,
): { readonly support: number[]; readonly w: number[] } | null {
  let support = [...start];
  let current = pick(w, support);
  while (support.length > 0) {
    const hull = onHull(gram, b, s, support);
    const target = hull?.point;
    const move = hull?.ray ?? (target && plus(target, current, -1));
    if (!move?.every(Number.isFinite)) return null;
    if (target?.every((value) => value >= 0)) return { support, w: spread(gram.length, support, target) };
    const reaches = move.map((value, index) => (value < 0 ? at(current, index) / -value : Infinity));
    const step = Math.min(...reaches);
    if (!Number.isFinite(step)) return null;
    const moved = plus(current, move, step);
    const stays = moved.map((value, index) => at(move, index) >= 0 || value > 4 * epsilon);
    if (!stays.includes(false)) return null;
    support = support.filter((_, index) => stays[index]);
    current = moved.filter((_, index) => stays[index]);
  }
  return null;
}

/**
 * Two tasks: the slope along the edge of the simplex rises, and its root is found by halving. Near a stationary point the
 * closed form cancels, this does not.
 */
function onEdge(gram: Matrix, b: Numbers, s: number): Solution {
  const [[g11 = 0, g12 = 0] = [], [, g22 = 0] = []] = gram;
  const [b1, b2] = [at(b, 0), at(b, 1)];
  const slope = (w: number): number => {
    const [p1, p2] = [g11 * w + g12 * (1 - w), g12 * w + g22 * (1 - w)];
    const square = w * p1 + (1 - w) * p2;
    return square > 0 ? b1 - b2 + (s * (p1 - p2)) / Math.sqrt(square) : 0;
  };
  let [low, high] = [0, 1];
  let iterations = 0;
  for (; iterations < 60 && high - low > epsilon * low; iterations += 1) {
    const middle = (low + high) / 2;
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  const w = slope(1) <= 0 ? 1 : slope(0) >= 0 ? 0 : (low + high) / 2;
  return { x: [w, 1 - w], converged: true, iterations, residual: 0 };
}

/** The active set; null where it gets nowhere. */
function activeSet(gram: Matrix, b: Numbers, s: number): Solution | null {
  const count = gram.length;
  const norms = gram.map((values, i) => Math.sqrt(Math.max(at(values, i), 0)));
  const vertices = norms.map((norm, i) => at(b, i) + s * norm);
  let support = [vertices.indexOf(Math.min(...vertices))];
  let w = spread(count, support, [1]);
  for (let iteration = 1; iteration <= 10 * (count + 2); iteration += 1) {
    const gains = descents(gram, b, s, w, norms);
    if (!gains) return null;
    const best = Math.max(...gains);
    if (best < 1e-12) return { x: w, converged: true, iterations: iteration, residual: best };
    const entering = gains.indexOf(best);
    // Where rounding alone lets a row of the support descend, the answer is as good as it gets.
    if (support.includes(entering) && best < 1e-8) {
      return { x: w, converged: true, iterations: iteration, residual: best };
    }
    const next = support.includes(entering) ? null : descended(gram, b, s, [...support, entering], w);
    if (!next) return null;
    ({ support, w } = next);
  }
  return null;
}

/** Violation of optimality: no vertex may lower the objective, relative to its size. */
function violation(gram: Matrix, b: Numbers, s: number, w: Numbers): number {
  const gains = descents(gram, b, s, w, cosinesOf(gram).norms);
  return gains ? Math.max(...gains) : Infinity;
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
  if (s === 0) return minNormPoint(gram);
  const largest = Math.sqrt(Math.max(...gram.map((values, i) => at(values, i))));
  const found = gram.length === 2 ? onEdge(gram, b, s) : (activeSet(gram, b, s) ?? byRoot(gram, b, square, s, largest));
  const norm = (w: Numbers): number => Math.sqrt(Math.max(form(gram, w), 0));
  if (found.converged && norm(found.x) > 2e-7 * largest) return found;
  // Where the hull holds 0 the objective is 0 there; unless the other point lies below, that one is the answer: the point
  // is Pareto stationary.
  const shortest = minNormPoint(gram);
  const objective = (w: Numbers): number => dot(b, w) + s * norm(w);
  const lower = objective(found.x) < objective(shortest.x) - 1e-10 * largest * largest;
  return norm(shortest.x) <= 1e-7 * largest && !lower ? { ...shortest, iterations: found.iterations } : found;
}

/** The slower way: halving the interval of ln κ. */
function byRoot(gram: Matrix, b: Numbers, square: number, s: number, largest: number): Solution {
  let [low, high] = [Math.log(1e-10 * (largest / s)), Math.log((4 * largest) / s)];
  let best: Solution = { x: filled(gram.length, 1 / gram.length), converged: false, iterations: 0, residual: Infinity };
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
  return best;
}
