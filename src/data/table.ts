/**
 * A table in columns, as the readers hand it on: nothing is cleaned, dropped or converted yet.
 * Text stays text (what counts as missing is the spec's decision), numbers of binary formats stay in their typed array.
 */
import { text, type Language } from '../common/text.ts';
import type { AvailableFormat } from '../spec/index.ts';
import { DataError } from './error.ts';
import type { Decimal, Thousands } from './numbers.ts';

export type NumericArray =
  Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/** Cells as written; `null` is a value the format itself calls missing (JSON's null, an absent key). */
export interface TextColumn {
  readonly kind: 'text';
  readonly cells: readonly (string | null)[];
  /** One cell, without making (and keeping) the strings of all of them; absent where `cells` is there anyway. */
  readonly at?: (row: number) => string | null;
  /** How many values of each kind the cells were, in a format that has kinds (JSON). */
  readonly kinds?: KindCounts;
}

export interface KindCounts {
  readonly numbers: number;
  readonly texts: number;
  /** Truth values, lists and objects. */
  readonly others: number;
}

/** Numbers, `width` of them a row (row-major); NaN is missing. */
export interface NumberColumn {
  readonly kind: 'number';
  /** The type in the file: `float32`, `int64`, `bool`, `json` … */
  readonly dtype: string;
  /** Shape of one row: [] for a plain number, [28, 28] for an image. */
  readonly shape: readonly number[];
  /** Product of `shape`. */
  readonly width: number;
  readonly values: NumericArray;
}

export type Column = TextColumn | NumberColumn;

/** How a CSV file was understood; given in the spec or found by looking. */
export interface CsvReport {
  readonly encoding: string;
  readonly separator: string;
  readonly decimal: Decimal;
  /** What groups digits by threes; only as given. */
  readonly thousands?: Thousands;
  readonly quote: string;
  readonly header: boolean;
  /** Those of the above that were found by looking, not given. */
  readonly detected: readonly ('encoding' | 'separator' | 'decimal' | 'header')[];
  /** Other separators under which the file would be a table, too. */
  readonly rivals: readonly string[];
  /** False where a header was found, or none, without words above numbers that prove it. */
  readonly headerSure: boolean;
}

/** What messages say of a table. */
export interface TableFacts {
  /** File name for messages. */
  readonly file: string;
  readonly rows: number;
  /** Where a row stands in a text file, from 1; for binary files undefined. */
  lineOf(row: number): number | undefined;
  /** Of some rows of a file: which row of it is the first here; 0 where not given. */
  readonly firstRow?: number;
}

export interface Table extends TableFacts {
  readonly format: AvailableFormat;
  readonly columns: ReadonlyMap<string, Column>;
  readonly csv?: CsvReport;
}

/** The columns of a file without its rows. */
export interface Header {
  readonly file: string;
  readonly format: AvailableFormat;
  readonly columns: readonly ColumnHead[];
  /** Known for NPZ only; text files are not read to their end. */
  readonly rows?: number;
  /** False where more columns may follow in the part not read (JSONL). */
  readonly complete: boolean;
  readonly csv?: CsvReport;
}

export interface ColumnHead {
  readonly name: string;
  /** Numbers a row as far as known without reading rows: [] for one value. */
  readonly shape: readonly number[];
  /** `text` for cells whose type is not known before they are read. */
  readonly dtype: string;
}

export function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** `line 7` or `row 6 (from 0)`, for messages. */
export function whereIs(table: TableFacts, row: number): string {
  const line = table.lineOf(row);
  return line === undefined ? `row ${sourceRow(table, row)} (from 0)` : `line ${line}`;
}

/** The same in Chinese: `第 7 行`, or `行 6（从 0 起）`. */
export function whereIsZh(table: TableFacts, row: number): string {
  const line = table.lineOf(row);
  return line === undefined ? `行 ${sourceRow(table, row)}（从 0 起）` : `第 ${line} 行`;
}

/** The row of the file that a row here is. */
export function sourceRow(table: TableFacts, row: number): number {
  return row + (table.firstRow ?? 0);
}

/** @throws DataError `unknown-column` */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name);
  if (column !== undefined) return column;
  throw new DataError(
    'unknown-column',
    text(
      `${table.file} has no column “${name}”. It has ${listNames(table.columns.keys())}.`,
      `${table.file} 中没有列“${name}”，只有 ${listNames(table.columns.keys(), 'zh')}。`,
    ),
    {
      file: table.file,
      column: name,
    },
  );
}

/** Names for a message, at most eight of them. */
export function listNames(names: Iterable<string>, language: Language = 'en'): string {
  const all = [...names];
  const shown = all.slice(0, 8).map((name) => `“${name.length > 40 ? `${name.slice(0, 40)}…` : name}”`);
  const rest = all.length - shown.length;
  if (language === 'zh')
    return all.length === 0 ? '（无）' : shown.join('、') + (rest > 0 ? ` 等 ${all.length} 个` : '');
  return all.length === 0 ? 'none' : shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** The spec names no data. */
export function noSource(): DataError {
  return new DataError(
    'empty',
    text('There is no data source. Name a file in data.source.', '没有数据源。请在 data.source 中指定文件。'),
  );
}

/**
 * Tables one under the other. All must have the same columns (any order) of the same shape.
 * @throws DataError `unknown-column`, `shape`, `empty`
 */
export function appendTables(tables: readonly Table[]): Table {
  const [first, ...others] = tables;
  if (first === undefined) throw noSource();
  if (others.length === 0) return first;
  for (const table of others) {
    for (const name of first.columns.keys()) columnOf(table, name);
    for (const name of table.columns.keys()) columnOf(first, name);
  }
  const columns = new Map<string, Column>();
  for (const [name, column] of first.columns) {
    const parts = tables.map((table) => ({ table, column: columnOf(table, name) }));
    columns.set(
      name,
      column.kind === 'number' && parts.every(({ column: part }) => part.kind === 'number')
        ? appendNumbers(name, parts)
        : {
            kind: 'text',
            cells: parts.flatMap(({ column: part, table }) => textCells(part, table.file, name)),
            ...kindsOf(parts.map(({ column: part }) => part)),
          },
    );
  }
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const decimals = new Set(tables.flatMap((table) => (table.csv === undefined ? [] : [table.csv.decimal])));
  if (decimals.size > 1) {
    throw differentDecimals(tables.map((table) => table.file));
  }
  return {
    file: tables.map((table) => table.file).join(' + '),
    format: first.format,
    rows,
    columns,
    ...(first.csv === undefined ? {} : { csv: first.csv }),
    lineOf: () => undefined,
  };
}

/** Files of which some write “.” and some “,” before the decimals. */
export function differentDecimals(files: readonly string[]): DataError {
  return new DataError(
    'shape',
    text(
      `The files ${listNames(files)} write decimals differently (“.” and “,”). Set data.csv.decimal.`,
      `文件 ${listNames(files, 'zh')} 的小数点写法不同（“.”与“,”）。请设置 data.csv.decimal。`,
    ),
  );
}

/** Of columns of which some may be numbers; nothing where no format with kinds is among them. */
function kindsOf(columns: readonly Column[]): { readonly kinds?: KindCounts } {
  if (!columns.some((column) => column.kind === 'text' && column.kinds !== undefined)) return {};
  const counts = columns.map((column): KindCounts => {
    if (column.kind === 'text') return column.kinds ?? { numbers: 0, texts: column.cells.length, others: 0 };
    return {
      numbers: Array.from(column.values).filter((value) => !Number.isNaN(value)).length,
      texts: 0,
      others: 0,
    };
  });
  const sum = (of: (kinds: KindCounts) => number): number => counts.reduce((total, kinds) => total + of(kinds), 0);
  return {
    kinds: {
      numbers: sum(({ numbers }) => numbers),
      texts: sum(({ texts }) => texts),
      others: sum(({ others }) => others),
    },
  };
}

interface Part {
  readonly table: Table;
  readonly column: Column;
}

function appendNumbers(name: string, parts: readonly Part[]): NumberColumn {
  const columns = parts.flatMap(({ column }) => (column.kind === 'number' ? [column] : []));
  const [first] = columns;
  if (first === undefined) throw new Error(`There are no files with the column “${name}”.`);
  const total = columns.reduce((sum, column) => sum + column.values.length, 0);
  const sameType = columns.every((column) => column.values.constructor === first.values.constructor);
  const values = sameType ? emptyLike(first.values, total) : new Float64Array(total);
  let at = 0;
  for (const [index, column] of columns.entries()) {
    if (column.shape.join() !== first.shape.join()) {
      const [here, there] = [column.shape.join(', '), first.shape.join(', ')];
      const [file, other] = [parts[index]?.table.file ?? '', parts[0]?.table.file ?? ''];
      throw new DataError(
        'shape',
        text(
          `The column “${name}” has rows of shape [${here}] in ${file} and [${there}] in ${other}. Appended files need equal shapes.`,
          `列“${name}”在 ${file} 中每行的形状为 [${here}]，在 ${other} 中为 [${there}]。合并的文件应有相同的形状。`,
        ),
        { column: name },
      );
    }
    values.set(column.values, at);
    at += column.values.length;
  }
  return { ...first, values };
}

/** A fresh array of the same type. */
export function emptyLike(values: NumericArray, length: number): NumericArray {
  if (values instanceof Float64Array) return new Float64Array(length);
  if (values instanceof Float32Array) return new Float32Array(length);
  if (values instanceof Int32Array) return new Int32Array(length);
  if (values instanceof Uint32Array) return new Uint32Array(length);
  if (values instanceof Int16Array) return new Int16Array(length);
  if (values instanceof Uint16Array) return new Uint16Array(length);
  if (values instanceof Int8Array) return new Int8Array(length);
  return new Uint8Array(length);
}

/**
 * Each row as text; numbers in their shortest form, NaN as null.
 * @throws DataError `shape` for a column of several numbers a row
 */
export function textCells(column: Column, file: string, name: string): readonly (string | null)[] {
  if (column.kind === 'text') return column.cells;
  if (column.width !== 1) {
    throw new DataError(
      'shape',
      text(
        `“${name}” in ${file} has ${column.width} numbers a row where one value is needed.`,
        `${file} 中的“${name}”每行有 ${column.width} 个数，而此处需要一个值。`,
      ),
      {
        file,
        column: name,
      },
    );
  }
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
}
