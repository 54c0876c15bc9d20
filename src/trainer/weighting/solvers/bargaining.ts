/**
 * The equations of Nash-MTL and FairGrad: (G a)ᵢ = (rᵢ / aᵢ)^p with a > 0. Their solution minimizes the convex function
 * ½ aᵀ G a − Σ rᵢ^p φ(aᵢ), φ' = a^(−p), and is found by Newton's method with a line search.
 *
 * Losses may differ by many orders of magnitude: the rows are scaled first, steps are relative to each weight, and the
 * line search looks at slopes, which keep their digits where values of the function no longer do.
 */
import { at, cosinesOf, diagonal, dot, entry, epsilon, form, multiply, part, pick, solvePositive } from './linear.ts';
import type { Matrix, Numbers } from './linear.ts';
import { minNormPoint } from './min-norm.ts';
import type { Solution } from './types.ts';

const limit = 400;
/** Largest relative residual, and largest relative change that one more step would make, of a solution. */
const accepted = { residual: 1e-8, move: 1e-6 };
/** Weights beyond this, relative to those of orthogonal gradients, grow without end: there is no solution. */
const endless = 1e30;

/**
 * Whether a convex combination of the gradients is 0 to working precision. Then the equations have no solution: from
 * Σ λᵢ gᵢ = 0 follows Σ λᵢ (G a)ᵢ = 0, and every term of that sum would have to be positive.
 */
function cancelling(gram: Matrix): boolean {
  const { cosines } = cosinesOf(gram);
  return form(cosines, minNormPoint(cosines).x) <= 16 * gram.length * epsilon;
}

/**
 * @param gram G = J Jᵀ [T][T] with a positive diagonal
 * @param r positive preferences
 * @param power p: 1 for Nash-MTL, 1/α for FairGrad
 * @returns a; `residual` is max |(G a)ᵢ − (rᵢ/aᵢ)^p| / (rᵢ/aᵢ)^p beyond the rounding of G a. Not converged where a convex
 * combination of the gradients is 0: the equations then have no solution and `a` grows without end.
 */
export function fairWeights(gram: Matrix, r: Numbers, power: number): Solution {
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
  const solvable = !cancelling(gram);
  let y = scale.map(() => 1);
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
