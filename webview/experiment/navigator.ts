/** Points of the weights' simplex, and what a response surface says there. Pure; the surface was fitted elsewhere. */
import type { ResponseModel, SupportPoint, WeightSurface } from '../../src/experiment/surface/contract.ts';

type Shares = readonly number[];

export interface Prediction {
  readonly value: number;
  /** Of one further run at the surface's level. */
  readonly interval: readonly [number, number];
  readonly extrapolated: boolean;
}

/**
 * ŷ = xᵀb, ŷ ± t · sd · √(1 + h) with h = xᵀ(XᵀX)⁻¹x. Where h exceeds that of every run the point lies outside of what they
 * enclose (Montgomery, Peck & Vining 2012, section 3.8, "hidden extrapolation").
 */
export function predict(model: ResponseModel, shares: Shares): Prediction {
  const x = model.terms.map((term) => term.reduce((product, place) => product * (shares[place] ?? NaN), 1));
  const sum = (values: readonly number[]): number =>
    values.reduce((total, value, at) => total + value * (x[at] ?? NaN), 0);
  const value = sum(model.coefficients);
  const h = sum(model.inverse.map(sum));
  const half = model.quantile * model.sd * Math.sqrt(1 + Math.max(0, h));
  return { value, interval: [value - half, value + half], extrapolated: h > model.reach * (1 + 1e-9) };
}

/** Steps between 0 and 1 that a handle can stand at. */
const steps = 1000;

/** The nearest point whose shares are whole thousandths that sum to 1 (largest remainders); negative shares count 0. */
export function snapped(shares: Shares): readonly number[] {
  const above = shares.map((share) => (share > 0 ? share : 0));
  const sum = above.reduce((total, share) => total + share, 0);
  const exact = above.map((share) => (sum > 0 ? share / sum : 1 / shares.length) * steps);
  const whole = exact.map((one) => Math.floor(one));
  const missing = steps - whole.reduce((total, one) => total + one, 0);
  const rest = (at: number): number => (exact[at] ?? NaN) - (whole[at] ?? NaN);
  const first = new Set([...whole.keys()].toSorted((a, b) => rest(b) - rest(a)).slice(0, missing));
  return whole.map((one, at) => (one + Number(first.has(at))) / steps);
}

/** One share as it is set, the others in their proportions; equal ones where they are all 0. */
export function moved(shares: Shares, place: number, value: number): readonly number[] {
  const own = Math.min(1, Math.max(0, value));
  const others = shares.reduce((sum, share, at) => (at === place ? sum : sum + share), 0);
  return snapped(
    shares.map((share, at) =>
      at === place ? own : (1 - own) * (others > 0 ? share / others : 1 / Math.max(1, shares.length - 1)),
    ),
  );
}

interface Near {
  readonly point: SupportPoint;
  /** Euclidean, between shares: 0 to √2. */
  readonly distance: number;
}

export function nearest({ points }: WeightSurface, shares: Shares, most: number): readonly Near[] {
  return points
    .map((point) => ({ point, distance: Math.hypot(...point.shares.map((share, at) => share - (shares[at] ?? NaN))) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, most);
}

/** Closer than half a step of the handle: the same weights. */
export const isSame = ({ distance }: Near): boolean => distance < 0.5 / steps;

/** The triangle's corners in a unit square, y downward: the first task on top, the others left and right below. */
const corners = [
  [0.5, 0],
  [0, 1],
  [1, 1],
] as const;

/** Place of three shares within the unit square. */
export function placeOf(shares: Shares): readonly [number, number] {
  const along = (axis: 0 | 1): number =>
    corners.reduce((sum, corner, at) => sum + corner[axis] * (shares[at] ?? NaN), 0);
  return [along(0), along(1)];
}

/** The shares of a place in the unit square; outside of the triangle the nearest edge's by taking negative ones for 0. */
export function sharesAt(x: number, y: number): readonly number[] {
  const top = 1 - y;
  const right = x - top / 2;
  return snapped([top, 1 - top - right, right]);
}

/** All points of three shares with a step of 1/n. */
export function lattice(n: number): readonly (readonly number[])[] {
  return Array.from({ length: n + 1 }, (_, first) =>
    Array.from({ length: n - first + 1 }, (__, second) => [first / n, second / n, (n - first - second) / n]),
  ).flat();
}

/** Weights as they are written, share × total, with at most six digits. */
export const weightsAt = ({ total }: Pick<WeightSurface, 'total'>, shares: Shares): readonly number[] =>
  shares.map((share) => Number((share * total).toPrecision(6)));

/** `0.25 : 0.5 : 0.25`. */
export const weightsText = (weights: readonly number[]): string => weights.map(String).join(' : ');
