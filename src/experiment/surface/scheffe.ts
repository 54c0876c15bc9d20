/**
 * Scheffé's canonical polynomials for mixtures (Scheffé 1958, "Experiments with mixtures"; Cornell 2002, chapters 2 and 4). Shares
 * x₁ … x_T sum to 1, so a constant and squares are combinations of the others and left out:
 * linear η = Σ βᵢ xᵢ, quadratic η = Σ βᵢ xᵢ + Σ_{i<j} βᵢⱼ xᵢ xⱼ. βᵢ is the response with all weight on task i.
 */
import { form, gramOf, multiply, plus, solvePositive, sum, unit } from '../../numbers/linear.ts';
import type { Term } from './contract.ts';

export interface MixtureRun {
  /** [T], summing to 1. */
  readonly shares: readonly number[];
  readonly value: number;
}

/** What depends on the shares alone: tasks that were measured by the same runs have one of it. */
export interface MixtureDesign {
  /** X [n][terms]. */
  readonly rows: readonly (readonly number[])[];
  /** (XᵀX)⁻¹. */
  readonly inverse: readonly (readonly number[])[];
  /** xᵀ(XᵀX)⁻¹x of every run. */
  readonly leverages: readonly number[];
}

export interface MixtureFit extends MixtureDesign {
  readonly coefficients: readonly number[];
  readonly residuals: readonly number[];
  /** n − terms. */
  readonly df: number;
}

/** A pivot of XᵀX below this share of its diagonal entry: the runs do not tell the terms apart. */
const tolerance = 1e-9;

/** @returns T terms, or T(T + 1)/2 */
export function mixtureTerms(tasks: number, degree: 1 | 2): readonly Term[] {
  const places = Array.from({ length: tasks }, (_, place) => place);
  const pairs = places.flatMap((first) => places.slice(first + 1).map((second) => [first, second]));
  return [...places.map((place) => [place]), ...(degree === 2 ? pairs : [])];
}

/** One row of X. */
const rowOf = (terms: readonly Term[], shares: readonly number[]): number[] =>
  terms.map((term) => term.reduce((product, place) => product * (shares[place] ?? NaN), 1));

const transposed = (rows: readonly (readonly number[])[]): number[][] =>
  (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? NaN));

/** The normal equations; shares lie in [0, 1], so that nothing needs scaling. Null where the rank is too low. */
export function mixtureDesign(
  runs: readonly Pick<MixtureRun, 'shares'>[],
  terms: readonly Term[],
): MixtureDesign | null {
  if (runs.length < terms.length) return null;
  const rows = runs.map(({ shares }) => rowOf(terms, shares));
  const normal = gramOf(transposed(rows));
  const inverse: number[][] = [];
  for (const place of terms.keys()) {
    const column = solvePositive(normal, unit(terms.length, place), tolerance);
    if (column === null) return null;
    inverse.push(column);
  }
  return { rows, inverse, leverages: rows.map((row) => form(inverse, row)) };
}

/** Least squares, b = (XᵀX)⁻¹Xᵀy. @param values in the order of the design's runs */
export function fitMixture(design: MixtureDesign, values: readonly number[]): MixtureFit {
  const coefficients = multiply(design.inverse, multiply(transposed(design.rows), values));
  return {
    ...design,
    coefficients,
    residuals: plus(values, multiply(design.rows, coefficients), -1),
    df: values.length - coefficients.length,
  };
}

/** 1 − n h below this: without its own runs the point could not be predicted. */
const alone = 1e-9;

/**
 * Leave-one-out by weighting: every weighting is predicted from the runs of all others, √(mean (ȳ − ŷ)²) over weightings, ȳ the
 * mean of its runs. Runs of one weighting tell of each other, so leaving out a single one would flatter. Nothing is fitted anew:
 * n runs of one x have H = h 11ᵀ, and (I − H)⁻¹ e (Cook & Weisberg 1982, section 2.2) has the mean ē / (1 − n h).
 *
 * @param points runs of the same shares together; `fit` is that of all of them in this order
 * @returns null where the others do not support the terms for some point
 */
export function leftOutError(points: readonly (readonly MixtureRun[])[], fit: MixtureFit): number | null {
  let first = 0;
  const squares = points.map((own) => {
    const n = own.length;
    const residual = sum(fit.residuals.slice(first, first + n)) / n;
    const rest = 1 - n * (fit.leverages[first] ?? NaN);
    first += n;
    return rest > alone ? (residual / rest) ** 2 : null;
  });
  return rootMean(squares);
}

/** The same where the prediction is the mean of all other runs. Null with fewer than two weightings. */
export function meanError(points: readonly (readonly MixtureRun[])[]): number | null {
  if (points.length < 2) return null;
  const totals = points.map((own) => sum(own.map(({ value }) => value)));
  const [total, count] = [sum(totals), points.flat().length];
  const squares = points.map((own, place) => {
    const inside = totals[place] ?? NaN;
    return (inside / own.length - (total - inside) / (count - own.length)) ** 2;
  });
  return rootMean(squares);
}

function rootMean(squares: readonly (number | null)[]): number | null {
  const known = squares.filter((square) => square !== null);
  return squares.length === 0 || known.length < squares.length ? null : Math.sqrt(sum(known) / known.length);
}
