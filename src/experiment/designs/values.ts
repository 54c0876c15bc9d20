/**
 * From the unit interval to the values of a factor, and back. Every value of levels or whole numbers has a cell of the
 * interval; levels and whole numbers of a linear scale have cells of equal width. On a log scale the cell of a whole number
 * k is from log(k − ½) to log(k + ½), so that it is as likely as a real number of the range is to be rounded to it.
 */
import type { Json } from '../../common/checks.ts';
import type { Factor, RangeFactor } from './contract.ts';

/** A part of the unit interval: low ≤ u < high. */
export interface Cell {
  readonly low: number;
  readonly high: number;
}

export const isRange = (factor: Factor): factor is RangeFactor => 'range' in factor;

/** The one text of a value: equal values have equal texts, whatever the order of their keys. Objects may be Maps. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = value instanceof Map ? [...(value as ReadonlyMap<string, unknown>)] : Object.entries(value);
  const written = entries.map(([key, item]) => `${JSON.stringify(key)}:${textOf(item)}`);
  return `{${written.sort().join(',')}}`;
}

/** Smallest and largest value of a range; for whole numbers the outermost ones inside it. */
function boundsOf(factor: RangeFactor): readonly [low: number, high: number] {
  const [low = 0, high = 0] = factor.range;
  return factor.integer ? [Math.ceil(low), Math.floor(high)] : [low, high];
}

/** How many values a factor can have; infinite for a range of real numbers. */
export function countOf(factor: Factor): number {
  if (!isRange(factor)) return factor.levels.length;
  const [low, high] = boundsOf(factor);
  return factor.integer ? Math.max(0, high - low + 1) : Infinity;
}

/** Are the levels numbers from the smallest to the largest, so that those beside one another are alike? */
export const isOrdered = (factor: Factor): boolean =>
  isRange(factor) ||
  factor.levels.every((level, index) => {
    const before = index === 0 ? -Infinity : factor.levels[index - 1];
    return typeof level === 'number' && typeof before === 'number' && before < level;
  });

/** Value number `index` of a factor that has finitely many. */
function valueAt(factor: Factor, index: number): Json {
  if (isRange(factor)) return boundsOf(factor)[0] + index;
  const level = factor.levels[index];
  if (level === undefined) throw new RangeError(`Level ${index} of ${factor.levels.length} (${factor.name})`);
  return level;
}

/** The cell of value number `index` of a factor that has finitely many. */
export function cellAt(factor: Factor, index: number): Cell {
  const count = countOf(factor);
  if (!isRange(factor) || factor.scale === 'linear') return { low: index / count, high: (index + 1) / count };
  const [first, last] = boundsOf(factor);
  const share = (bound: number): number => Math.log(bound / (first - 0.5)) / Math.log((last + 0.5) / (first - 0.5));
  return { low: share(first + index - 0.5), high: share(first + index + 0.5) };
}

/**
 * The value at `u` in [0, 1]; 1 belongs to the last cell. Real numbers are rounded to 12 significant digits (and stay in
 * their range), so that the last bit of another machine's logarithm makes no other run.
 */
export function valueOf(factor: Factor, u: number): Json {
  const count = countOf(factor);
  if (count === Infinity && isRange(factor)) {
    const [low, high] = boundsOf(factor);
    const exact = factor.scale === 'log' ? Math.exp(Math.log(low) + u * Math.log(high / low)) : low + u * (high - low);
    return Math.min(high, Math.max(low, Number(exact.toPrecision(12))));
  }
  if (!isRange(factor) || factor.scale === 'linear') return valueAt(factor, Math.min(count - 1, Math.floor(u * count)));
  const [first, last] = boundsOf(factor);
  const exact = (first - 0.5) * Math.exp(u * Math.log((last + 0.5) / (first - 0.5)));
  return Math.min(last, Math.max(first, Math.round(exact)));
}

/** Which of its values a value is, for a factor that has finitely many; null if it is none of them. */
export function indexOf(factor: Factor, value: unknown): number | null {
  if (isRange(factor)) {
    const [low, high] = boundsOf(factor);
    return Number.isInteger(value) && Number(value) >= low && Number(value) <= high ? Number(value) - low : null;
  }
  const wanted = textOf(value);
  const index = factor.levels.findIndex((level) => textOf(level) === wanted);
  return index < 0 ? null : index;
}

/**
 * The inverse of `valueOf`: the cell that a value stands for, a single point for a real number; null if the value is none
 * of the factor's.
 */
export function cellOf(factor: Factor, value: unknown): Cell | null {
  if (countOf(factor) !== Infinity || !isRange(factor)) {
    const index = indexOf(factor, value);
    return index === null ? null : cellAt(factor, index);
  }
  const [low, high] = boundsOf(factor);
  if (typeof value !== 'number' || !(value >= low && value <= high)) return null;
  if (low === high) return { low: 0, high: 0 };
  const u = factor.scale === 'log' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return { low: u, high: u };
}

/** The middle of a value's cell; null if the value is none of the factor's. */
export function unitOf(factor: Factor, value: unknown): number | null {
  const cell = cellOf(factor, value);
  return cell === null ? null : (cell.low + cell.high) / 2;
}
