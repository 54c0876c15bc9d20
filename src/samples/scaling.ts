/**
 * Scaling of numbers: one row per method of `normalize`. A fitted scaling is four plain values, so that it can be saved with
 * the model and undone for predictions.
 */
import { text } from '../common/text.ts';
import { DataError } from '../data/error.ts';
import { parseNumber } from '../data/values.ts';
import { mode, moments, quantile, sorted } from './statistics.ts';

export const scalings = ['standard', 'minmax', 'robust', 'log', 'scale', 'none'] as const;
export type ScalingName = (typeof scalings)[number];

/** x ↦ (x − shift) / divisor, or ln(1 + x) for `log`. */
export interface Scaling {
  readonly method: ScalingName;
  readonly shift: number;
  readonly divisor: number;
}

export interface FittedScaling {
  readonly scaling: Scaling;
  /** The spread was zero (all values equal): the divisor became 1. */
  readonly constant: boolean;
}

type Fit = (values: Float64Array) => { readonly shift: number; readonly divisor: number };

const fits: Readonly<Record<ScalingName, Fit>> = {
  // Population sd, as sklearn's StandardScaler.
  standard: (values) => {
    const { mean, sd } = moments(values);
    return { shift: mean, divisor: sd };
  },
  minmax: (values) => {
    const ascending = sorted(values);
    const low = ascending[0] ?? NaN;
    return { shift: low, divisor: (ascending.at(-1) ?? NaN) - low };
  },
  // Median and interquartile range, as sklearn's RobustScaler.
  robust: (values) => {
    const ascending = sorted(values);
    return { shift: quantile(ascending, 0.5), divisor: quantile(ascending, 0.75) - quantile(ascending, 0.25) };
  },
  log: () => ({ shift: 0, divisor: 1 }),
  scale: () => ({ shift: 0, divisor: 255 }),
  none: () => ({ shift: 0, divisor: 1 }),
};

/** The values that a method makes sense of. */
export const domainOf: Readonly<Record<ScalingName, 'real' | 'non-negative'>> = {
  standard: 'real',
  minmax: 'real',
  robust: 'real',
  log: 'non-negative',
  scale: 'real',
  none: 'real',
};

/** Fits a method on the training values (NaN left out). */
export function fitScaling(method: ScalingName, values: Float64Array): FittedScaling {
  const { shift, divisor } = fits[method](values);
  // A spread below rounding of the values themselves counts as none: dividing by it would only blow noise up.
  const constant = !(divisor > Math.abs(shift) * 1e-12);
  const usable = constant && (method === 'standard' || method === 'minmax' || method === 'robust');
  return { scaling: { method, shift, divisor: usable ? 1 : divisor }, constant: usable };
}

export function applyScaling(scaling: Scaling, value: number): number {
  return scaling.method === 'log' ? Math.log1p(value) : (value - scaling.shift) / scaling.divisor;
}

/** The inverse of {@link applyScaling}: from what the network computes to the unit of the data. */
export function undoScaling(scaling: Scaling, value: number): number {
  return scaling.method === 'log' ? Math.expm1(value) : value * scaling.divisor + scaling.shift;
}

/** What stands in for a missing number. */
export type Fill = 'mean' | 'median' | 'mode' | { readonly constant: number };

/**
 * From the spec's words: a constant may be written as a text.
 * @throws DataError `not-a-number`
 */
export function givenFill<Word>(
  input: string,
  missing: { readonly fill: Word } | { readonly constant: number | string },
): Word | { readonly constant: number } {
  if (!('constant' in missing)) return missing.fill;
  const { constant } = missing;
  const value = typeof constant === 'number' ? constant : parseNumber(constant);
  if (value !== undefined) return { constant: value };
  throw new DataError(
    'not-a-number',
    text(
      `Input “${input}”: the constant “${constant}” for missing values is not a number.`,
      `输入“${input}”：用于缺失值的常数“${constant}”不是数。`,
    ),
  );
}

/** The number to fill in, from the training values; NaN where there is none. */
export function fitFill(fill: Fill, values: Float64Array): number {
  if (typeof fill === 'object') return fill.constant;
  if (fill === 'mean') return moments(values).mean;
  const ascending = sorted(values);
  return fill === 'median' ? quantile(ascending, 0.5) : mode(ascending);
}

export interface OutlierRule {
  readonly method: 'iqr' | 'zscore';
  readonly threshold: number;
}

/** The bounds outside which a value is an outlier: quartiles ∓ threshold·IQR (Tukey), or mean ∓ threshold·sd. */
export function outlierBounds(
  rule: OutlierRule,
  values: Float64Array,
): { readonly low: number; readonly high: number } {
  if (rule.method === 'zscore') {
    const { mean, sd } = moments(values);
    return { low: mean - rule.threshold * sd, high: mean + rule.threshold * sd };
  }
  const ascending = sorted(values);
  const [first, third] = [quantile(ascending, 0.25), quantile(ascending, 0.75)];
  return { low: first - rule.threshold * (third - first), high: third + rule.threshold * (third - first) };
}
