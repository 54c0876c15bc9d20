/** One box a row: four numbers in the format and scale of the data, prepared as corners x1, y1, x2, y2 in fractions of the image. */
import { text } from '../../common/text.ts';
import { DataError } from '../../data/error.ts';
import { whereIs } from '../../data/table.ts';
import type { Size } from '../inputs/resize.ts';
import type { Cells, Notes } from '../contract.ts';
import { rowsText } from '../contract.ts';
import { readyStore } from '../row-stores.ts';
import { countGaps } from './gaps.ts';
import { rawNumbers } from './regression.ts';
import type { Labels, TargetType } from './contract.ts';

export type BoxFormat = 'xyxy' | 'cxcywh' | 'xywh';

export interface BoxSettings {
  readonly type: 'box';
  readonly name: string;
  readonly columns: readonly string[];
  readonly format: BoxFormat;
  readonly scale: 'unit' | 'pixels';
  /** Height and width of the source images, for pixels. */
  readonly image?: Size | undefined;
}

export interface FittedBox {
  readonly type: 'box';
  readonly name: string;
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
  const labelled = new Uint8Array(rows.length);
  const flat: number[] = [];
  for (let position = 0; position < rows.length; position++) {
    const [a = NaN, b = NaN, c = NaN, d = NaN] = values.subarray(position * 4, position * 4 + 4);
    if ([a, b, c, d].some(Number.isNaN)) continue;
    const [x1, y1, x2, y2] = toCorners([a, b, c, d], fitted.format);
    if (!(x2 > x1 && y2 > y1)) {
      flat.push(rows[position] ?? 0);
      continue;
    }
    labelled[position] = 1;
    data.set([x1 * u, y1 * v, x2 * u, y2 * v], position * 4);
  }
  const [first] = flat;
  if (first !== undefined) {
    const place = `${cells.table.file}, ${whereIs(cells.table, first)}`;
    const message = text(
      `Task “${fitted.name}”: ${rowsText(flat.length)} (first: ${place}) ${flat.length === 1 ? 'holds' : 'hold'} a box without area and ${flat.length === 1 ? 'does' : 'do'} not count for this task. Is the format right?`,
      `任务“${fitted.name}”：${flat.length} 行（首行：${place}）的框没有面积，不计入此任务。format 是否正确？`,
    );
    notes.warn('empty-box', message, { task: fitted.name });
  }
  const gaps = countGaps(values, 4);
  return { values: readyStore(data, [4]), labelled, ...(gaps.rows > 0 ? { gaps } : {}) };
}

export const boxTarget: TargetType<BoxSettings, FittedBox> = { fit, prepare };
