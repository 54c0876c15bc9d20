/**
 * The equations of Nash-MTL and FairGrad: (G a)ᵢ = (rᵢ / aᵢ)^p with a > 0. Their solution minimizes the convex function
 * ½ aᵀ G a − Σ rᵢ^p φ(aᵢ), φ' = a^(−p), and is found by Newton's method with a line search.
 */
import { at, diagonal, dot, multiply, part, pick, solvePositive, sum } from './linear.ts';
import type { Matrix, Numbers } from './linear.ts';
import type { Solution } from './types.ts';

const limit = 500;
/** Above this the equations have no solution to working precision: some gradients cancel. */
const accepted = 1e-8;

/**
 * @param gram G = J Jᵀ [T][T] with a positive diagonal
 * @param r positive preferences
 * @param power p: 1 for Nash-MTL, 1/α for FairGrad
 * @returns a; `residual` is max |(G a)ᵢ − (rᵢ/aᵢ)^p| / (rᵢ/aᵢ)^p. Not converged where a convex combination of the gradients
 * is 0: the equations then have no solution and `a` grows without end.
 */
export function fairWeights(gram: Matrix, r: Numbers, power: number): Solution {
  const targets = r.map((value) => value ** power);
  // The solution for orthogonal gradients, aᵢ = sᵢ, is the unit: large and small losses look alike to the iteration.
  const scale = diagonal(gram).map((square, i) => (at(targets, i) / square) ** (1 / (1 + power)));
  // c = s · r^p s^(−p) = sᵢ² Gᵢᵢ, so the equations become M y = c y^(−p) with M = S G S, whose diagonal is c.
  const c = scale.map((value, i) => value * value * at(diagonal(gram), i));
  const m = gram.map((values, i) => values.map((value, j) => at(scale, i) * value * at(scale, j)));
  let y = scale.map(() => 1);
  let best = { y, residual: Infinity };
  let iterations = 0;
  for (; iterations < limit; iterations += 1) {
    const residual = residualOf(m, c, y, power);
    if (residual < best.residual) best = { y, residual };
    if (residual < 1e-14) break;
    const next = newtonStep(m, c, y, power);
    if (!next) break;
    y = next;
  }
  const { residual } = best;
  return { x: best.y.map((value, i) => value * at(scale, i)), converged: residual < accepted, iterations, residual };
}

function residualOf(m: Matrix, c: Numbers, y: Numbers, power: number): number {
  const left = multiply(m, y);
  return Math.max(
    ...left.map((value, i) => {
      const right = at(c, i) * at(y, i) ** -power;
      return Math.abs(value - right) / right;
    }),
  );
}

/** The convex function whose stationary point is sought. */
function potential(m: Matrix, c: Numbers, y: Numbers, power: number): number {
  const integral = power === 1 ? Math.log : (value: number) => value ** (1 - power) / (1 - power);
  return 0.5 * dot(y, multiply(m, y)) - sum(y.map((value, i) => at(c, i) * integral(value)));
}

/** One damped step that stays positive and lowers the potential; null where rounding allows none. */
function newtonStep(m: Matrix, c: Numbers, y: Numbers, power: number): number[] | null {
  const gradient = multiply(m, y).map((value, i) => value - at(c, i) * at(y, i) ** -power);
  // In multiples of y: the Hessian y M y + p c y^(1−p) has a diagonal bounded away from 0.
  const hessian = m.map((values, i) =>
    values.map((value, j) => {
      const own = i === j ? power * at(c, i) * at(y, i) ** (1 - power) : 0;
      return at(y, i) * value * at(y, j) + own;
    }),
  );
  const slope = gradient.map((value, i) => -value * at(y, i));
  const weights = diagonal(hessian).map((value) => 1 / Math.sqrt(value));
  const balanced = hessian.map((values, i) => values.map((value, j) => value * at(weights, i) * at(weights, j)));
  const inner = solvePositive(
    balanced,
    slope.map((value, i) => value * at(weights, i)),
  );
  if (!inner) return null;
  const move = inner.map((value, i) => value * at(weights, i));
  const descent = dot(move, slope);
  if (!(descent > 0)) return null;
  const lowest = Math.min(...move);
  let step = lowest < -0.9 ? 0.9 / -lowest : 1;
  const start = potential(m, c, y, power);
  const before = residualOf(m, c, y, power);
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const next = y.map((value, i) => value * (1 + step * at(move, i)));
    // Near the solution the potential no longer tells points apart; the residual does.
    if (potential(m, c, next, power) <= start - 1e-4 * step * descent || residualOf(m, c, next, power) < before * 0.9)
      return next;
    step /= 2;
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
