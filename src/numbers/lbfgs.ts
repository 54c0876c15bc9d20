/**
 * Limited-memory BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5) for smooth convex functions, with backtracking
 * until the decrease is sufficient (Armijo). Pairs without positive curvature are left out.
 */
export interface Valued {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** The largest entry of the gradient is below the tolerance. */
  readonly converged: boolean;
  readonly iterations: number;
}

const remembered = 10;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

export function minimize(
  evaluate: (x: Float64Array) => Valued,
  start: Float64Array,
  { tolerance = 1e-7, iterations = 300 } = {},
): Minimum {
  let x = start;
  let current = evaluate(x);
  const pairs: Pair[] = [];
  for (let turn = 0; turn < iterations; turn++) {
    if (largest(current.gradient) <= tolerance) return { x, value: current.value, converged: true, iterations: turn };
    const direction = descent(current.gradient, pairs);
    const found = backtrack(evaluate, x, current, direction, pairs.length === 0);
    if (!found) return { x, value: current.value, converged: false, iterations: turn };
    const step = found.x.map((value, index) => value - (x[index] ?? 0));
    const change = found.at.gradient.map((value, index) => value - (current.gradient[index] ?? 0));
    const curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) pairs.push({ step, change, curvature });
    if (pairs.length > remembered) pairs.shift();
    [x, current] = [found.x, found.at];
  }
  return { x, value: current.value, converged: largest(current.gradient) <= tolerance, iterations };
}

/** −H g by the two loops over the remembered pairs. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.map((value) => -value);
  const factors = new Float64Array(pairs.length);
  for (let index = pairs.length - 1; index >= 0; index--) {
    const pair = pairs[index];
    if (!pair) continue;
    const factor = dot(pair.step, q) / pair.curvature;
    factors[index] = factor;
    add(q, pair.change, -factor);
  }
  const last = pairs.at(-1);
  if (last) scale(q, last.curvature / dot(last.change, last.change));
  for (const [index, pair] of pairs.entries()) {
    add(q, pair.step, (factors[index] ?? 0) - dot(pair.change, q) / pair.curvature);
  }
  return q;
}

function backtrack(
  evaluate: (x: Float64Array) => Valued,
  x: Float64Array,
  { value, gradient }: Valued,
  direction: Float64Array,
  first: boolean,
): { readonly x: Float64Array; readonly at: Valued } | null {
  const slope = dot(gradient, direction);
  let length = first ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
  for (let turn = 0; turn < 40; turn++) {
    const candidate = Float64Array.from(x);
    add(candidate, direction, length);
    const at = evaluate(candidate);
    if (at.value <= value + 1e-4 * length * slope) return { x: candidate, at };
    length /= 2;
  }
  return null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let index = 0; index < a.length; index++) total += (a[index] ?? 0) * (b[index] ?? 0);
  return total;
}

function add(to: Float64Array, from: Float64Array, factor: number): void {
  for (let index = 0; index < to.length; index++) to[index] = (to[index] ?? 0) + factor * (from[index] ?? 0);
}

function scale(values: Float64Array, factor: number): void {
  for (let index = 0; index < values.length; index++) values[index] = (values[index] ?? 0) * factor;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
