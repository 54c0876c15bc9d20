/** Comparing numbers with reference vectors: the rule of the reference files, and a record of the worst difference. */
import type { Draws, Json } from '../../../src/weighting/contract.ts';

/** A JSON value as the reference files have it; non-finite numbers are strings there. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Fields = Readonly<Record<string, Value>>;

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** One case of a reference file. */
export interface Case extends Fields {
  readonly id: string;
}

export const field = (fields: Value | undefined, key: string): Value => asFields(fields)[key] ?? null;

export function asFields(value: Value | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export const asList = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? (value as Value[]) : []);

export function asNumber(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  if (value === 'Infinity') return Infinity;
  return value === '-Infinity' ? -Infinity : NaN;
}

/** A text, empty where it is none. */
export const asText = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

export const asNumbers = (value: Value | undefined): number[] => asList(value).map(asNumber);
export const asMatrix = (value: Value | undefined): number[][] => asList(value).map(asNumbers);

/** All numbers of a nested list, in order. */
export function flatten(value: Value | undefined): number[] {
  return Array.isArray(value) ? (value as Value[]).flatMap(flatten) : [asNumber(value)];
}

export function toleranceOf(value: Value | undefined): Tolerance {
  const { rtol, atol } = asFields(value);
  return { rtol: typeof rtol === 'number' ? rtol : 0, atol: typeof atol === 'number' ? atol : 0 };
}

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** What one case came to. */
export interface Outcome {
  readonly method: string;
  readonly id: string;
  /** Empty where the case passed. */
  readonly failures: readonly string[];
  /** Largest difference, relative to the largest entry compared. */
  readonly error: number;
  /** The same as a share of what was allowed. */
  readonly share: number;
  /** Why the case was not run. */
  readonly skipped?: string;
}

/** Collects the comparisons of one case. */
export class Check {
  readonly failures: string[] = [];
  error = 0;
  share = 0;

  /**
   * Accepts when max|x − expected| ≤ max(atol, rtol · max|expected|).
   *
   * @param size stands for max|expected| where the file says so (a matrix norm)
   */
  compare(
    what: string,
    x: readonly number[],
    expected: readonly number[],
    { rtol, atol }: Tolerance,
    size?: number,
  ): void {
    if (x.length !== expected.length) {
      this.failures.push(`${what}: ${x.length} numbers instead of ${expected.length}`);
      return;
    }
    const scale = size ?? largest(expected);
    const allowed = Math.max(atol, rtol * scale);
    const difference = largest(x.map((value, i) => value - (expected[i] ?? NaN)));
    const relative = difference / Math.max(scale, 1e-300);
    const share = allowed > 0 ? difference / allowed : difference === 0 ? 0 : Infinity;
    if (Number.isFinite(relative) && scale > 0) this.error = Math.max(this.error, relative);
    this.share = Math.max(this.share, share);
    // Written so that NaN fails.
    if (!(difference <= allowed)) {
      this.failures.push(`${what}: off by ${difference.toExponential(2)}, allowed ${allowed.toExponential(2)}`);
    }
  }

  finite(what: string, x: readonly number[]): void {
    if (!x.every(Number.isFinite)) this.failures.push(`${what}: not finite`);
  }

  that(what: string, holds: boolean): void {
    if (!holds) this.failures.push(what);
  }

  outcome(method: string, id: string): Outcome {
    return { method, id, failures: this.failures, error: this.error, share: this.share };
  }
}

export interface StepInput {
  readonly matrix: readonly (readonly number[])[];
  readonly cross?: readonly (readonly number[])[];
  readonly draws: Draws;
  readonly uniform?: readonly number[];
}

export interface StepOutput {
  readonly weights: readonly number[] | null;
  readonly direction: readonly number[];
  readonly state: Json;
}
