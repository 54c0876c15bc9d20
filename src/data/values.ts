/** From cells to numbers and labels: what is missing, what is a number. A column's type is decided by the use that is made of it. */
import { labelText } from '../spec/reading/labels.ts';
import type { CellReport, NumberForms } from './cell-report.ts';
import { DataError } from './error.ts';
import { namesOf, type Spellings } from './labels.ts';
import { missingIn, type MissingTokens } from './missing.ts';
import { adviceFor, isGrouped, parseNumber } from './numbers.ts';
import type { CsvReport, NumberColumn, Table, TextColumn } from './table.ts';
import { columnOf, sourceRow, textCells, whereIs, whereIsZh } from './table.ts';

export { canonicalLabel } from '../spec/reading/labels.ts';
export { compareCodePoints, sortLabels } from './labels.ts';
export { tokensFor, type MissingTokens } from './missing.ts';
export { parseNumber } from './numbers.ts';

export interface CellRules {
  readonly missingTokens?: MissingTokens | undefined;
  /** Where it is written down what is noticed on the way. */
  readonly report?: CellReport | undefined;
}

/** Numbers of one column, `width` a row, NaN for missing. */
export interface Numbers {
  readonly values: Float64Array;
  readonly width: number;
  readonly shape: readonly number[];
}

/**
 * A column as numbers.
 * @throws DataError `unknown-column`; `not-a-number` and `ambiguous-number`, naming the line and the cell
 */
export function numbersOf(table: Table, name: string, rules: CellRules = {}): Numbers {
  const column = columnOf(table, name);
  return column.kind === 'number' ? ofNumbers(table, name, column, rules) : ofText(table, name, column, rules);
}

function ofNumbers(table: Table, name: string, column: NumberColumn, rules: CellRules): Numbers {
  const values = Float64Array.from(column.values);
  const missing = missingRules(table, name, rules);
  const tokens = missing.values(column);
  if (tokens.size > 0) {
    for (let at = 0; at < values.length; at++) {
      const token = tokens.get(values[at] ?? NaN);
      if (token === undefined) continue;
      missing.met(token);
      values[at] = NaN;
    }
  }
  const infinite = values.findIndex((value) => value === Infinity || value === -Infinity);
  if (infinite >= 0) throw notANumber(table, name, Math.floor(infinite / column.width), String(values[infinite]));
  return { values, width: column.width, shape: column.shape };
}

function ofText(table: Table, name: string, column: TextColumn, rules: CellRules): Numbers {
  const missing = missingRules(table, name, rules);
  const { decimal = '.', thousands, detected = [] } = table.csv ?? {};
  const values = new Float64Array(table.rows);
  const at = column.at ?? ((row: number) => column.cells[row] ?? null);
  const forms = rules.report !== undefined && detected.includes('decimal') ? countForms(decimal) : undefined;
  for (let row = 0; row < values.length; row++) {
    const cell = at(row);
    const value = cell === null ? undefined : parseNumber(cell, decimal, thousands);
    if (cell === null || missing.cell(cell, value)) values[row] = NaN;
    else if (value === undefined) throw notANumber(table, name, row, cell);
    else {
      values[row] = value;
      forms?.count(cell);
    }
  }
  if (forms !== undefined) rules.report?.numberForms(name, forms.found);
  return { values, width: 1, shape: [] };
}

function missingRules(
  { csv }: Table,
  name: string,
  { missingTokens, report }: CellRules,
): ReturnType<typeof missingIn> {
  return missingIn(missingTokens, name, csv ?? {}, (column, token) => report?.tokenMet(column, token));
}

function countForms(decimal: CsvReport['decimal']): { readonly found: NumberForms; count(cell: string): void } {
  const found: NumberForms = { plain: 0, grouped: 0, other: 0, example: '' };
  return {
    found,
    count: (cell) => {
      // One number that cannot be grouped decides the column.
      if (found.other > 0) return;
      if (/^\s*[+-]?\d+\s*$/.test(cell)) found.plain++;
      else if (!isGrouped(cell, decimal)) found.other++;
      else {
        if (found.grouped === 0) found.example = cell.trim();
        found.grouped++;
      }
    },
  };
}

function notANumber(table: Table, column: string, row: number, cell: string): DataError {
  const shown = cell.length > 60 ? `${cell.slice(0, 60)}…` : cell;
  const { ambiguous, text } = adviceFor(cell, table.csv ?? {}, table.csv !== undefined);
  return new DataError(
    ambiguous ? 'ambiguous-number' : 'not-a-number',
    {
      en: `${table.file}, ${whereIs(table, row)}, column “${column}”: “${shown}” is ${ambiguous ? 'two numbers at once' : 'not a number'}. ${text.en}`,
      zh: `${table.file}，${whereIsZh(table, row)}，列 “${column}”：“${shown}” ${ambiguous ? '有两种读法' : '不是数值'}。${text.zh}`,
    },
    { file: table.file, row: sourceRow(table, row), column },
  );
}

/**
 * A column as labels: text as it is written, trimmed and in Unicode's composed form (NFC); numbers of formats that have numbers in
 * their shortest form; null for missing. Spellings of one label ("1" and "1.0") get one name.
 * @throws DataError `unknown-column`, `shape`
 */
export function labelsOf(table: Table, name: string, rules: CellRules = {}): (string | null)[] {
  const labels = writtenLabels(table, name, rules);
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = labelNames(name, counts, rules);
  return labels.map((label) => (label === null ? null : (names.get(label) ?? label)));
}

/** The names of all labels of a column; what is odd about its spellings is written down. */
export function labelNames(column: string, spellings: Spellings, { report }: CellRules): ReadonlyMap<string, string> {
  const { names, merged, alike } = namesOf(spellings);
  report?.labelForms(column, { merged, alike });
  return names;
}

/** Labels as {@link labelsOf} finds them, each as it is spelled. */
export function writtenLabels(table: Table, name: string, rules: CellRules = {}): (string | null)[] {
  const missing = missingRules(table, name, rules);
  const column = columnOf(table, name);
  if (column.kind === 'number') {
    const tokens = missing.values(column);
    const cells = textCells(column, table.file, name);
    return cells.map((cell, row) => {
      if (cell === null) return null;
      const token = tokens.get(column.values[row] ?? NaN);
      if (token !== undefined) missing.met(token);
      const label = column.dtype === 'bool' ? (cell === '1' ? 'true' : 'false') : cell;
      return token !== undefined || missing.label(label) ? null : label;
    });
  }
  if (column.kinds !== undefined) rules.report?.labelKinds(name, column.kinds);
  // Few different values, many rows: each is trimmed and composed once.
  const known = new Map<string, string | null>();
  const labelOf = (cell: string): string | null => {
    let label = known.get(cell);
    if (label === undefined) {
      label = missing.label(cell) ? null : labelText(cell);
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
