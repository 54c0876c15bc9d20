/** A first look at each column: what kind of thing it holds, how much is missing, its range. For wizards, previews and warnings. */
import { missingIn } from './missing.ts';
import type { Column, CsvReport, Table } from './table.ts';
import type { CellRules } from './values.ts';
import { parseNumber, sortLabels } from './values.ts';

export interface ColumnProfile {
  readonly name: string;
  /** `array` for several numbers a row; `category` for few different values; `empty` where every cell looked at is missing. */
  readonly kind: 'number' | 'category' | 'text' | 'array' | 'empty';
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Of the rows looked at. */
  readonly missing: number;
  /** Different values; counted up to `distinctLimit`. */
  readonly distinct: number;
  /** Of numbers, missing left out. */
  readonly range?: { readonly min: number; readonly max: number; readonly mean: number };
  /** The values of a category, sorted. */
  readonly values?: readonly string[];
  /** How often each value occurs, where that was asked for and there are few; in the order of `values`. */
  readonly counts?: ReadonlyMap<string, number>;
}

export interface TableProfile {
  readonly rows: number;
  /** Rows looked at, evenly spread. */
  readonly sampled: number;
  readonly columns: readonly ColumnProfile[];
}

const distinctLimit = 1000;
const categoryLimit = 30;
/** Numbers of an array column that are looked at. */
const arrayValues = 200_000;

/**
 * Profiles every column over at most `maximalRows` rows, evenly spread over the table.
 *
 * @param counted whether to count how often each of few values occurs
 */
export function profileColumns(
  table: Table,
  rules: CellRules = {},
  maximalRows = 20_000,
  counted = false,
): TableProfile {
  const step = Math.max(1, Math.ceil(table.rows / maximalRows));
  const rows: number[] = [];
  for (let row = 0; row < table.rows; row += step) rows.push(row);
  const columns = [...table.columns].map(([name, column]) => profileOf(table, name, column, rows, rules, counted));
  return { rows: table.rows, sampled: rows.length, columns };
}

function profileOf(
  table: Table,
  name: string,
  column: Column,
  rows: readonly number[],
  rules: CellRules,
  counted: boolean,
): ColumnProfile {
  if (column.kind === 'number' && column.width !== 1) {
    const few = rows.slice(0, Math.max(1, Math.floor(arrayValues / Math.max(1, column.width))));
    const parts = few.map((row) => Array.from(column.values.subarray(row * column.width, (row + 1) * column.width)));
    const range = rangeOf(parts.flat().filter((value) => !Number.isNaN(value)));
    const missing = parts.filter((part) => part.every(Number.isNaN)).length;
    return { name, kind: 'array', shape: column.shape, dtype: column.dtype, missing, distinct: 0, ...range };
  }
  const cells = cellsAt(name, column, rows, rules, table.csv);
  const present = cells.filter((cell) => cell !== null);
  const distinct = new Set<string>();
  for (const cell of present) if (distinct.size < distinctLimit) distinct.add(cell);
  const base = {
    name,
    shape: [],
    dtype: column.kind === 'number' ? column.dtype : 'text',
    missing: cells.length - present.length,
    distinct: distinct.size,
    ...(counted && distinct.size <= categoryLimit && { counts: countsOf(present, distinct) }),
  };
  if (present.length === 0) return { ...base, kind: 'empty' };
  const { decimal, thousands } = (column.kind === 'text' ? table.csv : undefined) ?? {};
  const numbers = present.map((cell) => (isCode(cell) ? undefined : parseNumber(cell, decimal, thousands)));
  if (numbers.every((value) => value !== undefined)) return { ...base, kind: 'number', ...rangeOf(numbers) };
  // Values that repeat: a category; values that hardly ever do: text.
  const repeats = distinct.size <= categoryLimit && distinct.size <= Math.max(2, present.length / 2);
  return repeats ? { ...base, kind: 'category', values: sortLabels(distinct) } : { ...base, kind: 'text' };
}

function countsOf(cells: readonly string[], values: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map(sortLabels(values).map((value) => [value, 0]));
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return counts;
}

/** Digits that are a name: with zeros in front ("01067"), or more of them than a number keeps. */
function isCode(cell: string): boolean {
  return /^[+-]?(?:0\d+|\d{16,})$/.test(cell);
}

function cellsAt(
  name: string,
  column: Column,
  rows: readonly number[],
  rules: CellRules,
  csv: CsvReport | undefined,
): (string | null)[] {
  const missing = missingIn(rules.missingTokens, name, csv);
  if (column.kind === 'number') {
    const tokens = missing.values(column);
    return rows.map((row) => {
      const value = column.values[row] ?? NaN;
      return Number.isNaN(value) || tokens.has(value) ? null : String(value);
    });
  }
  return rows.map((row) => {
    const cell = column.cells[row]?.trim() ?? null;
    return cell === null || missing.cell(cell, parseNumber(cell, csv?.decimal, csv?.thousands)) ? null : cell;
  });
}

function rangeOf(values: readonly number[]): { range?: { min: number; max: number; mean: number } } {
  if (values.length === 0) return {};
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { range: { min, max, mean: sum / values.length } };
}
