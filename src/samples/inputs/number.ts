/**
 * `number`: columns of numbers side by side. In this order: outliers, missing values, normalizing.
 *
 * All statistics are of the training rows. Outlier bounds and fill values are of the values that are present; so are the mean and
 * the spread of `normalize` (after clipping): filling with the mean would otherwise shrink the spread.
 */
import * as checks from '../../common/checks.ts';
import { text } from '../../common/text.ts';
import { DataError } from '../../data/error.ts';
import { product, sourceRow, whereIs, whereIsZh } from '../../data/table.ts';
import { pointerOf } from '../../spec/index.ts';
import type { InputOf } from '../../spec/resolved.ts';
import type { Cells, Notes, RowStore } from '../contract.ts';
import { inputName, notAvailable } from '../not-available.ts';
import { readyStore } from '../row-stores.ts';
import type { Fitted, Settings } from '../row-contract.ts';
import type { Fill, OutlierRule, Scaling, ScalingName } from '../scaling.ts';
import { applyScaling, fitFill, fitScaling, givenFill, outlierBounds } from '../scaling.ts';
import * as stored from '../stored-checks.ts';
import type { ColumnCount, Fitting, InputRow } from './contract.ts';

export interface NumberSettings extends Settings<'number'> {
  readonly missing: Fill | 'drop';
  /** One more number per column: 1 where the value was missing. */
  readonly indicator: boolean;
  readonly outliers?: (OutlierRule & { readonly action: OutlierAction }) | undefined;
  readonly normalize: ScalingName;
}

export type OutlierAction = 'clip' | 'drop' | 'missing';

/** One number of a sample. */
export interface NumberFeature {
  readonly column: string;
  /** Which number of a column that holds several a row. */
  readonly index: number;
  readonly bounds: { readonly low: number; readonly high: number; readonly action: OutlierAction } | null;
  /** Null where rows with a missing value are dropped. */
  readonly fill: number | null;
  readonly scaling: Scaling;
}

export interface FittedNumber extends Fitted<'number'> {
  readonly indicator: boolean;
  readonly features: readonly NumberFeature[];
}

function settings(name: string, input: InputOf<'number'>, columns: readonly string[]): NumberSettings {
  if (input.denoise !== undefined) throw notAvailable(inputName(name), text('“denoise”', '“denoise”'));
  if (input.augment !== undefined) throw notAvailable(inputName(name), text('“augment”', '“augment”'));
  const { missing, normalize, outliers } = input;
  const fill = givenFill(name, missing);
  return { type: 'number', name, columns, missing: fill, indicator: missing.indicator, outliers, normalize };
}

type Bounded = Pick<NumberFeature, 'column' | 'index' | 'bounds'>;

/** Values of a feature at all source rows, outliers dealt with; NaN is missing. */
function screened(
  { column, index, bounds }: Bounded,
  cells: Cells,
): { readonly values: Float64Array; readonly outliers: Uint8Array } {
  const { values: source, stride, offset } = cells.feature(column, index);
  const values = new Float64Array(cells.table.rows);
  const outliers = new Uint8Array(cells.table.rows);
  for (let row = 0; row < values.length; row++) {
    const value = source[row * stride + offset] ?? NaN;
    const outside = bounds !== null && (value < bounds.low || value > bounds.high);
    values[row] = outside
      ? bounds.action === 'clip'
        ? Math.min(Math.max(value, bounds.low), bounds.high)
        : NaN
      : value;
    if (outside && bounds.action === 'drop') outliers[row] = 1;
  }
  return { values, outliers };
}

function at(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] ?? NaN);
}

function begin(settings: NumberSettings, cells: Cells, trainRows: Int32Array, notes: Notes): Fitting<FittedNumber> {
  const bounded = settings.columns.flatMap((column) =>
    Array.from({ length: cells.widthOf(column) }, (_, index): Bounded => {
      const { outliers } = settings;
      if (outliers === undefined) return { column, index, bounds: null };
      const plain = screened({ column, index, bounds: null }, cells).values;
      const bounds = outlierBounds(outliers, at(plain, trainRows));
      return { column, index, bounds: Number.isFinite(bounds.low) ? { ...bounds, action: outliers.action } : null };
    }),
  );
  const drop = new Uint8Array(cells.table.rows);
  for (const feature of bounded) {
    const { values, outliers } = screened(feature, cells);
    for (let row = 0; row < drop.length; row++) {
      if (outliers[row] === 1 || (settings.missing === 'drop' && Number.isNaN(values[row]))) drop[row] = 1;
      else if (settings.normalize === 'log' && (values[row] ?? NaN) < 0)
        throw negative(settings.name, feature.column, cells, row, values[row]);
    }
  }
  const finish = (rows: Int32Array): FittedNumber => ({
    type: 'number',
    name: settings.name,
    indicator: settings.indicator,
    features: bounded.map((feature) =>
      fitFeature(settings, feature, at(screened(feature, cells).values, rows), cells, notes),
    ),
  });
  return { drop, finish };
}

function fitFeature(
  settings: NumberSettings,
  feature: Bounded,
  values: Float64Array,
  cells: Cells,
  notes: Notes,
): NumberFeature {
  const { column } = feature;
  const fill = settings.missing === 'drop' ? null : fitFill(settings.missing, values);
  const empty = values.every(Number.isNaN);
  if (empty || Number.isNaN(fill ?? 0)) {
    throw new DataError(
      'not-fitted',
      text(
        `Input “${settings.name}”: column “${column}” of ${cells.table.file} has no value in the training rows. Leave the column out, or check data.missingTokens and data.split.`,
        `输入“${settings.name}”：${cells.table.file} 的列“${column}”在训练行中没有任何值。请去掉该列，或检查 data.missingTokens 与 data.split。`,
      ),
      { file: cells.table.file, column },
    );
  }
  if (settings.normalize === 'log' && fill !== null && fill < 0) {
    throw new DataError(
      'not-a-number',
      text(
        `Input “${settings.name}”: the fill value ${fill} is below 0, which normalize "log" refuses.`,
        `输入“${settings.name}”：填充值 ${fill} 小于 0，normalize "log" 不接受。`,
      ),
      { column },
    );
  }
  const { scaling, constant } = fitScaling(settings.normalize, values);
  if (constant) {
    notes.warn(
      'constant-column',
      text(
        `Input “${settings.name}”: column “${column}” has the same value in all training rows and tells the network nothing; its spread is taken as 1.`,
        `输入“${settings.name}”：列“${column}”在所有训练行中取值相同，对网络没有信息；其标准差按 1 计。`,
      ),
      { pointer: pointerOf(['data', 'inputs', settings.name]) },
    );
  }
  return { ...feature, fill, scaling };
}

function negative(input: string, column: string, cells: Cells, row: number, value = NaN): DataError {
  const { table } = cells;
  return new DataError(
    'not-a-number',
    text(
      `${table.file}, ${whereIs(table, row)}, column “${column}”: normalize "log" of input “${input}” refuses ${value}, which is below 0. Use another normalize, or outliers with action "clip".`,
      `${table.file}，${whereIsZh(table, row)}，列“${column}”：输入“${input}”的 normalize "log" 不接受小于 0 的 ${value}。请使用其他 normalize，或将 outliers 的 action 设为 "clip"。`,
    ),
    { file: table.file, row, column },
  );
}

function tooLarge(input: string, column: string, { table }: Cells, row: number, value: number): DataError {
  return new DataError(
    'not-a-number',
    text(
      `${table.file}, ${whereIs(table, row)}, column “${column}”: input “${input}” holds ${value}, more than a number of 32 bits does. Use normalize "standard" or "log", or list the cell in data.missingTokens.`,
      `${table.file}，${whereIsZh(table, row)}，列“${column}”：输入“${input}”的值 ${value} 超出 32 位浮点数的范围。请使用 normalize "standard" 或 "log"，或将该单元格列入 data.missingTokens。`,
    ),
    { file: table.file, row: sourceRow(table, row), column },
  );
}

function unusable(fitted: FittedNumber, cells: Cells): Uint8Array {
  const result = new Uint8Array(cells.table.rows);
  for (const feature of fitted.features) {
    const { values, outliers } = screened(feature, cells);
    for (let row = 0; row < result.length; row++) {
      const value = values[row] ?? NaN;
      const refused = feature.scaling.method === 'log' && value < 0;
      if (outliers[row] === 1 || (feature.fill === null && Number.isNaN(value)) || refused) result[row] = 1;
    }
  }
  return result;
}

function prepare(fitted: FittedNumber, cells: Cells, rows: Int32Array): RowStore {
  const count = fitted.features.length;
  const width = fitted.indicator ? 2 * count : count;
  const data = new Float32Array(rows.length * width);
  for (const [index, feature] of fitted.features.entries()) {
    const { values } = screened(feature, cells);
    for (let position = 0; position < rows.length; position++) {
      const value = values[rows[position] ?? 0] ?? NaN;
      const missing = Number.isNaN(value);
      const scaled = applyScaling(feature.scaling, missing ? (feature.fill ?? NaN) : value);
      if (Number.isFinite(scaled) && !Number.isFinite(Math.fround(scaled)))
        throw tooLarge(fitted.name, feature.column, cells, rows[position] ?? 0, value);
      // A row that cannot be used is computed with 0 and its result thrown away; a NaN would spread through batch statistics.
      data[position * width + index] = Number.isFinite(scaled) ? scaled : 0;
      if (fitted.indicator && missing) data[position * width + count + index] = 1;
    }
  }
  return readyStore(data, [width]);
}

function counts(fitted: FittedNumber, cells: Cells, rows: Int32Array): ColumnCount[] {
  const byColumn = new Map<string, { missing: number; outliers: number }>();
  for (const { column, index, bounds } of fitted.features) {
    const { values, stride, offset } = cells.feature(column, index);
    const count = byColumn.get(column) ?? { missing: 0, outliers: 0 };
    byColumn.set(column, count);
    for (const row of rows) {
      const value = values[row * stride + offset] ?? NaN;
      if (Number.isNaN(value)) count.missing++;
      else if (bounds !== null && (value < bounds.low || value > bounds.high)) count.outliers++;
    }
  }
  return [...byColumn].map(([column, count]) => ({ input: fitted.name, column, ...count, unseen: 0 }));
}

const { record, finite, orNull, oneOf } = checks;
const bounds = record({ low: finite, high: finite, action: oneOf('clip', 'drop', 'missing') });
const feature = record({
  column: checks.text,
  index: stored.index,
  bounds: orNull(bounds),
  fill: orNull(finite),
  scaling: stored.scaling,
});
const check = record({
  type: checks.text,
  name: checks.text,
  indicator: checks.flag,
  features: checks.list(feature),
});

export const numberInput: InputRow<'number', NumberSettings, FittedNumber> = {
  reads: 'numbers',
  settings,
  begin,
  unusable,
  prepare,
  columns: ({ features }) => features.map(({ column }) => column),
  check,
  counts,
  // A double, and the prepared number.
  bytes: ({ columns }, shapeOf) => columns.reduce((sum, column) => sum + product(shapeOf(column)), 0) * 12,
  width: ({ features }) => features.length,
};
