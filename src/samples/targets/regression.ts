/**
 * One or several numbers. The loss acts in normalized units: each column is shifted and divided by statistics of the labeled
 * training rows (population standard deviation, conventions 4). Every number that is there counts: a gap in one column takes
 * nothing from the others.
 */
import { list, record, text as string } from '../../common/checks.ts';
import { text, type Text } from '../../common/text.ts';
import { DataError } from '../../data/error.ts';
import type { DomainDemand } from '../../spec/index.ts';
import type { Scaling, ScalingName } from '../scaling.ts';
import { applyScaling, domainOf, fitScaling } from '../scaling.ts';
import { rowsText, type Cells, type Notes } from '../contract.ts';
import { scaling } from '../stored-checks.ts';
import type { Fitted, Settings } from '../row-contract.ts';
import { readyStore } from '../row-stores.ts';
import { columnNames, countGaps } from './gaps.ts';
import { labelBytes, type Labels, type TargetRow } from './contract.ts';
import { refused } from './refused.ts';

export interface RegressionSettings extends Settings<'regression'> {
  readonly normalize: ScalingName;
}

export interface FittedRegression extends Fitted<'regression'> {
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

/** The numbers of one column that are there. */
function knownIn(values: Float64Array, width: number, column: number): Float64Array {
  const known = new Float64Array(values.length / width);
  let count = 0;
  for (let at = column; at < values.length; at += width) {
    const value = values[at] ?? NaN;
    if (!Number.isNaN(value)) known[count++] = value;
  }
  return known.subarray(0, count);
}

function fit(settings: RegressionSettings, cells: Cells, trainRows: Int32Array, notes: Notes): FittedRegression {
  const { name: task, columns, normalize } = settings;
  const { width, values } = rawNumbers(columns, cells, trainRows);
  const scalings = Array.from({ length: width }, (_, index): Scaling => {
    const column = knownIn(values, width, index);
    if (column.length === 0) {
      const name = columnNames(columns, width)[index];
      if (name !== undefined && !values.every(Number.isNaN))
        notes.warn('no-labels-column', emptyText(task, name), { task });
      // What trains nothing needs no unit, but it must be a number.
      return { method: normalize, shift: 0, divisor: 1 };
    }
    const { scaling, constant } = fitScaling(normalize, column);
    if (constant)
      notes.warn('constant-target', constantText(task, width > 1 ? columnNames(columns, width)[index] : undefined), {
        task,
      });
    return scaling;
  });
  return { type: 'regression', name: task, columns, scalings };
}

function emptyText(task: string, column: string): Text {
  return text(
    `Task “${task}”: column “${column}” of the target has no number in the training split: nothing is learned of it.`,
    `任务“${task}”：目标列“${column}”在训练集中没有数值：学不到这一列。`,
  );
}

function constantText(task: string, column: string | undefined): Text {
  return column === undefined
    ? text(
        `Task “${task}”: the target has the same value in all training rows; its spread is taken as 1.`,
        `任务“${task}”：目标在所有训练行中取值相同，其标准差按 1 计。`,
      )
    : text(
        `Task “${task}”: column “${column}” of the target has the same value in all training rows; its spread is taken as 1.`,
        `任务“${task}”：目标列“${column}”在所有训练行中取值相同，其标准差按 1 计。`,
      );
}

function prepare(fitted: FittedRegression, cells: Cells, rows: Int32Array): Labels {
  const { width, values: numbers } = rawNumbers(fitted.columns, cells, rows);
  if (width !== fitted.scalings.length) {
    throw new DataError(
      'shape',
      text(
        `Task “${fitted.name}”: the target has ${width} numbers a row in ${cells.table.file}, ${fitted.scalings.length} in training.`,
        `任务“${fitted.name}”：${cells.table.file} 中的目标每行有 ${width} 个数，训练时为 ${fitted.scalings.length} 个。`,
      ),
      { file: cells.table.file },
    );
  }
  const data = new Float32Array(rows.length * width);
  const labeled = new Uint8Array(rows.length);
  const present = new Uint8Array(rows.length * width);
  for (let position = 0; position < rows.length; position++) {
    for (const [index, scaling] of fitted.scalings.entries()) {
      const value = numbers[position * width + index] ?? NaN;
      if (Number.isNaN(value)) continue;
      labeled[position] = 1;
      present[position * width + index] = 1;
      data[position * width + index] = applyScaling(scaling, value);
    }
  }
  const gaps = countGaps(numbers, width);
  const values = readyStore(data, [width]);
  return { values, labeled, ...(gaps.rows > 0 ? { present: readyStore(present, [width]), gaps } : {}) };
}

function examine(target: FittedRegression, demands: readonly DomainDemand[], cells: Cells, rows: Int32Array): void {
  const { width, values } = rawNumbers(target.columns, cells, rows);
  const names = columnNames(target.columns, width);
  const byLoss = demands.find(({ domain }) => domain === 'non-negative');
  for (const [index, scaling] of target.scalings.entries()) {
    const { method } = scaling;
    const positive = domainOf[method] === 'non-negative' ? { by: `normalize "${method}"` } : byLoss;
    for (let at = index; at < values.length; at += width) {
      const value = values[at] ?? NaN;
      if (positive !== undefined && value < 0)
        throw refused(target.name, cells, rows[(at - index) / width] ?? 0, names[index], below(value, positive.by));
      if (Math.abs(Math.fround(applyScaling(scaling, value))) === Infinity)
        throw refused(target.name, cells, rows[(at - index) / width] ?? 0, names[index], tooLarge(value));
    }
  }
}

function below(value: number, by: string): Text {
  return text(
    `the target ${value} is below 0, and ${by} is for values from 0 on. Correct the cell, list it in data.missingTokens, or choose another one.`,
    `目标值 ${value} 小于 0，而 ${by} 只适用于不小于 0 的值。请修改单元格、列入 data.missingTokens，或另选一种。`,
  );
}

function tooLarge(value: number): Text {
  return text(
    `the target ${value} is more than a number of 32 bits holds. Divide the column, list the cell in data.missingTokens, or choose another normalize.`,
    `目标值 ${value} 超出 32 位浮点数的范围。请缩小该列、将单元格列入 data.missingTokens，或更换 normalize。`,
  );
}

export const regressionTarget: TargetRow<'regression', RegressionSettings, FittedRegression> = {
  reads: 'numbers',
  settings: (name, { normalize }, columns) => ({ type: 'regression', name, columns, normalize }),
  fit,
  columns: ({ columns }) => columns,
  examine,
  prepare,
  bytes: labelBytes,
  check: record({ type: string, name: string, columns: list(string), scalings: list(scaling) }),
  gaps: ({ name }, rows, missing) =>
    text(
      `Task “${name}”: ${rowsText(rows, 'lacks', 'lack')} some columns of the target (missing: ${missing.en}); the numbers that are there count, column by column.`,
      `任务“${name}”：${rows} 行缺少目标的部分列（缺失：${missing.zh}）；已有的数值逐列计入。`,
    ),
};
