/**
 * Small convex quadratic programs with one equality and some inequalities, by Mehrotra's predictor-corrector method
 * (Nocedal & Wright, section 16.6): min ½ zᵀ H z + cᵀ z with aᵀ z = b and G z ≤ h.
 */
import { at, dot, filled, multiply, plus, scaled, solve } from '../../numbers/linear.ts';
import type { Matrix, Numbers } from '../../numbers/linear.ts';
import type { Solution } from './contract.ts';

export interface Program {
  /** Symmetric positive semidefinite [n][n]. */
  readonly h: Matrix;
  readonly c: Numbers;
  readonly equality: { readonly row: Numbers; readonly value: number };
  readonly inequalities: readonly { readonly row: Numbers; readonly bound: number }[];
}

const limit = 100;
const wanted = 1e-12;
const accepted = 1e-7;

/** Unknowns, multiplier of the equality, slacks and multipliers of the inequalities. */
interface Point {
  readonly z: number[];
  readonly y: number;
  readonly s: number[];
  readonly l: number[];
}

interface Residuals {
  readonly dual: number[];
  readonly equality: number;
  readonly slack: number[];
}

const largest = (values: Numbers): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function residuals({ h, c, equality, inequalities }: Program, { z, y, s, l }: Point): Residuals {
  let dual = plus(plus(multiply(h, z), c), equality.row, y);
  for (const [i, { row }] of inequalities.entries()) dual = plus(dual, row, at(l, i));
  return {
    dual,
    equality: dot(equality.row, z) - equality.value,
    slack: inequalities.map(({ row, bound }, i) => dot(row, z) + at(s, i) - bound),
  };
}

/** Newton's direction for the residuals and complementarities `target` (what sᵢ lᵢ lacks). */
function direction(
  { h, equality, inequalities }: Program,
  { s, l }: Point,
  { dual, equality: gap, slack }: Residuals,
  target: Numbers,
): Point | null {
  const n = h.length;
  const ratios = l.map((value, i) => value / at(s, i));
  const inner = h.map((values, i) =>
    values.map((value, j) =>
      inequalities.reduce((total, { row }, k) => total + at(row, i) * at(ratios, k) * at(row, j), value),
    ),
  );
  let right = scaled(dual, -1);
  for (const [k, { row }] of inequalities.entries()) {
    right = plus(right, row, -(at(target, k) + at(l, k) * at(slack, k)) / at(s, k));
  }
  const system = [...inner.map((values, i) => [...values, at(equality.row, i)]), [...equality.row, 0]];
  const found = solve(system, [...right, -gap]);
  if (!found?.every(Number.isFinite)) return null;
  const z = found.slice(0, n);
  const ds = inequalities.map(({ row }, k) => -at(slack, k) - dot(row, z));
  const dl = ds.map((value, k) => (at(target, k) - at(l, k) * value) / at(s, k));
  return { z, y: at(found, n), s: ds, l: dl };
}

/** Longest step, at most 1, that keeps all values positive. */
const reach = (values: Numbers, move: Numbers): number =>
  values.reduce((step, value, i) => (at(move, i) < 0 ? Math.min(step, -value / at(move, i)) : step), 1);

const complementarity = (s: Numbers, l: Numbers): number => dot(s, l) / Math.max(s.length, 1);

/**
 * @returns z; `residual` is the largest violation of the optimality conditions, relative to the data
 */
export function convexProgram(program: Program): Solution {
  const { h, c, inequalities } = program;
  const size = 1 + largest(c) + largest(h.flat()) + largest(inequalities.map(({ bound }) => bound));
  let point: Point = {
    z: scaled(program.equality.row, program.equality.value / dot(program.equality.row, program.equality.row)),
    ...{ y: 0, s: filled(inequalities.length, size), l: filled(inequalities.length, size) },
  };
  let best: Solution = { x: point.z, converged: false, iterations: 0, residual: Infinity };
  for (let iteration = 1; iteration <= limit; iteration += 1) {
    const rest = residuals(program, point);
    const mu = complementarity(point.s, point.l);
    const residual = Math.max(largest(rest.dual), Math.abs(rest.equality), largest(rest.slack), mu) / size;
    if (residual < best.residual) {
      best = { x: point.z, converged: residual < accepted, iterations: iteration, residual };
    } else if (iteration > best.iterations + 10) break;
    if (residual < wanted) break;
    const products = point.s.map((value, i) => value * at(point.l, i));
    const affine = direction(program, point, rest, scaled(products, -1));
    if (!affine) break;
    const tried = Math.min(reach(point.s, affine.s), reach(point.l, affine.l));
    const ahead = complementarity(plus(point.s, affine.s, tried), plus(point.l, affine.l, tried));
    const center = mu * (ahead / mu) ** 3;
    const target = products.map((value, i) => center - value - at(affine.s, i) * at(affine.l, i));
    const move = direction(program, point, rest, target);
    if (!move) break;
    const step = Math.min(1, 0.995 * Math.min(reach(point.s, move.s), reach(point.l, move.l)));
    point = {
      z: plus(point.z, move.z, step),
      y: point.y + step * move.y,
      s: plus(point.s, move.s, step),
      l: plus(point.l, move.l, step),
    };
  }
  return best;
}
