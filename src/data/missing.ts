/** What means "no value": tokens of the spec, compared by spelling where they are text and by value where they are numbers. */
import { canonicalLabel } from '../spec/reading/labels.ts';
import { parseNumber, type NumberMarks } from './numbers.ts';
import type { NumericArray } from './table.ts';

/** Cells that mean "no value" where the spec says nothing else. Compared after trimming spaces. */
export const defaultMissingTokens: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '?'];

type Tokens = readonly (string | number)[];

/** One list for all columns, or lists for some columns (the others keep the default). */
export type MissingTokens = Tokens | Readonly<Record<string, Tokens>> | ReadonlyMap<string, Tokens>;

/** Told of every token that a cell of a column was. */
export type TokenMet = (column: string, token: string) => void;

/** The tokens of one column, made ready to be compared. */
export interface Missing {
  /** A cell of text that becomes a number; `value` is what it writes, where it writes one. */
  cell(text: string, value: number | undefined): boolean;
  /** A cell that becomes a label: numbers as labels are compared ("-999.0" is "-999"), text as it is spelled. */
  label(text: string): boolean;
  /** Numbers of a column of this type that mean "missing", as the type holds them; empty for most columns. */
  values(type: { readonly dtype: string; readonly values: NumericArray }): ReadonlyMap<number, string>;
  /** To be called for a number found by {@link values}. */
  met(token: string): void;
}

/** The tokens that the spec names for a column. Own entries only, so a column called `constructor` is a column. */
export function tokensFor(tokens: MissingTokens | undefined, column: string): ReadonlySet<string> {
  if (tokens === undefined) return new Set(defaultMissingTokens);
  if (isList(tokens)) return new Set(tokens.map(String));
  const own = isMap(tokens) ? tokens.get(column) : Object.hasOwn(tokens, column) ? tokens[column] : undefined;
  return new Set(own?.map(String) ?? defaultMissingTokens);
}

function isList(tokens: MissingTokens): tokens is Tokens {
  return Array.isArray(tokens);
}

function isMap(tokens: MissingTokens): tokens is ReadonlyMap<string, Tokens> {
  return tokens instanceof Map;
}

/** @param marks how the file writes numbers: a token may be written as in the spec, or as in the file */
export function missingIn(
  tokens: MissingTokens | undefined,
  column: string,
  marks: NumberMarks = {},
  met: TokenMet = () => undefined,
): Missing {
  const texts = new Map<string, string>();
  const labels = new Map<string, string>();
  const numbers = new Map<number, string>();
  for (const token of tokensFor(tokens, column)) {
    const text = token.trim();
    texts.set(text, token);
    labels.set(canonicalLabel(text), token);
    const value = parseNumber(text) ?? parseNumber(text, marks.decimal, marks.thousands) ?? infinite(text);
    if (value !== undefined) numbers.set(value, token);
  }
  const told = (token: string | undefined): boolean => {
    if (token !== undefined) met(column, token);
    return token !== undefined;
  };
  return {
    cell: (text, value) => told((value === undefined ? undefined : numbers.get(value)) ?? texts.get(text.trim())),
    label: (text) => told(texts.get(text.trim()) ?? labels.get(canonicalLabel(text))),
    values: (type) => {
      if (numbers.size === 0) return numbers;
      const held = rounding(type);
      return new Map([...numbers].map(([value, token]) => [held(value), token]));
    },
    met: (token) => met(column, token),
  };
}

/** Arrays hold infinite numbers, which JSON and tables have no number for. */
function infinite(text: string): number | undefined {
  const [, sign] = /^([+-]?)(?:inf|infinity|∞)$/i.exec(text) ?? [];
  return sign === undefined ? undefined : sign === '-' ? -Infinity : Infinity;
}

/** −999.9 in an array of 32-bit numbers is −999.900024…: the token is rounded as the array's numbers were. */
function rounding({
  dtype,
  values,
}: {
  readonly dtype: string;
  readonly values: NumericArray;
}): (value: number) => number {
  if (dtype === 'float16') return toHalf;
  return values instanceof Float32Array ? Math.fround : (value) => value;
}

/** The nearest IEEE 754 binary16, ties to even. */
function toHalf(value: number): number {
  if (!Number.isFinite(value)) return value;
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(value))));
  const step = 2 ** (exponent - 10);
  const steps = value / step;
  const below = Math.floor(steps);
  const rest = steps - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  return value === 0 ? 0 : rounded * step;
}
