/** Arms over two tasks: points with their intervals, the front, and the curve of points that belong together. Pure. */
import type { Comparison, ComparisonArm } from '../../src/experiment/comparison/contract.ts';
import type { Interval } from '../../src/experiment/statistics/contract.ts';
import { axisOf, type Axis } from './axis.ts';

export interface ParetoPoint {
  readonly arm: string;
  readonly x: number;
  readonly y: number;
  readonly xInterval: Interval | null;
  readonly yInterval: Interval | null;
  /** Some arm is better for certain, all tasks together. */
  readonly dominatedBy: readonly string[];
  /** No mean of another arm is as good on these two tasks. */
  readonly front: boolean;
}

export interface Frontier {
  readonly of: string;
  readonly points: readonly ParetoPoint[];
}

export interface ParetoPicture {
  readonly points: readonly ParetoPoint[];
  readonly frontiers: readonly Frontier[];
  readonly x: Axis;
  readonly y: Axis;
}

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** @returns null where these two tasks have no points */
export function paretoPicture(comparison: Comparison, x: string, y: string, frame: Frame): ParetoPicture | null {
  const points = paretoPoints(comparison, x, y);
  if (points.length === 0) return null;
  const reach = (value: number, interval: Interval | null): readonly number[] => [value, ...(interval ?? [])];
  return {
    points,
    frontiers: frontiersOf(comparison.arms, points),
    x: axisOf(
      points.flatMap((point) => reach(point.x, point.xInterval)),
      frame.left,
      frame.right,
    ),
    y: axisOf(
      points.flatMap((point) => reach(point.y, point.yInterval)),
      frame.bottom,
      frame.top,
    ),
  };
}

export function paretoPoints({ pareto, measures }: Comparison, x: string, y: string): readonly ParetoPoint[] {
  const [first, second] = [x, y].map((task) => measures.findIndex((measure) => measure.task === task));
  if (pareto === null || first === undefined || second === undefined) return [];
  const pair = pareto.pairs.find((one) => (one.x === x && one.y === y) || (one.x === y && one.y === x));
  const front = new Set(pair?.front ?? []);
  return pareto.points.flatMap(({ id, means, intervals, dominatedBy }): ParetoPoint[] => {
    const [a, b] = [means[first], means[second]];
    if (a === undefined || b === undefined) return [];
    const [xInterval, yInterval] = [intervals[first] ?? null, intervals[second] ?? null];
    return [{ arm: id, x: a, y: b, xInterval, yInterval, dominatedBy, front: front.has(id) }];
  });
}

/** Points that come from one arm of the plan (weights walked from task to task), from left to right. */
function frontiersOf(arms: readonly ComparisonArm[], points: readonly ParetoPoint[]): readonly Frontier[] {
  const groups = new Map<string, ParetoPoint[]>();
  for (const { id, of, stage } of arms) {
    const point = points.find(({ arm }) => arm === id);
    // What a stage has found is no curve.
    if (point === undefined || of === id || of === stage) continue;
    groups.set(of, [...(groups.get(of) ?? []), point]);
  }
  return [...groups]
    .filter(([, own]) => own.length > 1)
    .map(([of, own]) => ({ of, points: own.toSorted((a, b) => a.x - b.x) }));
}

/** The point that an arrow leads to: the next one across, or up and down; the same one at the end. */
export function neighbor(
  places: readonly (readonly [number, number])[],
  from: number,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
): number {
  const axis = key === 'ArrowLeft' || key === 'ArrowRight' ? 0 : 1;
  const place = (at: number): number => places[at]?.[axis] ?? 0;
  // By the order of points where places are the same, so that none is passed over.
  const order = [...places.keys()].sort((a, b) => place(a) - place(b) || a - b);
  const step = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  return order[order.indexOf(from) + step] ?? from;
}
