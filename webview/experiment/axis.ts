/** An axis from values to places on the page, with round numbers at its ticks. Pure. */
import { fixed } from './numbers.ts';

export interface Axis {
  readonly min: number;
  readonly max: number;
  /** Place of a value, in pixels. */
  readonly at: (value: number) => number;
  /** Value at a place. */
  readonly value: (place: number) => number;
  readonly ticks: readonly number[];
  readonly label: (tick: number) => string;
}

/**
 * An axis over these values (those that are finite) with some room at both ends.
 *
 * @param from place of the lower end, in pixels; it may be the greater one: an axis that points up
 * @param room share of the span that is left free at each end
 */
export function axisOf(values: Iterable<number>, from: number, to: number, room = 0.05): Axis {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = [0, 1];
  const span = high - low;
  // Nothing but zeros, as differences that are all the same: 0 in the middle of a unit.
  const extra = span > 0 ? span * room : high === 0 ? 1 : Math.abs(high) * 0.1;
  const [min, max] = [low - extra, high + extra];
  const step = stepOf(max - min, Math.max(2, Math.abs(to - from) / 80));
  return {
    ...{ min, max },
    at: (value) => from + ((value - min) / (max - min)) * (to - from),
    value: (place) => min + ((place - from) / (to - from)) * (max - min),
    ticks: ticksOf(min, max, step),
    label: (tick) => tickText(tick, step),
  };
}

/** The least of 1, 2, 5 × 10ⁿ that makes no more than `count` steps. */
function stepOf(span: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(span / count));
  return power * ([1, 2, 5].find((factor) => factor * power * count >= span) ?? 10);
}

function ticksOf(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  // By multiplication, so that 0 is 0.
  return Array.from({ length: Math.max(0, Math.min(50, count)) }, (_, index) => (first + index) * step);
}

function tickText(tick: number, step: number): string {
  const size = Math.max(Math.abs(tick), step);
  if (size >= 1e6 || step < 1e-6) return tick === 0 ? '0' : tick.toExponential(1).replaceAll('-', '−');
  return fixed(tick, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}
