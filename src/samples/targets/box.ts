/** One box a row: four numbers in the format and scale of the data, prepared as corners x1, y1, x2, y2 in fractions of the image. */
import { list, oneOf, record, text as string } from '../../common/checks.ts';
import { text, type Text } from '../../common/text.ts';
import { DataError } from '../../data/error.ts';
import { whereIs, whereIsZh } from '../../data/table.ts';
import type { DomainDemand } from '../../spec/index.ts';
import type { Frame } from '../inputs/contract.ts';
import type { Size } from '../inputs/resize.ts';
import type { Cells, Notes } from '../contract.ts';
import { rowsText } from '../contract.ts';
import type { Fitted, Settings } from '../row-contract.ts';
import { readyStore } from '../row-stores.ts';
import { divisor } from '../stored-checks.ts';
import { countGaps } from './gaps.ts';
import { rawNumbers } from './regression.ts';
import { labelBytes, type Labels, type TargetRow } from './contract.ts';
import { refused } from './refused.ts';

export type BoxFormat = 'xyxy' | 'cxcywh' | 'xywh';

export interface BoxSettings extends Settings<'box'> {
  readonly format: BoxFormat;
  readonly scale: 'unit' | 'pixels';
  /** Height and width of the source images, for pixels. */
  readonly image?: Size | undefined;
}

export interface FittedBox extends Fitted<'box'> {
  readonly columns: readonly string[];
  readonly format: BoxFormat;
  /** What one unit of the data is in fractions of the image: [1, 1], or [1 / width, 1 / height] for pixels. */
  readonly unit: readonly [number, number];
}

export type Box = readonly [number, number, number, number];

/** Any format to corners. */
export function toCorners([a, b, c, d]: Box, format: BoxFormat): Box {
  if (format === 'xyxy') return [a, b, c, d];
  if (format === 'xywh') return [a, b, a + c, b + d];
  return [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
}

/** Corners to any format; the inverse of {@link toCorners}. */
export function fromCorners([x1, y1, x2, y2]: Box, format: BoxFormat): Box {
  if (format === 'xyxy') return [x1, y1, x2, y2];
  if (format === 'xywh') return [x1, y1, x2 - x1, y2 - y1];
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
}

function fit(settings: BoxSettings, cells: Cells, trainRows: Int32Array): FittedBox {
  const { name, columns, format, scale, image } = settings;
  const { width } = rawNumbers(columns, cells, trainRows);
  if (width !== 4) {
    throw new DataError(
      'shape',
      text(
        `Task “${name}”: a box has four numbers, the target has ${width}. Name four columns, or one array of four.`,
        `任务“${name}”：目标框有四个数，而目标有 ${width} 个。请指定四列，或一个四元数组。`,
      ),
      { file: cells.table.file },
    );
  }
  if (scale === 'unit') return { type: 'box', name, columns, format, unit: [1, 1] };
  if (image === undefined) {
    throw new DataError(
      'label',
      text(
        `Task “${name}”: boxes in pixels need the size of the image, and the spec has not exactly one image input. Divide the boxes by width and height and set "scale": "unit".`,
        `任务“${name}”：以像素为单位的目标框需要图像大小，而实验描述文件中的图像输入不是恰好一个。请将目标框除以宽与高，并设置 "scale": "unit"。`,
      ),
    );
  }
  return { type: 'box', name, columns, format, unit: [1 / image[1], 1 / image[0]] };
}

function prepare(fitted: FittedBox, cells: Cells, rows: Int32Array, notes: Notes): Labels {
  const { width, values } = rawNumbers(fitted.columns, cells, rows);
  if (width !== 4)
    throw new DataError(
      'shape',
      text(
        `Task “${fitted.name}”: a box has four numbers, the target in ${cells.table.file} has ${width}.`,
        `任务“${fitted.name}”：目标框有四个数，而 ${cells.table.file} 中的目标有 ${width} 个。`,
      ),
      { file: cells.table.file },
    );
  const [u, v] = fitted.unit;
  const data = new Float32Array(rows.length * 4);
  const labeled = new Uint8Array(rows.length);
  const flat: number[] = [];
  for (let position = 0; position < rows.length; position++) {
    const [a = NaN, b = NaN, c = NaN, d = NaN] = values.subarray(position * 4, position * 4 + 4);
    if ([a, b, c, d].some(Number.isNaN)) continue;
    const [x1, y1, x2, y2] = toCorners([a, b, c, d], fitted.format);
    if (!(x2 > x1 && y2 > y1)) {
      flat.push(rows[position] ?? 0);
      continue;
    }
    labeled[position] = 1;
    data.set([x1 * u, y1 * v, x2 * u, y2 * v], position * 4);
  }
  const [first] = flat;
  if (first !== undefined) {
    const { table } = cells;
    const message = text(
      `Task “${fitted.name}”: ${rowsText(flat.length)} (first: ${table.file}, ${whereIs(table, first)}) ${flat.length === 1 ? 'holds' : 'hold'} a box without area and ${flat.length === 1 ? 'does' : 'do'} not count for this task. Is the format right?`,
      `任务“${fitted.name}”：${flat.length} 行（首行：${table.file}，${whereIsZh(table, first)}）的框没有面积，不计入此任务。format 是否正确？`,
    );
    notes.warn('empty-box', message, { task: fitted.name });
  }
  const gaps = countGaps(values, 4);
  return { values: readyStore(data, [4]), labeled, ...(gaps.rows > 0 ? { gaps } : {}) };
}

/** Boxes in pixels are measured in the source pixels of the one image input; moved pictures would need moved boxes. */
function beside(settings: BoxSettings, frames: readonly Frame[]): BoxSettings {
  for (const { name, keepsPlaces, resize } of frames) {
    if (!keepsPlaces) {
      throw new DataError(
        'not-available',
        text(
          `Input “${name}”: resize "${resize}" to another aspect ratio beside the box task “${settings.name}” is not available in this version. Use "stretch", which keeps boxes in place.`,
          `输入“${name}”：此版本尚不支持在有目标框任务“${settings.name}”时以 resize "${resize}" 改变宽高比。请使用 "stretch"，它不会移动目标框。`,
        ),
      );
    }
  }
  const [frame] = frames;
  return frames.length === 1 && frame !== undefined ? { ...settings, image: frame.source } : settings;
}

/** In fractions of the image: beyond this a box is measured in another unit … */
const farOutside = 2;
/** … and within this it only touches the edge. */
const edge = 0.01;

function examine(
  target: FittedBox,
  _demands: readonly DomainDemand[],
  cells: Cells,
  rows: Int32Array,
  notes: Notes,
): void {
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

export const boxTarget: TargetRow<'box', BoxSettings, FittedBox> = {
  reads: 'numbers',
  settings: (name, { format, scale }, columns) => ({ type: 'box', name, columns, format, scale }),
  beside,
  fit,
  columns: ({ columns }) => columns,
  examine,
  prepare,
  bytes: labelBytes,
  check: record({
    type: string,
    name: string,
    columns: list(string),
    format: oneOf('xyxy', 'cxcywh', 'xywh'),
    unit: list(divisor, 2),
  }),
  gaps: ({ name }, rows, missing) =>
    text(
      `Task “${name}”: ${rowsText(rows, 'has', 'have')} a box that lacks some of its four numbers (missing: ${missing.en}), which is no label.`,
      `任务“${name}”：${rows} 行的目标框缺少四个数中的一部分（缺失：${missing.zh}），不作为标签。`,
    ),
};
