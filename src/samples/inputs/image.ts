/**
 * `image`: an array [samples, height, width] or [samples, height, width, channels]. The pixels stay as they are in the source
 * (bytes stay bytes) and are scaled when a batch is gathered; only another `size` or number of channels makes a copy.
 */
import * as checks from '../../common/checks.ts';
import { text, type Text } from '../../common/text.ts';
import { DataError } from '../../data/error.ts';
// Not from the index: the reading thread bundles this file, and needs no language.
import { pointerOf } from '../../spec/editing/pointer.ts';
import type { InputOf } from '../../spec/resolved.ts';
import { affordable } from '../budget.ts';
import type { Cells, Notes, Pictures, RowStore } from '../contract.ts';
import { inputName, notAvailable } from '../not-available.ts';
import { readyStore, sourceStore } from '../row-stores.ts';
import type { Fitted, Settings } from '../row-contract.ts';
import type { Scaling, ScalingName } from '../scaling.ts';
import { applyScaling, fitScaling, givenFill } from '../scaling.ts';
import * as stored from '../stored-checks.ts';
import type { Fitting, Frame, InPlace, InputRow } from './contract.ts';
import type { Resize, Size } from './resize.ts';
import { resizeImage } from './resize.ts';

export interface ImageSettings extends Settings<'image'> {
  readonly columns: readonly [string];
  readonly size?: Size | undefined;
  readonly resize: Resize;
  readonly channels?: number | undefined;
  /** A number that stands in for missing pixels, or the row is dropped. */
  readonly missing: 'drop' | { readonly constant: number };
  readonly normalize: ScalingName;
}

export interface FittedImage extends Fitted<'image'> {
  readonly column: string;
  /** Height and width of the training images, in pixels: the unit of box targets in pixels. */
  readonly source: Size;
  /** Shape of a sample: height, width, channels. */
  readonly shape: readonly [number, number, number];
  readonly resize: Resize;
  /** Null where rows with missing pixels are dropped. */
  readonly fill: number | null;
  /** One per channel. */
  readonly scalings: readonly Scaling[];
}

/** Where pictures take more memory than there is. */
const advice = text('Give a smaller “size”.', '请设置更小的 “size”。');

/** Statistics come from at most this many pixels of a channel, taken from training rows evenly spread. */
const maximalPixels = 4_000_000;

function settings(name: string, input: InputOf<'image'>, columns: readonly string[]): ImageSettings {
  if (input.denoise !== undefined) throw notAvailable(inputName(name), text('“denoise”', '“denoise”'));
  if (input.augment !== undefined) throw notAvailable(inputName(name), text('“augment”', '“augment”'));
  const [column] = columns;
  const { missing, normalize, resize, size, channels } = input;
  if (column === undefined || columns.length !== 1)
    throw new DataError(
      'shape',
      text(
        `Input “${name}”: an image comes from one column, not ${columns.length}.`,
        `输入“${name}”：图像应来自一列，而此处有 ${columns.length} 列。`,
      ),
    );
  if (missing.indicator)
    throw notAvailable(inputName(name), text('an indicator of missing images', '图像缺失的指示列'));
  return {
    type: 'image',
    name,
    columns: [column],
    size,
    resize,
    channels,
    missing: givenFill(name, missing),
    normalize,
  };
}

interface Pixels {
  readonly column: Pictures;
  readonly size: Size;
  readonly channels: number;
}

function pixelsOf(name: string, column: string, cells: Cells): Pixels {
  const source = cells.pictures(column);
  const place = { file: cells.table.file, column };
  if (source === undefined) {
    throw new DataError(
      'not-available',
      text(
        `Input “${name}”: images in files (column “${column}” of ${cells.table.file}) are not available in this version. Put the pixels into an NPZ array [samples, height, width].`,
        `输入“${name}”：此版本尚不支持文件中的图像（${cells.table.file} 的列“${column}”）。请将像素放入 NPZ 数组 [样本数，高，宽]。`,
      ),
      place,
    );
  }
  const [height, width, channels = 1] = source.shape;
  const shape = `[${['samples', ...source.shape].join(', ')}]`;
  if (height === undefined || width === undefined || source.shape.length > 3) {
    throw new DataError(
      'shape',
      text(
        `Input “${name}”: “${column}” of ${cells.table.file} has the shape ${shape}; an image needs [samples, height, width] or [samples, height, width, channels].`,
        `输入“${name}”：${cells.table.file} 的“${column}”形状为 ${shape}；图像应为 [样本数，高，宽] 或 [样本数，高，宽，通道数]。`,
      ),
      place,
    );
  }
  if (source.shape.length === 3 && channels > 4 && height <= 4) {
    throw new DataError(
      'shape',
      text(
        `Input “${name}”: “${column}” of ${cells.table.file} has the shape ${shape}, channels first. Move them to the end: numpy.moveaxis(array, 1, -1).`,
        `输入“${name}”：${cells.table.file} 的“${column}”形状为 ${shape}，通道在前。请将通道移到最后：“numpy.moveaxis(array, 1, -1)”。`,
      ),
      place,
    );
  }
  return { column: source, size: [height, width], channels };
}

/** How one output channel is made of the source's; undefined where there is no sensible way. Gray is ITU-R BT.601 luminance. */
function channelReader(
  from: number,
  to: number,
): ((values: ArrayLike<number>, at: number, channel: number) => number) | undefined {
  if (from === to || (from === 4 && to === 3)) return (values, at, channel) => values[at + channel] ?? NaN;
  if (from === 1 && to === 3) return (values, at) => values[at] ?? NaN;
  if (to === 1 && from >= 3)
    return (values, at) =>
      0.299 * (values[at] ?? NaN) + 0.587 * (values[at + 1] ?? NaN) + 0.114 * (values[at + 2] ?? NaN);
  return undefined;
}

function readerFor(
  name: string,
  from: number,
  to: number,
): (values: ArrayLike<number>, at: number, channel: number) => number {
  const reader = channelReader(from, to);
  if (reader !== undefined) return reader;
  throw new DataError(
    'shape',
    text(
      `Input “${name}”: images with ${from} channel${from === 1 ? '' : 's'} cannot become images with ${to}. Correct “channels”.`,
      `输入“${name}”：${from} 个通道的图像无法变为 ${to} 个通道。请修改 “channels”。`,
    ),
  );
}

/** 1 for each row with a pixel that is no finite number. */
function missingRows({ column }: Pixels, rows: number): Uint8Array {
  const result = new Uint8Array(rows);
  if (!column.floating) return result;
  for (let row = 0; row < rows; row++) if (!column.row(row).every(Number.isFinite)) result[row] = 1;
  return result;
}

function begin(settings: ImageSettings, cells: Cells, _trainRows: Int32Array, notes: Notes): Fitting<FittedImage> {
  const { name, missing, normalize } = settings;
  const [column] = settings.columns;
  const pixels = pixelsOf(name, column, cells);
  const drop = missing === 'drop' ? missingRows(pixels, cells.table.rows) : new Uint8Array(cells.table.rows);
  const finish = (rows: Int32Array): FittedImage => {
    const channels = settings.channels ?? pixels.channels;
    const fill = missing === 'drop' ? null : missing.constant;
    const scalings = Array.from({ length: channels }, (_, channel) => {
      const values = trainingPixels(name, pixels, channels, channel, rows, fill);
      return fitChannel(settings, channel, values, cells, notes);
    });
    const [height, width] = settings.size ?? pixels.size;
    if (normalize === 'scale') checkRange(name, column, pixels.column, cells.table.rows, notes);
    return {
      type: 'image',
      name,
      column,
      source: pixels.size,
      shape: [height, width, channels],
      resize: settings.resize,
      fill,
      scalings,
    };
  };
  return { drop, finish };
}

function fitChannel(
  settings: ImageSettings,
  channel: number,
  values: Float64Array,
  cells: Cells,
  notes: Notes,
): Scaling {
  const { name, normalize } = settings;
  const [column] = settings.columns;
  if (values.length === 0 || values.every(Number.isNaN)) {
    throw new DataError(
      'not-fitted',
      text(
        `Input “${name}”: “${column}” of ${cells.table.file} has no whole image in the training rows.`,
        `输入“${name}”：${cells.table.file} 的“${column}”在训练行中没有完整的图像。`,
      ),
      { file: cells.table.file, column },
    );
  }
  if (normalize === 'log' && values.some((value) => value < 0)) {
    throw new DataError(
      'not-a-number',
      text(
        `Input “${name}”: normalize "log" refuses pixels below 0. Use another normalize.`,
        `输入“${name}”：normalize "log" 不接受小于 0 的像素值。请使用其他 normalize。`,
      ),
      { file: cells.table.file, column },
    );
  }
  const { scaling, constant } = fitScaling(normalize, values);
  if (constant)
    notes.warn(
      'constant-column',
      text(
        `Input “${name}”: channel ${channel} has the same value in all training pixels; its spread is taken as 1.`,
        `输入“${name}”：通道 ${channel} 在所有训练像素中取值相同，其标准差按 1 计。`,
      ),
      { pointer: pointerOf(['data', 'inputs', name]) },
    );
  return scaling;
}

function trainingPixels(
  name: string,
  { column, channels: from }: Pixels,
  to: number,
  channel: number,
  rows: Int32Array,
  fill: number | null,
): Float64Array {
  const read = readerFor(name, from, to);
  const perRow = column.width / from;
  const step = Math.max(1, Math.ceil((rows.length * perRow) / maximalPixels));
  const taken = rows.filter((_, index) => index % step === 0);
  const out = new Float64Array(taken.length * perRow);
  for (const [index, row] of taken.entries()) {
    const pixels = column.row(row);
    for (let pixel = 0; pixel < perRow; pixel++) {
      const value = read(pixels, pixel * from, channel);
      out[index * perRow + pixel] = Number.isFinite(value) ? value : (fill ?? NaN);
    }
  }
  return out;
}

function checkRange(name: string, column: string, pixels: Pictures, rows: number, notes: Notes): void {
  if (!pixels.floating) return;
  for (let row = 0; row < rows; row++) if (pixels.row(row).some((value) => value > 1.5)) return;
  notes.warn(
    'image-range',
    text(
      `Input “${name}”: the pixels of “${column}” already lie below 1, and normalize "scale" divides them by 255. Set normalize to "none".`,
      `输入“${name}”：“${column}”的像素已小于 1，而 normalize "scale" 会再除以 255。请将 normalize 设为 "none"。`,
    ),
    { pointer: pointerOf(['data', 'inputs', name]) },
  );
}

function unusable(fitted: FittedImage, cells: Cells): Uint8Array {
  const pixels = pixelsOf(fitted.name, fitted.column, cells);
  return fitted.fill === null ? missingRows(pixels, cells.table.rows) : new Uint8Array(cells.table.rows);
}

/**
 * Pictures that keep their size and channels, whose numbers are scaled where they stand.
 * @throws DataError `shape` for pictures of another size than those of training
 */
function inPlace(fitted: FittedImage, cells: Cells): InPlace | undefined {
  const { name, column, shape, scalings, fill } = fitted;
  return isSame(fitted, pixelsOf(name, column, cells), cells) ? { column, shape, scalings, fill } : undefined;
}

export type Convert = (value: number, channel: number) => number;

/** Scaling of a pixel, by its channel. */
export function scaleOf(fitted: Pick<FittedImage, 'scalings' | 'fill'>): Convert {
  return (value, channel) => {
    const scaling = fitted.scalings[channel];
    const scaled =
      scaling === undefined ? NaN : applyScaling(scaling, Number.isFinite(value) ? value : (fitted.fill ?? NaN));
    return Number.isFinite(scaled) ? scaled : 0;
  };
}

/** Whether the pictures are of the size and the channels of a sample. */
function isSame(fitted: FittedImage, pixels: Pixels, cells: Cells): boolean {
  const [height, width, channels] = fitted.shape;
  const sameSize = pixels.size[0] === height && pixels.size[1] === width;
  const resized = fitted.source[0] !== height || fitted.source[1] !== width;
  if (!sameSize && !resized) {
    throw new DataError(
      'shape',
      text(
        `Input “${fitted.name}”: the images of ${cells.table.file} have ${pixels.size.join(' × ')} pixels, those of training ${fitted.source.join(' × ')}. Give the input a “size”, or use images of that size.`,
        `输入“${fitted.name}”：${cells.table.file} 的图像为 ${pixels.size.join(' × ')} 像素，训练时为 ${fitted.source.join(' × ')}。请为该输入设置 “size”，或使用相同大小的图像。`,
      ),
      {
        file: cells.table.file,
        column: fitted.column,
      },
    );
  }
  return sameSize && pixels.channels === channels;
}

function prepare(fitted: FittedImage, cells: Cells, rows: Int32Array): RowStore {
  const pixels = pixelsOf(fitted.name, fitted.column, cells);
  const [height, width, channels] = fitted.shape;
  const scale = scaleOf(fitted);
  if (isSame(fitted, pixels, cells) && pixels.column.values !== undefined)
    return sourceStore(pixels.column.values, fitted.shape, rows, channels, scale);
  const read = readerFor(fitted.name, pixels.channels, channels);
  const data = new Float32Array(
    affordable(rows.length, height * width * channels, fitted.name, cells.table.file, advice),
  );
  const perRow = pixels.size[0] * pixels.size[1];
  for (const [index, row] of rows.entries()) {
    const image = new Float64Array(perRow * channels);
    const source = pixels.column.row(row);
    for (let at = 0; at < image.length; at++) {
      const value = read(source, Math.floor(at / channels) * pixels.channels, at % channels);
      image[at] = Number.isFinite(value) ? value : (fitted.fill ?? 0);
    }
    const final = resizeImage(image, pixels.size, [height, width], channels, fitted.resize);
    data.set(
      final.map((value, at) => scale(value, at % channels)),
      index * final.length,
    );
  }
  return readyStore(data, fitted.shape);
}

/** A copy is only made for another size or number of channels. */
function bytes(
  { columns: [column], size: wanted, channels }: ImageSettings,
  shapeOf: (column: string) => readonly number[],
): number {
  const [height = 0, width = 0, from = 1] = shapeOf(column);
  const size = wanted ?? [height, width];
  const to = channels ?? from;
  const same = size[0] === height && size[1] === width && to === from;
  return same ? 0 : size[0] * size[1] * to * 4;
}

function largest({
  size,
  channels = 1,
}: ImageSettings): { readonly numbers: number; readonly advice: Text } | undefined {
  return size && { numbers: size[0] * size[1] * channels, advice };
}

/** Every way but `stretch` moves what is in a picture, unless the proportions stay. */
function frame({ name, source, shape: [height, width], resize }: FittedImage): Frame {
  const keepsPlaces = resize === 'stretch' || source[0] * width === source[1] * height;
  return { name, source, target: [height, width], keepsPlaces, resize };
}

const { list, record } = checks;
const check = record({
  type: checks.text,
  name: checks.text,
  column: checks.text,
  source: list(stored.size, 2),
  shape: list(stored.size, 3),
  resize: checks.oneOf('stretch', 'fit', 'crop'),
  fill: checks.orNull(checks.finite),
  scalings: list(stored.scaling),
});

export const imageInput: InputRow<'image', ImageSettings, FittedImage> = {
  reads: 'pictures',
  settings,
  begin,
  unusable,
  prepare,
  columns: ({ column }) => [column],
  check,
  counts: () => [],
  bytes,
  width: ({ column, shape }, cells) => (cells.pictures(column)?.width ?? 1) + shape.reduce((a, b) => a * b, 1),
  largest,
  inPlace,
  frame,
};
