/** The volume that a set of points dominates, up to a reference point: exact in any dimension. */
import type { Point } from './pareto.ts';

/** a is at least b in every coordinate. */
const covers = (a: Point, b: Point): boolean => a.every((value, k) => value >= (b[k] ?? NaN));

/** Without the points that another one covers; of equal ones the first stays. */
function maxima(gains: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const gain of gains) {
    if (kept.some((other) => covers(other, gain))) continue;
    for (let i = kept.length - 1; i >= 0; i -= 1) if (covers(gain, kept[i] ?? [])) kept.splice(i, 1);
    kept.push(gain);
  }
  return kept;
}

/** Area of steps: sorted by the first coordinate from the largest on, each point adds what is above the highest so far. */
function area(gains: readonly Point[]): number {
  const sorted = [...gains].sort((a, b) => (b[0] ?? 0) - (a[0] ?? 0));
  let [total, height] = [0, 0];
  for (const [x = 0, y = 0] of sorted) {
    total += x * Math.max(0, y - height);
    height = Math.max(height, y);
  }
  return total;
}

/**
 * WFG (While, Bradstreet and Barone 2012): the volume is the sum of what each point adds to those after it, which is its box
 * without the volume of the others cut down to it. Points stand in ascending order of the last coordinate, so the ones after a
 * point are cut to its own value there, and the rest is a volume of one dimension less. None of the points covers another one.
 */
function volume(gains: readonly Point[]): number {
  const dimensions = gains[0]?.length ?? 0;
  if (dimensions === 0) return 0;
  if (dimensions === 1) return Math.max(...gains.map(([x = 0]) => x));
  if (dimensions === 2) return area(gains);
  const last = dimensions - 1;
  const sorted = [...gains].sort((a, b) => (a[last] ?? 0) - (b[last] ?? 0));
  let total = 0;
  for (const [place, gain] of sorted.entries()) {
    const base = gain.slice(0, last);
    const others = sorted.slice(place + 1).map((other) => base.map((value, k) => Math.min(value, other[k] ?? 0)));
    const box = base.reduce((product, value) => product * value, 1);
    total += (gain[last] ?? 0) * (box - volume(maxima(others)));
  }
  return total;
}

/**
 * The volume of what is dominated by one of the points and better than the reference (Zitzler and Thiele 1998). Exact: by a sweep
 * in two dimensions, by WFG above. A point that is not better than the reference in every objective adds nothing. No point: 0.
 *
 * @param points a number an objective; one with a coordinate that is not finite is refused, since a volume without it would be
 *   that of other points
 * @param reference worse than what is to count
 * @throws RangeError for lengths that differ, or coordinates that are not finite
 */
export function hypervolume(points: readonly Point[], maximize: readonly boolean[], reference: Point): number {
  if (reference.length !== maximize.length || !reference.every(Number.isFinite)) {
    throw new RangeError(`The reference needs a finite number for each of ${maximize.length} objectives.`);
  }
  const gains = points.map((point, index) => {
    if (point.length !== maximize.length || !point.every(Number.isFinite)) {
      throw new RangeError(`Point ${index} needs a finite number for each of ${maximize.length} objectives.`);
    }
    return point.map((value, k) => (maximize[k] ? 1 : -1) * (value - (reference[k] ?? NaN)));
  });
  return volume(maxima(gains.filter((gain) => gain.every((value) => value > 0))));
}
