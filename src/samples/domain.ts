/**
 * The one place where labels meet what losses, metrics and normalizations make sense of: every row of their tables declares a domain.
 * All splits come by here, in training and in an evaluation of other data.
 */
import { text, type Text } from '../common/text.ts';
import { DataError } from '../data/error.ts';
import { sourceRow, whereIs, whereIsZh } from '../data/table.ts';
import { pointerOf, type DomainDemand } from '../spec/index.ts';
import { applyScaling, domainOf } from './scaling.ts';
import { toCorners, type FittedBox } from './targets/box.ts';
import type { FittedTarget } from './targets/index.ts';
import { columnNames } from './targets/gaps.ts';
import { rawNumbers, type FittedRegression } from './targets/regression.ts';
import type { Cells, Notes } from './contract.ts';
import { rowsText } from './contract.ts';

/**
 * @param demands what the loss and the metrics of the task ask for
 * @param rows rows in which the task applies
 * @throws DataError `label`, naming column, row and value
 */
export function checkLabels(
  target: FittedTarget,
  demands: readonly DomainDemand[],
  cells: Cells,
  rows: Int32Array,
  notes: Notes,
): void {
  // Classes are checked where labels become their numbers: a label is one of them or it is not.
  if (target.type === 'regression') checkNumbers(target, demands, cells, rows);
  else if (target.type === 'box') checkBoxes(target, cells, rows, notes);
}

function checkNumbers(
  target: FittedRegression,
  demands: readonly DomainDemand[],
  cells: Cells,
  rows: Int32Array,
): void {
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

function refused(task: string, cells: Cells, row: number, column: string | undefined, why: Text): DataError {
  const { table } = cells;
  return new DataError(
    'label',
    {
      en: `Task “${task}” (${table.file}, ${whereIs(table, row)}, column “${column ?? ''}”): ${why.en}`,
      zh: `任务“${task}”（${table.file}，${whereIsZh(table, row)}，列“${column ?? ''}”）：${why.zh}`,
    },
    { file: table.file, row: sourceRow(table, row), column, pointer: pointerOf(['tasks', task, 'target']) },
  );
}

/** In fractions of the image: beyond this a box is measured in another unit … */
const farOutside = 2;
/** … and within this it only touches the edge. */
const edge = 0.01;

function checkBoxes(target: FittedBox, cells: Cells, rows: Int32Array, notes: Notes): void {
  const { width, values } = rawNumbers(target.columns, cells, rows);
  if (width !== 4) return;
  const [u, v] = target.unit;
  const outside: number[] = [];
  for (const [position, row] of rows.entries()) {
    const [a = NaN, b = NaN, c = NaN, d = NaN] = values.subarray(position * 4);
    const [x1, y1, x2, y2] = toCorners([a, b, c, d], target.format);
    const corners = [x1 * u, y1 * v, x2 * u, y2 * v];
    if (corners.some((corner) => Math.abs(corner) > farOutside))
      throw refused(target.name, cells, row, target.columns.join(', '), farText([a, b, c, d], target.unit));
    if (corners.some((corner) => corner < -edge || corner > 1 + edge)) outside.push(row);
  }
  const [first] = outside;
  if (first === undefined) return;
  const { table } = cells;
  notes.warn(
    'box-outside',
    text(
      `Task “${target.name}”: ${rowsText(outside.length, 'holds', 'hold')} a box that reaches beyond the image (first: ${table.file}, ${whereIs(table, first)}); a prediction never does. Are format and scale right?`,
      `任务“${target.name}”：${outside.length} 行的框超出图像（首个：${table.file}，${whereIsZh(table, first)}），而预测不会超出。请检查 format 与 scale。`,
    ),
    { task: target.name },
  );
}

function farText(box: readonly number[], [u, v]: FittedBox['unit']): Text {
  const far = box.find((value, index) => Math.abs(value * (index % 2 === 0 ? u : v)) > farOutside) ?? box.join(', ');
  return u === 1
    ? text(
        `${far} is far outside the image. If the boxes are in pixels, set "scale": "pixels".`,
        `${far} 远在图像之外。若框以像素计，请设置 "scale": "pixels"。`,
      )
    : text(
        `${far} is far outside the image. Check the format, and whether the boxes are in pixels of these images.`,
        `${far} 远在图像之外。请检查 format，以及框是否以这些图像的像素计。`,
      );
}
