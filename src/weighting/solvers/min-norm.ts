/**
 * The shortest vector of the convex hull of some gradients: min ‖Σ wᵢ gᵢ‖² with w ≥ 0, Σw = 1, from their Gram matrix.
 */
import {
  at,
  cosinesOf,
  diagonal,
  dot,
  entry,
  epsilon,
  filled,
  form,
  multiply,
  part,
  pick,
  plus,
  solvePositive,
  sum,
  unit,
} from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import type { Solution } from './contract.ts';

/** Rounding error of the entries of G w and of wᵀ G w, for the tests of optimality. */
function roundingOf(gram: Matrix, w: Numbers): { readonly rows: number[]; readonly whole: number } {
  const size = 4 * gram.length * epsilon;
  const rows = gram.map((values) => values.reduce((total, value, j) => total + Math.abs(value * at(w, j)), 0));
  return { rows: rows.map((value) => size * value), whole: size * dot(rows, w) };
}

/**
 * Weights of the point of smallest norm of the affine hull of rows `support`, in weights scaled by the norms:
 * v = diag(n) w minimizes vᵀ C v with cᵀ v = 1, c = 1/n. C + c cᵀ is positive definite when the rows are affinely
 * independent (Wolfe 1976).
 */
function affineMinimizer(cosines: Matrix, reciprocal: Numbers, support: Numbers): number[] | null {
  const c = pick(reciprocal, support);
  const inner = part(cosines, support).map((values, i) => values.map((value, j) => value + at(c, i) * at(c, j)));
  const y = solvePositive(inner, c, 16 * epsilon);
  if (!y) return null;
  const total = dot(c, y);
  return total > 0 ? y.map((value) => value / total) : null;
}

/**
 * Wolfe's exact algorithm: a corral of affinely independent rows whose hull holds the shortest vector.
 *
 * @param gram G = J Jᵀ [T][T]
 * @returns weights on the simplex; where rows are dependent the weights are one choice of many, the vector is unique
 */
export function minNormPoint(gram: Matrix): Solution {
  const count = gram.length;
  const squares = diagonal(gram);
  const zero = squares.indexOf(0);
  if (zero !== -1) return { x: unit(count, zero), converged: true, iterations: 0, residual: 0 };
  const { norms, cosines } = cosinesOf(gram);
  const shortest = Math.min(...norms);
  const reciprocal = norms.map((norm) => shortest / norm);
  let support = [norms.indexOf(shortest)];
  let w = unit(count, at(support, 0));
  const limit = 50 * (count + 2);
  for (let iteration = 1; iteration <= limit; iteration += 1) {
    const products = multiply(gram, w);
    const value = dot(products, w);
    const rounding = roundingOf(gram, w);
    let entering = -1;
    let worst = 0;
    for (let j = 0; j < count; j += 1) {
      const gain = value - at(products, j);
      const allowed = at(rounding.rows, j) + rounding.whole;
      // Measured against the norm of the row, so that a small gradient is not overlooked beside a large one.
      const relative = (gain - allowed) / at(norms, j);
      if (gain > allowed && relative > worst && !support.includes(j)) {
        worst = relative;
        entering = j;
      }
    }
    if (entering === -1) return { x: w, converged: true, iterations: iteration, residual: 0 };
    const next = enter(cosines, reciprocal, [...support, entering], w, shortest, norms);
    if (!next || form(gram, next.w) >= value) {
      return { x: w, converged: !next || worst <= 1e-7 * Math.sqrt(value), iterations: iteration, residual: worst };
    }
    ({ support, w } = next);
  }
  return { x: w, converged: false, iterations: limit, residual: form(gram, w) };
}

/** The minor cycle: towards the affine minimizer, dropping rows whose weight would become negative. */
function enter(
  cosines: Matrix,
  reciprocal: Numbers,
  start: number[],
  w: Numbers,
  shortest: number,
  norms: Numbers,
): { readonly support: number[]; readonly w: number[] } | null {
  let support = start;
  let current = pick(w, support).map((weight, index) => (weight * at(norms, at(support, index))) / shortest);
  while (support.length > 0) {
    const target = affineMinimizer(cosines, reciprocal, support);
    if (!target) return null;
    if (target.every((value) => value > 0)) {
      const weights = filled(w.length, 0);
      for (const [index, position] of support.entries())
        weights[position] = at(target, index) * at(reciprocal, position);
      const total = sum(weights);
      return { support, w: weights.map((weight) => weight / total) };
    }
    let step = 1;
    for (const [index, value] of target.entries()) {
      const from = at(current, index);
      if (value <= 0) step = Math.min(step, from / (from - value));
    }
    const moved = plus(current, plus(target, current, -1), step);
    const dropped = target.map(
      (value, index) => value <= 0 && at(moved, index) <= 8 * epsilon * Math.abs(at(current, index) - value),
    );
    if (!dropped.includes(true)) return null;
    support = support.filter((_, index) => dropped[index] !== true);
    current = moved.filter((_, index) => dropped[index] !== true);
  }
  return null;
}

/**
 * Frank & Wolfe's method (Sener & Koltun 2018, algorithm 2), which approaches the same point; kept for comparison with
 * libraries that stop early.
 *
 * @param gram G [T][T]
 * @param tolerance stops at a step smaller than this
 */
export function frankWolfe(gram: Matrix, tolerance = 1e-3, limit = 100): Solution {
  const count = gram.length;
  let w = filled(count, 1 / count);
  let step = 1;
  for (let iteration = 1; iteration <= limit; iteration += 1) {
    const products = multiply(gram, w);
    const target = products.indexOf(Math.min(...products));
    const [a, b, c] = [at(products, target), dot(w, products), entry(gram, target, target)];
    if (c <= a) step = 1;
    else if (b <= a) step = 0;
    else step = (b - a) / (b + c - 2 * a);
    w = plus(scaledDown(w, step), unit(count, target), step);
    if (step < tolerance) return { x: w, converged: true, iterations: iteration, residual: step };
  }
  return { x: w, converged: false, iterations: limit, residual: step };
}

const scaledDown = (w: Numbers, step: number): number[] => w.map((weight) => (1 - step) * weight);
