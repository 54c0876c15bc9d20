/**
 * The equations of Nash-MTL and FairGrad: (G a)ᵢ = (rᵢ / aᵢ)^p with a > 0. Their solution minimizes the convex function
 * ½ aᵀ G a − Σ rᵢ^p φ(aᵢ), φ' = a^(−p), and is found by Newton's method with a line search.
 *
 * Losses may differ by many orders of magnitude: the rows are scaled first, steps are relative to each weight, and the
 * line search looks at slopes, which keep their digits where values of the function no longer do.
 */
import {
  at,
  cosinesOf,
  diagonal,
  dot,
  entry,
  epsilon,
  form,
  multiply,
  part,
  pick,
  solvePositive,
} from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import { minNormPoint } from './min-norm.ts';
import type { Solution } from './contract.ts';

const limit = 400;
/** Largest relative residual, and largest relative change that one more step would make, of a solution. */
const accepted = { residual: 1e-8, move: 1e-6 };
/** Weights beyond this, relative to those of orthogonal gradients, grow without end: there is no solution. */
const endless = 1e30;

/** Weights λᵢ/‖gᵢ‖ of the shortest convex combination of the unit gradients, and whether it is 0 to working precision. */
function shortestCombination(gram: Matrix): { readonly weights: number[]; readonly cancels: boolean } {
  const { norms, cosines } = cosinesOf(gram);
  const { x } = minNormPoint(cosines);
  return {
    weights: x.map((share, i) => (share > 0 ? share / at(norms, i) : 0)),
    cancels: form(cosines, x) <= 2 * gram.length * epsilon,
  };
}

/**
 * Weights with which the gradients cancel: a Pareto stationary point. Null where there are none. With them the equations
 * have no solution: from Σ λᵢ gᵢ = 0 follows Σ λᵢ (G a)ᵢ = 0, and every term of that sum would have to be positive.
 */
export function cancellation(gram: Matrix): number[] | null {
  const { weights, cancels } = shortestCombination(gram);
  return cancels ? weights : null;
}

/** A start: along equal weights or near the shortest combination, whichever solves the equations better, of the best length. */
function startOf(equations: Equations, shortest: Numbers): number[] {
  const { m, c, power } = equations;
  const most = Math.max(...shortest);
  const rays = [shortest.map(() => 1), shortest.map((value) => Math.max(value / most, 0.02))];
  const starts = rays.map((ray) => {
    const square = form(m, ray);
    const pull = ray.reduce((total, value, i) => total + at(c, i) * value ** (1 - power), 0);
    const length = square > 0 ? Math.min((pull / square) ** (1 / (1 + power)), 1e12) : 1;
    return ray.map((value) => value * length);
  });
  const [equal = [], near = []] = starts;
  return residualOf(equations, near) < residualOf(equations, equal) ? near : equal;
}

/**
 * @param gram G = J Jᵀ [T][T] with a positive diagonal
 * @param r positive preferences
 * @param power p: 1 for Nash-MTL, 1/α for FairGrad
 * @returns a; `residual` is max |(G a)ᵢ − (rᵢ/aᵢ)^p| / (rᵢ/aᵢ)^p beyond the rounding of G a. Not converged where a convex
 * combination of the gradients is 0: the equations then have no solution and `a` grows without end.
 */
export function fairWeights(gram: Matrix, r: Numbers, power: number): Solution {
  if (gram.length === 2 && power === 1) return pairWeights(gram, r);
  const squares = diagonal(gram);
  // The solution for orthogonal gradients, aᵢ = sᵢ = (rᵢ^p / Gᵢᵢ)^(1/(1+p)), is the unit. In logarithms: squares of
  // gradients reach beyond the range of numbers when they are multiplied.
  const scale = squares.map((square, i) => Math.exp((power * Math.log(at(r, i)) - Math.log(square)) / (1 + power)));
  // c = sᵢ² Gᵢᵢ, so the equations become M y = c y^(−p) with M = S G S, whose diagonal is c.
  const c = scale.map((value, i) => value * at(squares, i) * value);
  const largest = Math.max(...c);
  const equations: Equations = {
    power,
    c: c.map((value) => value / largest),
    m: gram.map((values, i) => values.map((value, j) => (at(scale, i) * value * at(scale, j)) / largest)),
  };
  const hull = shortestCombination(gram);
  const solvable = !hull.cancels;
  let y = startOf(
    equations,
    hull.weights.map((weight, i) => weight / at(scale, i)),
  );
  let best = { y, residual: residualOf(equations, y), move: Infinity };
  let iterations = 0;
  for (; iterations < limit; iterations += 1) {
    const step = newtonStep(equations, y);
    if (!step) break;
    const residual = residualOf(equations, y);
    const better = residual < best.residual || step.size < best.move;
    if (better) best = { y, residual, move: step.size };
    // Without a solution the weights grow for ever: some steps give their direction.
    if (!solvable && iterations >= 40) break;
    if (step.size < (better ? 1e-14 : accepted.move) || step.y.some((value) => !(value < endless))) break;
    y = step.y;
  }
  return {
    x: best.y.map((value, i) => value * at(scale, i)),
    converged: solvable && best.residual < accepted.residual && best.move < accepted.move,
    iterations,
    residual: best.residual,
  };
}

/**
 * Two tasks with p = 1: q = G₁₂ a₁ a₂ satisfies (1 − C²) q² + C² (r₁ + r₂) q = C² r₁ r₂ with the cosine C, has its sign,
 * and aᵢ² = (rᵢ − q)/Gᵢᵢ. For r = 1: aᵢ = 1/(‖gᵢ‖ √(1 + C)).
 */
function pairWeights(gram: Matrix, r: Numbers): Solution {
  const { norms, cosines } = cosinesOf(gram);
  const c = entry(cosines, 0, 1);
  const size = Math.abs(c);
  const [sum, product] = [at(r, 0) + at(r, 1), at(r, 0) * at(r, 1)];
  const rest = (1 - c) * (1 + c);
  const reach = (size * sum) / 2 + Math.sqrt(((size * sum) / 2) ** 2 + rest * product);
  // q is the larger root where C > 0, the smaller one where C < 0; written so that nothing cancels.
  const q = c > 0 ? (size * product) / reach : -(size * reach) / rest;
  const x = r.map((value, i) => Math.sqrt(value - q) / at(norms, i));
  const solvable = cancellation(gram) === null && x.every(Number.isFinite);
  return solvable
    ? { x, converged: true, iterations: 1, residual: 0 }
    : { x: norms.map((norm) => 1 / norm), converged: false, iterations: 1, residual: Infinity };
}

interface Equations {
  readonly power: number;
  readonly c: Numbers;
  readonly m: Matrix;
}

function residualOf({ m, c, power }: Equations, y: Numbers): number {
  let worst = 0;
  for (let i = 0; i < y.length; i += 1) {
    const right = at(c, i) * at(y, i) ** -power;
    let [left, size] = [0, 0];
    for (let j = 0; j < y.length; j += 1) {
      const term = entry(m, i, j) * at(y, j);
      left += term;
      size += Math.abs(term);
    }
    const beyond = Math.abs(left - right) - 4 * y.length * epsilon * size;
    worst = Math.max(worst, beyond / right);
  }
  return worst;
}

/** ∇f(y) · v for f the convex function, less its rounding error. */
function slopeAlong({ m, c, power }: Equations, y: Numbers, v: Numbers): number {
  let [total, size] = [0, 0];
  for (const [i, left] of multiply(m, y).entries()) {
    const right = at(c, i) * at(y, i) ** -power;
    total += (left - right) * at(v, i);
    size += (Math.abs(left) + right) * Math.abs(at(v, i));
  }
  return total - 4 * y.length * epsilon * size;
}

/**
 * One damped Newton step that stays positive.
 *
 * @returns the next point and the largest relative change that the whole step makes; null where rounding allows none
 */
function newtonStep(equations: Equations, y: Numbers): { readonly y: number[]; readonly size: number } | null {
  const { m, c, power } = equations;
  const left = multiply(m, y);
  // In multiples of y: the Hessian y M y + p c y^(1−p) has a positive diagonal, which is brought to 1.
  const pull = y.map((value, i) => at(c, i) * value ** (1 - power));
  const downhill = left.map((value, i) => at(pull, i) - value * at(y, i));
  const weights = y.map((value, i) => 1 / Math.sqrt(value * entry(m, i, i) * value + power * at(pull, i)));
  const factors = y.map((value, i) => value * at(weights, i));
  const balanced = m.map((values, i) =>
    values.map((value, j) => (i === j ? 1 : at(factors, i) * value * at(factors, j))),
  );
  const inner = solved(
    balanced,
    downhill.map((value, i) => value * at(weights, i)),
  );
  if (!inner) return null;
  const move = inner.map((value, i) => value * at(weights, i));
  const size = Math.max(...move.map(Math.abs));
  if (!Number.isFinite(size)) return null;
  const lowest = Math.min(...move);
  let step = lowest < -0.9 ? 0.9 / -lowest : 1;
  const direction = move.map((value, i) => value * at(y, i));
  const start = dot(downhill, move);
  const reach = (length: number): number[] => y.map((value, i) => value * (1 + length * at(move, i)));
  // Near the solution whole steps are right, and slopes are rounding.
  if (size < 1e-3) return { y: reach(1), size };
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const next = reach(step);
    // Not beyond the lowest point by more than a part of the way that led down to it.
    if (slopeAlong(equations, next, direction) <= 0.5 * Math.max(start, 0)) return { y: next, size };
    step /= 2;
  }
  return null;
}

/** Cholesky's solution, with as little added to the diagonal as rounding asks for. */
function solved(matrix: Matrix, b: Numbers): number[] | null {
  for (let ridge = 0; ridge <= 1e-6; ridge = ridge === 0 ? matrix.length * epsilon : 10 * ridge) {
    const lifted = matrix.map((values, i) => values.map((value, j) => (i === j ? value + ridge : value)));
    const solution = solvePositive(lifted, b, ridge / 2);
    if (solution) return solution;
  }
  return null;
}

/** Rows whose gradient is not 0, for equations in which a zero row has no solution. */
export function nonZeroRows(gram: Matrix): number[] {
  return diagonal(gram).flatMap((square, index) => (square > 0 ? [index] : []));
}

/** `fairWeights` on some rows alone. */
export function fairWeightsOf(gram: Matrix, rows: Numbers, r: Numbers, power: number): Solution {
  return fairWeights(part(gram, rows), pick(r, rows), power);
}
