/** From cells to numbers and labels: what is missing, what is a number. */
import { DataError } from './error.ts';
import type { Table } from './table.ts';
import { columnOf, sourceRow, textCells, whereIs } from './table.ts';

/** Cells that mean "no value" where the spec says nothing else. Compared after trimming spaces. */
export const defaultMissingTokens: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '?'];

/** One list for all columns, or lists for some columns (the others keep the default). */
export type MissingTokens =
  readonly string[] | Readonly<Record<string, readonly string[]>> | ReadonlyMap<string, readonly string[]>;

/** The tokens that mean "missing" in a column. Own entries only, so a column called `constructor` is a column. */
export function tokensFor(tokens: MissingTokens | undefined, column: string): ReadonlySet<string> {
  if (tokens === undefined) return new Set(defaultMissingTokens);
  if (isList(tokens)) return new Set(tokens);
  const own = isMap(tokens) ? tokens.get(column) : Object.hasOwn(tokens, column) ? tokens[column] : undefined;
  return new Set(own ?? defaultMissingTokens);
}

function isList(tokens: MissingTokens): tokens is readonly string[] {
  return Array.isArray(tokens);
}

function isMap(tokens: MissingTokens): tokens is ReadonlyMap<string, readonly string[]> {
  return tokens instanceof Map;
}

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The finite number a cell writes, or undefined. Spaces around it are allowed; hexadecimal and Infinity are not numbers here. */
export function parseNumber(cell: string, decimal: '.' | ',' = '.'): number | undefined {
  const trimmed = cell.trim();
  const text = decimal === ',' ? (trimmed.includes('.') ? '' : trimmed.replace(',', '.')) : trimmed;
  if (!plainNumber.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export interface CellRules {
  readonly missingTokens?: MissingTokens | undefined;
}

/** Numbers of one column, `width` a row, NaN for missing. */
export interface Numbers {
  readonly values: Float64Array;
  readonly width: number;
  readonly shape: readonly number[];
}

/**
 * A column as numbers.
 * @throws DataError `unknown-column`, `not-a-number` (naming the line and the cell)
 */
export function numbersOf(table: Table, name: string, rules: CellRules = {}): Numbers {
  const column = columnOf(table, name);
  if (column.kind === 'number') {
    const values = Float64Array.from(column.values);
    const infinite = values.findIndex((value) => value === Infinity || value === -Infinity);
    if (infinite >= 0) throw notANumber(table, name, Math.floor(infinite / column.width), String(values[infinite]));
    return { values, width: column.width, shape: column.shape };
  }
  const tokens = tokensFor(rules.missingTokens, name);
  const decimal = table.csv?.decimal ?? '.';
  const values = new Float64Array(table.rows);
  const at = column.at ?? ((row: number) => column.cells[row] ?? null);
  // Only where a number itself means "missing" (-9) must the tokens be asked before the cell is parsed.
  const tokensFirst = [...tokens].some((token) => parseNumber(token, decimal) !== undefined);
  const isMissing = (cell: string): boolean => tokens.has(cell.trim());
  for (let row = 0; row < values.length; row++) {
    const cell = at(row);
    const value = cell === null || (tokensFirst && isMissing(cell)) ? NaN : parseNumber(cell, decimal);
    if (value === undefined && cell !== null && !isMissing(cell)) throw notANumber(table, name, row, cell, decimal);
    values[row] = value ?? NaN;
  }
  return { values, width: 1, shape: [] };
}

function notANumber(table: Table, column: string, row: number, cell: string, decimal = '.'): DataError {
  const shown = cell.length > 60 ? `${cell.slice(0, 60)}…` : cell;
  const comma = decimal === '.' && parseNumber(cell, ',') !== undefined;
  const advice = comma
    ? 'If the comma is the decimal sign, set data.csv.decimal to ",".'
    : 'Correct the cell, list it in data.missingTokens, or use the column as a category.';
  return new DataError(
    'not-a-number',
    `${table.file}, ${whereIs(table, row)}, column “${column}”: “${shown}” is not a number. ${advice}`,
    { file: table.file, row: sourceRow(table, row), column },
  );
}

/**
 * A column as labels: trimmed text in Unicode's composed form (NFC), numbers in their shortest form, null for missing.
 * @throws DataError `unknown-column`, `shape`
 */
export function labelsOf(table: Table, name: string, rules: CellRules = {}): (string | null)[] {
  const tokens = tokensFor(rules.missingTokens, name);
  const column = columnOf(table, name);
  if (column.kind === 'number') {
    const cells = textCells(column, table.file, name);
    return column.dtype === 'bool' ? cells.map((cell) => (cell === '1' ? 'true' : 'false')) : [...cells];
  }
  // Few different values, many rows: each is trimmed and composed once.
  const known = new Map<string, string | null>();
  const labelOf = (cell: string): string | null => {
    let label = known.get(cell);
    if (label === undefined) {
      const trimmed = cell.trim();
      label = tokens.has(trimmed) ? null : trimmed.normalize('NFC');
      known.set(cell, label);
    }
    return label;
  };
  const at = column.at ?? ((row: number) => column.cells[row] ?? null);
  return Array.from({ length: table.rows }, (_, row) => {
    const cell = at(row);
    return cell === null ? null : labelOf(cell);
  });
}

/** A label as it is compared: numbers by value ("1.0" is "1"), text trimmed and composed (NFC). */
export function canonicalLabel(label: string | number | boolean): string {
  const text = String(label);
  const number = parseNumber(text);
  return number === undefined ? text.trim().normalize('NFC') : String(number);
}

/** Sorted as people expect: by value where all are numbers, otherwise by code point; the order never depends on the locale. */
export function sortLabels(labels: Iterable<string>): string[] {
  const all = [...new Set(labels)];
  const numbers = new Map(all.map((label) => [label, parseNumber(label)]));
  const numeric = all.every((label) => numbers.get(label) !== undefined);
  const byText = (a: string, b: string): number => compareCodePoints(a, b);
  if (!numeric) return all.sort(byText);
  return all.sort((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0) || byText(a, b));
}

/** By Unicode code point; plain `<` compares UTF-16 units and puts U+FF21 after an emoji. */
export function compareCodePoints(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const difference = (x[index]?.codePointAt(0) ?? 0) - (y[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}
