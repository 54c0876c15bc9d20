/**
 * One or several numbers. The loss acts in normalized units: each column is shifted and divided by statistics of the labelled
 * training rows (population standard deviation, SCIENCE 4). A row counts when all its numbers are there.
 */
import { DataError } from '../../../data/error.ts';
import { whereIs } from '../../../data/table.ts';
import { text } from '../../../spec/index.ts';
import type { Scaling, ScalingName } from '../scaling.ts';
import { applyScaling, fitScaling } from '../scaling.ts';
import type { Cells, Notes } from '../types.ts';
import { indicesWhere } from '../types.ts';
import type { Labels, TargetType } from './types.ts';

export interface RegressionSettings {
  readonly type: 'regression';
  readonly name: string;
  readonly columns: readonly string[];
  readonly normalize: ScalingName;
}

export interface FittedRegression {
  readonly type: 'regression';
  readonly name: string;
  readonly columns: readonly string[];
  /** One per number of the target. */
  readonly scalings: readonly Scaling[];
}

/** Raw numbers of several columns side by side at these rows; NaN where one is missing. Shared with boxes. */
export function rawNumbers(
  columns: readonly string[],
  cells: Cells,
  rows: Int32Array,
): { readonly width: number; readonly values: Float64Array } {
  const sources = columns.map((column) => cells.numbers(column));
  const width = sources.reduce((sum, source) => sum + source.width, 0);
  const values = new Float64Array(rows.length * width);
  for (let position = 0; position < rows.length; position++) {
    let at = position * width;
    for (const source of sources) {
      const from = (rows[position] ?? 0) * source.width;
      for (let index = 0; index < source.width; index++) values[at++] = source.values[from + index] ?? NaN;
    }
  }
  return { width, values };
}

function isWhole(values: Float64Array, position: number, width: number): boolean {
  for (let at = position * width; at < (position + 1) * width; at++) if (Number.isNaN(values[at])) return false;
  return true;
}

function fit(settings: RegressionSettings, cells: Cells, trainRows: Int32Array, notes: Notes): FittedRegression {
  const { name, columns, normalize } = settings;
  const { width, values } = rawNumbers(columns, cells, trainRows);
  const labelled = indicesWhere(trainRows.length, (position) => isWhole(values, position, width));
  const scalings = Array.from({ length: width }, (_, index): Scaling => {
    // A task without any label trains nothing; its unit does not matter, but it must be a number.
    if (labelled.length === 0) return { method: normalize, shift: 0, divisor: 1 };
    const column = Float64Array.from(labelled, (position) => values[position * width + index] ?? NaN);
    const { scaling, constant } = fitScaling(normalize, column);
    if (constant)
      notes.warn(
        'constant-target',
        text(
          `Task “${name}”: the target has the same value in all training rows; its spread is taken as 1.`,
          `任务“${name}”：目标在所有训练行中取值相同，其标准差按 1 计。`,
        ),
        { task: name },
      );
    return scaling;
  });
  return { type: 'regression', name, columns, scalings };
}

function prepare(fitted: FittedRegression, cells: Cells, rows: Int32Array): Labels {
  const { width, values } = rawNumbers(fitted.columns, cells, rows);
  if (width !== fitted.scalings.length) {
    throw new DataError(
      'shape',
      `Task “${fitted.name}”: the target has ${width} numbers a row in ${cells.table.file}, ${fitted.scalings.length} in training.`,
      { file: cells.table.file },
    );
  }
  const data = new Float32Array(rows.length * width);
  const labelled = new Uint8Array(rows.length);
  for (let position = 0; position < rows.length; position++) {
    if (!isWhole(values, position, width)) continue;
    labelled[position] = 1;
    for (const [index, scaling] of fitted.scalings.entries()) {
      const value = values[position * width + index] ?? NaN;
      if (scaling.method === 'log' && value < 0) throw negativeTarget(fitted, cells, rows[position] ?? 0, value);
      data[position * width + index] = applyScaling(scaling, value);
    }
  }
  return { width, data, labelled };
}

function negativeTarget(fitted: FittedRegression, cells: Cells, row: number, value: number): DataError {
  const { table } = cells;
  return new DataError(
    'label',
    `Task “${fitted.name}” (${table.file}, ${whereIs(table, row)}): normalize "log" refuses the target ${value}, which is below 0. Use another normalize.`,
    {
      file: table.file,
      row,
    },
  );
}

export const regressionTarget: TargetType<RegressionSettings, FittedRegression> = { fit, prepare };
