/** Pareto fronts: which points no other one beats, in how many layers, how crowded. */

/** A point has a number an objective. */
export type Point = readonly number[];

/** Objectives turned so that less is better; null where a coordinate is not finite: such a point is compared with nothing. */
function losses(points: readonly Point[], maximize: readonly boolean[]): (readonly number[] | null)[] {
  return points.map((point, index) => {
    if (point.length !== maximize.length) {
      throw new RangeError(`Point ${index} has ${point.length} coordinates for ${maximize.length} objectives.`);
    }
    return point.every(Number.isFinite) ? point.map((value, k) => (maximize[k] ? -value : value)) : null;
  });
}

/** No worse anywhere and better somewhere: equal points do not dominate each other. */
function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (const [k, value] of a.entries()) {
    const other = b[k] ?? NaN;
    if (value > other) return false;
    if (value < other) better = true;
  }
  return better;
}

/**
 * Indices of the points that no other point dominates, ascending. Equal points do not dominate each other, so all of them are
 * there. A point with a coordinate that is not finite is on no front and dominates nothing. No point, or no objective with
 * points that are all equal then: every one of them is on the front.
 *
 * @param maximize an entry an objective
 * @throws RangeError for a point of another length
 */
export function paretoFront(points: readonly Point[], maximize: readonly boolean[]): number[] {
  const all = losses(points, maximize);
  return all.flatMap((point, index) =>
    point !== null && !all.some((other) => other !== null && dominates(other, point)) ? [index] : [],
  );
}

/**
 * Layers of non-dominated sorting (Deb et al. 2002, NSGA-II): 0 for the front, 1 for the front of what remains, and so on; null
 * for a point with a coordinate that is not finite.
 */
export function paretoRanks(points: readonly Point[], maximize: readonly boolean[]): (number | null)[] {
  const all = losses(points, maximize);
  const beatenBy = all.map((point) =>
    point === null ? 0 : all.filter((other) => other !== null && dominates(other, point)).length,
  );
  const result: (number | null)[] = all.map(() => null);
  let layer = all.flatMap((point, index) => (point !== null && beatenBy[index] === 0 ? [index] : []));
  for (let rank = 0; layer.length > 0; rank += 1) {
    const next: number[] = [];
    for (const index of layer) {
      result[index] = rank;
      const point = all[index] ?? [];
      for (const [other, value] of all.entries()) {
        if (value === null || !dominates(point, value)) continue;
        beatenBy[other] = (beatenBy[other] ?? 0) - 1;
        if (beatenBy[other] === 0) next.push(other);
      }
    }
    layer = next;
  }
  return result;
}

/**
 * Crowding distances of the points of one layer (Deb et al. 2002): the sum over objectives of the gap between a point's
 * neighbors, in units of the layer's range; Infinity at either end of an objective, 0 in an objective without range. In the order
 * given.
 *
 * @throws RangeError for points of different lengths, or with a coordinate that is not finite
 */
export function crowdingDistances(points: readonly Point[]): number[] {
  const objectives = points[0]?.length ?? 0;
  const all = losses(
    points,
    Array.from({ length: objectives }, () => false),
  );
  if (all.includes(null)) throw new RangeError('Crowding is measured between finite points: leave the others out.');
  const result = points.map(() => 0);
  for (let k = 0; k < objectives; k += 1) {
    const valueAt = (index: number | undefined): number => points[index ?? 0]?.[k] ?? 0;
    const order = points.map((_, index) => index).sort((a, b) => valueAt(a) - valueAt(b));
    const range = valueAt(order.at(-1)) - valueAt(order[0]);
    for (const [place, index] of order.entries()) {
      const end = place === 0 || place === order.length - 1;
      const gap = range > 0 ? (valueAt(order[place + 1]) - valueAt(order[place - 1])) / range : 0;
      result[index] = (result[index] ?? 0) + (end ? Infinity : gap);
    }
  }
  return result;
}
