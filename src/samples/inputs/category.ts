/**
 * `category`: columns of names. The vocabulary of a column is what the training rows hold, sorted; then come the class of missing
 * values (unless they are filled or dropped) and the bucket of values that training never saw.
 *
 * `one-hot`: the columns side by side, one number per entry. `index`: one whole number per column; each column's numbers begin where
 * the last column's end, so that one embedding serves them all.
 */
import * as checks from '../../common/checks.ts';
import { text } from '../../common/text.ts';
import { DataError } from '../../data/error.ts';
import { canonicalLabel, sortLabels } from '../../data/values.ts';
import { pointerOf } from '../../spec/index.ts';
import type { InputOf } from '../../spec/resolved.ts';
import { affordable } from '../budget.ts';
import type { Cells, Notes, RowStore } from '../contract.ts';
import { rowsText } from '../contract.ts';
import { readyStore } from '../row-stores.ts';
import type { Fitted, Settings } from '../row-contract.ts';
import type { ColumnCount, Fitting, InputRow } from './contract.ts';

export interface CategorySettings extends Settings<'category'> {
  readonly encoding: 'one-hot' | 'index';
  readonly missing: 'class' | 'drop' | 'mode' | { readonly constant: string };
  /** One more number per column (one-hot only): 1 where the value was missing. */
  readonly indicator: boolean;
}

export interface CategoryColumn {
  readonly column: string;
  readonly values: readonly string[];
  /** What stands in for a missing value; null where missing is a class of its own or the row is dropped. */
  readonly fill: string | null;
}

export interface FittedCategory extends Fitted<'category'> {
  readonly encoding: 'one-hot' | 'index';
  readonly missing: 'class' | 'drop' | 'fill';
  readonly indicator: boolean;
  readonly columns: readonly CategoryColumn[];
}

const manyValues = 1000;

function settings(name: string, input: InputOf<'category'>, columns: readonly string[]): CategorySettings {
  const { missing, encoding } = input;
  if (missing.indicator && encoding === 'index') {
    throw new DataError(
      'shape',
      text(
        `Input “${name}”: an indicator column cannot stand among indices. Use "fill": "class", which gives missing values an index of their own.`,
        `输入“${name}”：索引之中不能有指示列。请使用 "fill": "class"，为缺失值单设一个索引。`,
      ),
    );
  }
  const fill = 'constant' in missing ? { constant: String(missing.constant).trim() } : missing.fill;
  return { type: 'category', name, columns, encoding, missing: fill, indicator: missing.indicator };
}

function begin(
  settings: CategorySettings,
  cells: Cells,
  _trainRows: Int32Array,
  notes: Notes,
): Fitting<FittedCategory> {
  const { missing } = settings;
  const drop = new Uint8Array(cells.table.rows);
  if (missing === 'drop') {
    for (const column of settings.columns) {
      for (const [row, label] of cells.labels(column).entries()) if (label === null) drop[row] = 1;
    }
  }
  const finish = (rows: Int32Array): FittedCategory => ({
    type: 'category',
    name: settings.name,
    encoding: settings.encoding,
    missing: missing === 'class' || missing === 'drop' ? missing : 'fill',
    indicator: settings.indicator && settings.encoding === 'one-hot',
    columns: settings.columns.map((column) => fitColumn(settings, column, cells, rows, notes)),
  });
  return { drop, finish };
}

function fitColumn(
  settings: CategorySettings,
  column: string,
  cells: Cells,
  rows: Int32Array,
  notes: Notes,
): CategoryColumn {
  const labels = cells.labels(column);
  const present = Array.from(rows, (row) => labels[row] ?? null).filter((label) => label !== null);
  const { missing } = settings;
  const fill =
    missing === 'mode' ? mostFrequent(present) : typeof missing === 'object' ? known(missing.constant, present) : null;
  if (present.length === 0) {
    throw new DataError(
      'not-fitted',
      text(
        `Input “${settings.name}”: column “${column}” of ${cells.table.file} has no value in the training rows. Leave the column out, or check data.missingTokens and data.split.`,
        `输入“${settings.name}”：${cells.table.file} 的列“${column}”在训练行中没有任何值。请去掉该列，或检查 data.missingTokens 与 data.split。`,
      ),
      { file: cells.table.file, column },
    );
  }
  const filled = fill !== null && present.length < rows.length ? [...present, fill] : present;
  const values = sortLabels(filled);
  if (values.length > manyValues) {
    notes.warn(
      'many-categories',
      text(
        `Input “${settings.name}”: column “${column}” has ${values.length} different values. Is it a name or a number rather than a category?`,
        `输入“${settings.name}”：列“${column}”有 ${values.length} 个不同的值。它是否是名称或数值，而不是类别？`,
      ),
      { pointer: pointerOf(['data', 'inputs', settings.name]) },
    );
  }
  return { column, values, fill };
}

/** A constant as the column spells it, where the column has it. */
function known(constant: string, labels: readonly string[]): string {
  const wanted = canonicalLabel(constant);
  return labels.find((label) => label === constant || canonicalLabel(label) === wanted) ?? constant;
}

/** The most frequent label, the first by sorting of several. */
function mostFrequent(labels: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  let best: string | null = null;
  for (const label of sortLabels(counts.keys())) {
    if (best === null || (counts.get(label) ?? 0) > (counts.get(best) ?? 0)) best = label;
  }
  return best;
}

/** Entries of one column: its values, perhaps missing, and the unseen. */
function sizeOf(fitted: FittedCategory, column: CategoryColumn): number {
  return column.values.length + (fitted.missing === 'class' ? 1 : 0) + 1;
}

/** Number of different indices of all columns together: `inputDim` of an embedding. */
export function vocabularySize(fitted: FittedCategory): number {
  return fitted.columns.reduce((sum, column) => sum + sizeOf(fitted, column), 0);
}

function unusable(fitted: FittedCategory, cells: Cells): Uint8Array {
  const result = new Uint8Array(cells.table.rows);
  if (fitted.missing !== 'drop') return result;
  for (const { column } of fitted.columns) {
    for (const [row, label] of cells.labels(column).entries()) if (label === null) result[row] = 1;
  }
  return result;
}

function prepare(fitted: FittedCategory, cells: Cells, rows: Int32Array, notes: Notes): RowStore {
  const total = vocabularySize(fitted);
  const oneHot = fitted.encoding === 'one-hot';
  const width = oneHot ? total + (fitted.indicator ? fitted.columns.length : 0) : fitted.columns.length;
  const advice = text(
    'A column of ids tells the network nothing: leave it out; or use the encoding “index” and an embedding.',
    '编号列对网络没有意义：请去掉；或使用编码 “index” 与嵌入层。',
  );
  const size = affordable(rows.length, width, fitted.name, cells.table.file, advice);
  const data = oneHot ? new Float32Array(size) : new Int32Array(size);
  let offset = 0;
  for (const [index, column] of fitted.columns.entries()) {
    const unseen = sizeOf(fitted, column) - 1;
    const positionOf = positionsOf(column, unseen);
    const labels = cells.labels(column.column);
    let unknown = 0;
    for (let position = 0; position < rows.length; position++) {
      const own = labels[rows[position] ?? 0] ?? null;
      const label = own ?? column.fill;
      if (fitted.indicator && own === null) data[position * width + total + index] = 1;
      const missing = fitted.missing === 'class' ? column.values.length : unseen;
      const entry = label === null ? missing : positionOf(label);
      if (entry === unseen && label !== null) unknown++;
      if (oneHot) data[position * width + offset + entry] = 1;
      else data[position * width + index] = offset + entry;
    }
    if (unknown > 0) {
      notes.count(
        'unseen-category',
        JSON.stringify([fitted.name, column.column]),
        unknown,
        (count) =>
          text(
            `Input “${fitted.name}”: ${rowsText(count)} of column “${column.column}” ${count === 1 ? 'holds a value' : 'hold values'} that the training rows do not; all such values share one bucket.`,
            `输入“${fitted.name}”：列“${column.column}”有 ${count} 行的值未在训练行中出现；这些值归入同一个桶。`,
          ),
        { pointer: pointerOf(['data', 'inputs', fitted.name]) },
      );
    }
    offset += sizeOf(fitted, column);
  }
  return readyStore(data, [width]);
}

/** Rows of another file may spell a value differently. Each label is compared once. */
function positionsOf({ values }: CategoryColumn, unseen: number): (label: string) => number {
  const positions = new Map(values.map((value, position) => [canonicalLabel(value), position]));
  const known = new Map<string, number>();
  return (label) => {
    let position = known.get(label);
    if (position === undefined) {
      position = positions.get(canonicalLabel(label)) ?? unseen;
      known.set(label, position);
    }
    return position;
  };
}

function counts({ name, columns }: FittedCategory, cells: Cells, rows: Int32Array): ColumnCount[] {
  return columns.map(({ column, values }) => {
    const known = new Set(values.map(canonicalLabel));
    const labels = cells.labels(column);
    const found = Array.from(rows, (row) => labels[row] ?? null);
    const missing = found.filter((label) => label === null).length;
    const unseen = found.filter((label) => label !== null && !known.has(canonicalLabel(label))).length;
    return { input: name, column, missing, outliers: 0, unseen };
  });
}

const { list, orNull, oneOf, record } = checks;
const check = record({
  type: checks.text,
  name: checks.text,
  encoding: oneOf('one-hot', 'index'),
  missing: oneOf('class', 'drop', 'fill'),
  indicator: checks.flag,
  columns: list(record({ column: checks.text, values: list(checks.text), fill: orNull(checks.text) })),
});

/** Numbers a row: an entry for every value, missing and unseen ones, or an index a column. */
function width({ encoding, columns }: FittedCategory): number {
  if (encoding === 'index') return columns.length;
  return columns.reduce((sum, { values }) => sum + values.length + 2, 0);
}

export const categoryInput: InputRow<'category', CategorySettings, FittedCategory> = {
  reads: 'labels',
  settings,
  begin,
  unusable,
  prepare,
  columns: ({ columns }) => columns.map(({ column }) => column),
  check,
  counts,
  // How many values a column has is not known before it is read.
  bytes: ({ columns }) => columns.length * 16,
  width,
  vocabulary: (fitted) => (fitted.encoding === 'index' ? vocabularySize(fitted) : undefined),
};
