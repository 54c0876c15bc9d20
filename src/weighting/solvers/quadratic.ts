/** Quadratic programs with simple bounds: min ½ zᵀ H z − bᵀ z with z ≥ 0, and with z ≥ u (dual-cone projections). */
import {
  at,
  diagonal,
  dot,
  entry,
  epsilon,
  filled,
  multiply,
  part,
  pick,
  plus,
  solvePositive,
} from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import type { Solution } from './contract.ts';

export interface QuadraticSolution extends Solution {
  /** The program falls without end: in the dual reading, its constraints contradict each other. */
  readonly unbounded: boolean;
}

/**
 * min ½ zᵀ H z − bᵀ z with z ≥ 0, H symmetric positive semidefinite, by an active set that grows by the coordinate of
 * steepest scaled descent (Goldfarb & Idnani 1983, read in the dual). Exact but for rounding.
 *
 * @param dependence a coordinate whose curvature, given the others, is below this share of its own counts as dependent
 */
export function nonNegativeQuadratic(h: Matrix, b: Numbers, dependence = 1e-12): QuadraticSolution {
  const count = b.length;
  const squares = diagonal(h);
  const state: ActiveSet = { z: filled(count, 0), free: [] };
  const limit = 20 * (count + 1);
  for (let iteration = 0; iteration < limit; iteration += 1) {
    const entering = steepest(h, b, squares, state);
    if (entering === -1) {
      const z = polished(h, b, state);
      return { x: z, converged: true, iterations: iteration, residual: residualOf(h, b, z), unbounded: false };
    }
    if (!admit(h, b, state, entering, dependence, limit)) {
      return { x: state.z, converged: false, iterations: iteration, residual: Infinity, unbounded: true };
    }
  }
  return { x: state.z, converged: false, iterations: limit, residual: residualOf(h, b, state.z), unbounded: false };
}

interface ActiveSet {
  z: number[];
  /** Coordinates that are not held at 0. */
  free: number[];
}

/** Slope of coordinate `i` and its rounding error. */
function slope(h: Matrix, b: Numbers, z: Numbers, i: number): { readonly value: number; readonly rounding: number } {
  let value = -at(b, i);
  let size = Math.abs(value);
  for (let j = 0; j < z.length; j += 1) {
    const term = entry(h, i, j) * at(z, j);
    value += term;
    size += Math.abs(term);
  }
  return { value, rounding: 8 * epsilon * z.length * size };
}

function steepest(h: Matrix, b: Numbers, squares: Numbers, { z, free }: ActiveSet): number {
  let best = -1;
  let worst = 0;
  for (let i = 0; i < z.length; i += 1) {
    if (free.includes(i)) continue;
    const { value, rounding } = slope(h, b, z, i);
    const scale = Math.sqrt(Math.max(at(squares, i), Number.MIN_VALUE));
    if (value < -rounding && value / scale < worst) {
      worst = value / scale;
      best = i;
    }
  }
  return best;
}

/** Lets coordinate `entering` grow until its slope is 0, dropping those that reach 0 on the way. False: without end. */
function admit(h: Matrix, b: Numbers, state: ActiveSet, entering: number, dependence: number, limit: number): boolean {
  for (let iteration = 0; iteration < limit; iteration += 1) {
    const column = state.free.map((i) => entry(h, i, entering));
    const response = state.free.length > 0 ? solvePositive(part(h, state.free), column) : [];
    if (!response) return false;
    const own = entry(h, entering, entering);
    const curvature = own - dot(column, response);
    const full = curvature > dependence * own ? -slope(h, b, state.z, entering).value / curvature : Infinity;
    let [partial, leaving] = [Infinity, -1];
    for (const [index, position] of state.free.entries()) {
      const rate = at(response, index);
      const reach = rate > 0 ? at(state.z, position) / rate : Infinity;
      if (reach < partial) [partial, leaving] = [reach, index];
    }
    const step = Math.min(full, partial);
    if (step === Infinity) return false;
    for (const [index, position] of state.free.entries())
      state.z[position] = at(state.z, position) - step * at(response, index);
    state.z[entering] = at(state.z, entering) + step;
    if (full <= partial) {
      state.free.push(entering);
      return true;
    }
    state.z[at(state.free, leaving)] = 0;
    state.free.splice(leaving, 1);
  }
  return false;
}

/** The free coordinates solved once more together, where that keeps them positive: removes what rounding piled up. */
function polished(h: Matrix, b: Numbers, { z, free }: ActiveSet): number[] {
  const exact = free.length > 0 ? solvePositive(part(h, free), pick(b, free)) : [];
  if (!exact?.every((value) => value >= 0)) return z;
  const result = filled(z.length, 0);
  for (const [index, position] of free.entries()) result[position] = at(exact, index);
  return result;
}

/** Largest violation of z ≥ 0, slope ≥ 0, z · slope = 0, relative to the terms of the slope. */
function residualOf(h: Matrix, b: Numbers, z: Numbers): number {
  let worst = 0;
  for (let i = 0; i < z.length; i += 1) {
    const { value, rounding } = slope(h, b, z, i);
    const violation = at(z, i) > 0 ? Math.abs(value) : Math.max(-value, 0);
    if (violation > 0)
      worst = Math.max(worst, (violation * 8 * epsilon * z.length) / Math.max(rounding, Number.MIN_VALUE));
  }
  return worst;
}

/**
 * Projection of Σ uᵢ gᵢ onto the dual cone of the gradients {d : gᵢ·d ≥ 0}, as weights: min wᵀ G w with w ≥ u
 * (Quinton & Rey 2024, proposition 1).
 *
 * @param gram a positive definite Gram matrix (regularized by who calls)
 */
export function dualConeWeights(gram: Matrix, u: Numbers): QuadraticSolution {
  const solution = nonNegativeQuadratic(
    gram,
    multiply(gram, u).map((value) => -value),
  );
  return { ...solution, x: plus(u, solution.x) };
}
