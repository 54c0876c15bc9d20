/** Main effects and shares of variance in a factorial design, balanced or not. */

/** One run: its level of each factor, and its value. */
export interface FactorialRun {
  readonly levels: Readonly<Record<string, string | number | boolean>>;
  readonly value: number;
}

export interface FactorEffect {
  /** A factor, or `a × b` for an interaction. */
  readonly factors: readonly string[];
  /** Type II: what the term explains beyond all terms that do not contain it. */
  readonly sumOfSquares: number;
  /** Columns that it adds; 0 where it is confounded with the others, and then nothing can be said of it. */
  readonly df: number;
  /** SS / SS_total; null where the values have no spread. */
  readonly etaSquared: number | null;
  /** SS / (SS + SS_residual of the largest model); null where both are 0. */
  readonly partialEtaSquared: number | null;
}

export interface LevelMean {
  readonly factor: string;
  readonly level: string | number | boolean;
  readonly runs: number;
  /** The plain mean of the runs with this level: in an unbalanced design other factors weigh in. */
  readonly mean: number;
}

export interface Factorial {
  readonly runs: number;
  readonly effects: readonly FactorEffect[];
  readonly levelMeans: readonly LevelMean[];
  readonly totalSumOfSquares: number | null;
  readonly residualSumOfSquares: number | null;
  readonly residualDf: number | null;
  readonly reason: 'no-runs' | 'not-finite' | null;
}

type Column = readonly number[];

const dot = (a: Column, b: Column): number => a.reduce((total, value, i) => total + value * (b[i] ?? NaN), 0);

/** Takes the part along the orthonormal `basis` out of a column, twice, so that what is left is orthogonal to 1e-15. */
function outside(column: Column, basis: readonly Column[]): Column {
  let rest = column;
  for (let pass = 0; pass < 2; pass += 1) {
    for (const direction of basis) {
      const share = dot(rest, direction);
      rest = rest.map((value, i) => value - share * (direction[i] ?? NaN));
    }
  }
  return rest;
}

/** An orthonormal basis of the columns; one that depends on those before (to 1e-9 of its length) adds nothing. */
function basisOf(columns: readonly Column[]): Column[] {
  const basis: Column[] = [];
  for (const column of columns) {
    const rest = outside(column, basis);
    const length = Math.sqrt(dot(rest, rest));
    if (length > 1e-9 * Math.sqrt(dot(column, column))) basis.push(rest.map((value) => value / length));
  }
  return basis;
}

/** 0/1 columns of the combinations of levels that occur. */
function indicators(runs: readonly FactorialRun[], factors: readonly string[]): Column[] {
  const keys = runs.map(({ levels }) => JSON.stringify(factors.map((factor) => levels[factor])));
  return [...new Set(keys)].map((key) => keys.map((own) => (own === key ? 1 : 0)));
}

/**
 * Type II sums of squares (Yates 1934; Langsrud 2003) of every factor and, if asked, of every pair: SS(term) = residual of the model
 * with all terms that do not contain it − the residual with it added. In a balanced design this is the classical analysis of
 * variance; in an unbalanced one a factor is not credited with what another explains as well. η² = SS/SS_total need not add up to
 * 1 then. Descriptive: no p, since verdicts have one procedure.
 *
 * No run, or a value that is not finite: no effects, with the reason.
 *
 * @param interactions also pairs of factors
 * @throws RangeError where a run lacks a level of a factor that another one has
 */
export function factorial(runs: readonly FactorialRun[], interactions = false): Factorial {
  const nothing = { totalSumOfSquares: null, residualSumOfSquares: null, residualDf: null };
  const empty = { runs: runs.length, effects: [], levelMeans: [], ...nothing };
  if (runs.length === 0) return { ...empty, reason: 'no-runs' };
  if (!runs.every(({ value }) => Number.isFinite(value))) return { ...empty, reason: 'not-finite' };
  const factors = [...new Set(runs.flatMap(({ levels }) => Object.keys(levels)))];
  for (const [index, { levels }] of runs.entries()) {
    const missing = factors.find((factor) => levels[factor] === undefined);
    if (missing !== undefined) throw new RangeError(`Run ${index} has no level of the factor "${missing}".`);
  }
  const pairs = factors.flatMap((a, i) => factors.slice(i + 1).map((b) => [a, b]));
  const terms = [...factors.map((factor) => [factor]), ...(interactions ? pairs : [])];
  const mean = runs.reduce((total, { value }) => total + value, 0) / runs.length;
  const values = runs.map(({ value }) => value - mean);
  const ones = runs.map(() => 1);
  const basisFor = (chosen: readonly (readonly string[])[]): Column[] =>
    basisOf([ones, ...chosen.flatMap((term) => indicators(runs, term))]);
  const residual = (basis: readonly Column[]): number => {
    const rest = outside(values, basis);
    return dot(rest, rest);
  };
  const total = dot(values, values);
  const full = basisFor(terms);
  const unexplained = residual(full);
  const effects = terms.map((term): FactorEffect => {
    const others = terms.filter((other) => !term.every((factor) => other.includes(factor)));
    const [without, within] = [basisFor(others), basisFor([...others, term])];
    const df = within.length - without.length;
    const sumOfSquares = df === 0 ? 0 : Math.max(0, residual(without) - residual(within));
    const partial = sumOfSquares + unexplained;
    return {
      factors: term,
      sumOfSquares,
      df,
      etaSquared: total > 0 ? sumOfSquares / total : null,
      partialEtaSquared: partial > 0 ? sumOfSquares / partial : null,
    };
  });
  return {
    runs: runs.length,
    effects,
    levelMeans: factors.flatMap((factor) => levelMeans(runs, factor)),
    totalSumOfSquares: total,
    residualSumOfSquares: unexplained,
    residualDf: runs.length - full.length,
    reason: null,
  };
}

function levelMeans(runs: readonly FactorialRun[], factor: string): LevelMean[] {
  const found = [...new Set(runs.flatMap(({ levels }) => levels[factor] ?? []))];
  return found.map((level) => {
    const own = runs.filter(({ levels }) => levels[factor] === level);
    return { factor, level, runs: own.length, mean: own.reduce((sum, { value }) => sum + value, 0) / own.length };
  });
}
