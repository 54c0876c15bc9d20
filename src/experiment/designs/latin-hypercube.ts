/**
 * Latin hypercube (McKay, Beckman & Conover 1979), maximin (Johnson, Moore & Ylvisaker 1990): each factor's interval is cut
 * into as many strata as there are runs, and every stratum has exactly one run.
 *
 * Of ten random hypercubes the one is taken whose two closest cells are farthest apart (and which has fewest pairs that
 * close). It is then improved: for the closest pair, swapping one coordinate of one of its points with that of another
 * point is tried in random order; the first swap that makes the hypercube better by the same measure is kept. It ends when
 * no swap for the closest pair helps, or after 50 · runs kept swaps (above 100 runs none is tried). Distances are Euclidean between the cells of the unit
 * cube, whole numbers squared, conditions left aside. Last, each point is drawn uniformly within its cell.
 */
import { text } from '../../common/text.ts';
import { at, row } from '../../numbers/linear.ts';
import { keyed, type Random } from '../../numbers/random.ts';
import type { PlannedDesign } from './contract.ts';
import { combinations, settingAt } from './conditions.ts';
import { designed, tooMany } from './designed.ts';

const candidates = 10;

/** Cells [n][dimensions]: whole numbers, every column a permutation of 0 … n−1. */
type Cells = number[][];

interface Closeness {
  /** Square of the smallest distance. */
  readonly distance: number;
  readonly pairs: number;
  /** The first such pair. */
  readonly pair: readonly [number, number];
}

const squared = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, index) => total + (value - at(b, index)) ** 2, 0);

function closeness(cells: Cells): Closeness {
  let found: Closeness = { distance: Infinity, pairs: 0, pair: [0, 0] };
  cells.forEach((a, i) => {
    for (let j = 0; j < i; j += 1) {
      const distance = squared(a, row(cells, j));
      if (distance < found.distance) found = { distance, pairs: 1, pair: [j, i] };
      else if (distance === found.distance) found = { ...found, pairs: found.pairs + 1 };
    }
  });
  return found;
}

const better = (a: Closeness, b: Closeness): boolean =>
  a.distance > b.distance || (a.distance === b.distance && a.pairs < b.pairs);

function randomCells(n: number, dimensions: number, random: Random): Cells {
  const columns = Array.from({ length: dimensions }, () => random.permutation(n));
  return Array.from({ length: n }, (_, index) => columns.map((column) => at(column, index)));
}

function swap(cells: Cells, a: number, b: number, dimension: number): void {
  const [first, second] = [cells[a], cells[b]];
  if (first === undefined || second === undefined) return;
  [first[dimension], second[dimension]] = [at(second, dimension), at(first, dimension)];
}

const nearest = (cells: Cells, index: number): number =>
  cells.reduce(
    (least, other, j) => (j === index ? least : Math.min(least, squared(row(cells, index), other))),
    Infinity,
  );

/** One swap for the closest pair that makes the cells better, done; null if there is none. */
function improved(cells: Cells, now: Closeness, random: Random): Closeness | null {
  const n = cells.length;
  const dimensions = row(cells, 0).length;
  for (const choice of random.permutation(2 * n * dimensions)) {
    const one = now.pair[choice % 2 === 0 ? 0 : 1];
    const dimension = Math.floor(choice / 2) % dimensions;
    const other = Math.floor(choice / (2 * dimensions));
    if (other === one) continue;
    swap(cells, one, other, dimension);
    // Most swaps bring the two points nearer to some other: seen without looking at all pairs.
    if (Math.min(nearest(cells, one), nearest(cells, other)) >= now.distance) {
      const then = closeness(cells);
      if (better(then, now)) return then;
    }
    swap(cells, one, other, dimension);
  }
  return null;
}

/** n points [n][dimensions] in [0, 1), one in each of n strata of every dimension. */
export function latinHypercube(dimensions: number, n: number, seed: number): number[][] {
  if (n === 0 || dimensions === 0) return Array.from({ length: n }, () => []);
  const random = keyed(seed, 'design', 'latin-hypercube');
  const first = Array.from({ length: candidates }, () => randomCells(n, dimensions, random));
  const cells = first.reduce((best, other) => (better(closeness(other), closeness(best)) ? other : best));
  let now: Closeness | null = closeness(cells);
  // Above some hundred points every look at all pairs is dear; random hypercubes of that size have few close pairs anyway.
  for (let kept = 0; now !== null && n <= mostImproved && kept < 50 * n; kept += 1) now = improved(cells, now, random);
  return cells.map((cell) => cell.map((stratum) => (stratum + random.uniform()) / n));
}

const mostImproved = 100;

export const latinHypercubeDesign: PlannedDesign = {
  title: text('Latin hypercube, maximin', '拉丁超立方（极大极小距离）'),
  runs: 'needed',
  takes: 'ranges',
  sequential: false,
  problems: (request) => tooMany(request, combinations(request.factors)),
  settings: ({ factors, runs, seed }) =>
    designed(
      factors,
      latinHypercube(factors.length, runs ?? 0, seed).map((point) => settingAt(factors, point)),
    ),
};
