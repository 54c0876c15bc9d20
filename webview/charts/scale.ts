/**
 * The vertical axis. uPlot is given numbers of ordinary size on a linear axis, whatever the values are: logarithms on a
 * log scale, multiples of a power of ten where values are huge or tiny. Its own log axis loses itself below about 1e-24.
 * Pure.
 */

/** How values become what is drawn, and what stands at the axis. */
export interface Scale {
  /** Null for what has no place: no number, infinity, on a log scale what is not positive. */
  readonly draw: (value: number | null) => number | null;
  /** Both ends of the axis for what is drawn between `min` and `max`; null where nothing is. */
  readonly range: (min: number | null, max: number | null) => [number, number];
  /** Where the axis has lines, as drawn: never more than a dozen. */
  readonly splits: (min: number, max: number) => number[];
  /** The value of a line. */
  readonly label: (drawn: number) => string;
  /** The value of what is drawn. */
  readonly value: (drawn: number) => number;
}

type Values = ArrayLike<number | null>;

/**
 * @param curves all that is drawn
 * @param recorded those of them that hold recorded values: a log scale does not reach below the least positive one of them
 */
export function scaleOf(log: boolean, curves: readonly Values[], recorded: readonly Values[] = curves): Scale {
  return log ? logarithmic(floorOf(recorded)) : linear(unitOf(curves));
}

/** Logarithm of the least positive value; nothing limits where there is none. */
function floorOf(recorded: readonly Values[]): number {
  let least = Infinity;
  for (const values of recorded) {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (typeof value === 'number' && value > 0 && value < least) least = value;
    }
  }
  return least === Infinity ? -Infinity : Math.log10(least);
}

/** @param floor the axis ends there or above; what lies below leaves the chart at its foot */
const logarithmic = (floor: number): Scale => ({
  draw: (value) => (value !== null && Number.isFinite(value) && value > 0 ? Math.log10(value) : null),
  range: (least, most) => {
    if (least === null || most === null) return [-1, 0];
    const [min, max] = [Math.max(least, floor), Math.max(most, floor)];
    const [low, high] = [Math.floor(min), Math.ceil(max)];
    // Less than a decade apart: near both values, as on a linear axis.
    if (high - low <= 1) return padded(min, max, 0.1);
    return [low, high];
  },
  splits: (min, max) => {
    const decades = max - min;
    if (decades < 0.5) return evenly(min, max);
    const step = [1, 2, 5, 10, 20, 50].find((count) => decades / count <= 10) ?? 100;
    const whole = multiples(Math.floor(min / step) * step, max, step);
    const parts =
      decades <= 2 ? whole.flatMap((power) => [power, power + Math.log10(2), power + Math.log10(5)]) : whole;
    return parts.filter((power) => power >= min && power <= max);
  },
  // 10 ** power would be 0 or infinite at the ends of what a number can be.
  label: (power) => (Number.isInteger(power) && Math.abs(power) > 6 ? `1e${String(power)}` : tick(10 ** power)),
  value: (power) => 10 ** power,
});

/** @param unit power of ten that is drawn as 1 */
function linear(unit: number): Scale {
  // In two steps: 10³²⁴ is no number, though 10⁻³²⁴ is nearly one.
  const first = Math.max(-300, Math.min(300, unit));
  const [one, two] = [10 ** first, 10 ** (unit - first)];
  return {
    draw: (value) => (value !== null && Number.isFinite(value) ? value / one / two : null),
    range: (min, max) => {
      if (min === null || max === null || (min === 0 && max === 0)) return [0, 1];
      const [low, high] = padded(min, max, Math.abs(max) * 0.1);
      // What has one sign keeps to its side of 0.
      return [min >= 0 ? Math.max(0, low) : low, max <= 0 ? Math.min(0, high) : high];
    },
    splits: evenly,
    label: (drawn) => tick(drawn * two * one),
    value: (drawn) => drawn * two * one,
  };
}

/** 0 where values are of ordinary size. */
function unitOf(curves: readonly Values[]): number {
  let most = 0;
  for (const values of curves) {
    for (let index = 0; index < values.length; index++) {
      const size = Math.abs(values[index] ?? 0);
      if (size > most && Number.isFinite(size)) most = size;
    }
  }
  return most === 0 || (most >= 1e-6 && most < 1e9) ? 0 : Math.floor(Math.log10(most));
}

/** A tenth of room on both sides; `single` of it around one value. */
function padded(min: number, max: number, single: number): [number, number] {
  const room = max > min ? (max - min) * 0.1 : single;
  return [min - room, max + room];
}

/** About six round numbers between two. */
function evenly(min: number, max: number): number[] {
  const rough = (max - min) / 6;
  if (!(rough > 0) || !Number.isFinite(rough)) return [min];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  return multiples(Math.ceil(min / step) * step, max, step);
}

/** `from`, `from + step` … up to `to`; by multiplication, so that a step too small to be added ends too. */
function multiples(from: number, to: number, step: number): number[] {
  const count = Math.min(12, Math.floor((to - from) / step + 1e-9) + 1);
  return Array.from({ length: Math.max(0, count) }, (_, index) => from + index * step);
}

/** How many values have no place on a log scale. */
export interface NotPositive {
  readonly zeros: number;
  readonly negative: number;
}

export function notPositive(curves: readonly Values[]): NotPositive {
  let [zeros, negative] = [0, 0];
  for (const values of curves) {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (value === 0) zeros++;
      else if (typeof value === 'number' && value < 0) negative++;
    }
  }
  return { zeros, negative };
}

const formatter = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4, useGrouping: false });

/** A number as it stands at an axis, in the tooltip or in a cell. */
export function tick(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(2) : formatter.format(value);
}
