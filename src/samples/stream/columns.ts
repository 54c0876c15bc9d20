/**
 * Columns on disk while a preparation is fitted. Some thousand rows make a chunk, in which the numbers of each feature stand one after
 * the other: one feature of all rows is read with few jumps, and so are some rows with all their features.
 */
import type { NumericArray } from '../../data/table.ts';
import { isFloating, type Pictures } from '../contract.ts';
import type { Scratch, ScratchFile } from './scratch.ts';

type Values = Float64Array | Int32Array;

export interface ColumnFile<T extends Values> {
  /** Numbers a row. */
  readonly width: number;
  readonly shape: readonly number[];
  /** One number of every row. */
  feature(index: number): T;
  /** Some rows, row by row. */
  rows(first: number, count: number): T;
  close(): void;
}

export interface ColumnWriter<T extends Values> {
  /** Takes rows, row by row. */
  append(values: ArrayLike<number>, rows: number): void;
  finish(): ColumnFile<T>;
}

/** Rows in a chunk, so that one has about a megabyte: fewer where rows are wide. */
export function chunkRowsFor(width: number): number {
  return Math.min(65_536, Math.max(16, Math.floor((1024 * 1024) / 8 / Math.max(1, width))));
}

/** Bytes that the chunks of all columns together may take while a file is read. */
const allChunks = 64 * 1024 * 1024;

/**
 * @param make a fresh array: the type of the column
 * @param columns how many are written at a time, this one included: each keeps a chunk in memory
 */
export function columnWriter<T extends Values>(
  scratch: Scratch,
  shape: readonly number[],
  make: (length: number) => T,
  columns = 1,
): ColumnWriter<T> {
  const width = shape.reduce((a, b) => a * b, 1);
  const share = Math.floor(allChunks / 8 / Math.max(1, columns) / Math.max(1, width));
  const chunkRows = Math.min(chunkRowsFor(width), Math.max(16, share));
  const file = scratch.create();
  const chunk = make(chunkRows * width);
  let inChunk = 0;
  let rows = 0;
  const flush = (): void => {
    file.append(bytesOf(chunk));
    inChunk = 0;
  };
  return {
    append: (values, count) => {
      for (let row = 0; row < count; row++) {
        for (let index = 0; index < width; index++)
          chunk[index * chunkRows + inChunk] = values[row * width + index] ?? 0;
        if (++inChunk === chunkRows) flush();
      }
      rows += count;
    },
    finish: () => {
      if (inChunk > 0) flush();
      return columnFile(file, { shape, width, chunkRows, rows, make });
    },
  };
}

interface Layout<T extends Values> {
  readonly shape: readonly number[];
  readonly width: number;
  readonly chunkRows: number;
  readonly rows: number;
  readonly make: (length: number) => T;
}

function columnFile<T extends Values>(
  file: ScratchFile,
  { shape, width, chunkRows, rows, make }: Layout<T>,
): ColumnFile<T> {
  const itemBytes = make(0).BYTES_PER_ELEMENT;
  const read = (into: T, row: number, index: number): void => {
    const chunk = Math.floor(row / chunkRows);
    file.read(bytesOf(into), (chunk * chunkRows * width + index * chunkRows + (row % chunkRows)) * itemBytes);
  };
  const feature = (index: number): T => {
    const out = make(rows);
    for (let row = 0; row < rows; row += chunkRows)
      read(out.subarray(row, Math.min(rows, row + chunkRows)) as T, row, index);
    return out;
  };
  const someRows = (first: number, count: number): T => {
    const out = make(count * width);
    const chunk = make(chunkRows * width);
    for (let row = first; row < first + count;) {
      const from = row % chunkRows;
      const length = Math.min(first + count - row, chunkRows - from);
      read(chunk, row - from, 0);
      for (let index = 0; index < width; index++) {
        for (let at = 0; at < length; at++)
          out[(row - first + at) * width + index] = chunk[index * chunkRows + from + at] ?? 0;
      }
      row += length;
    }
    return out;
  };
  return { width, shape, feature, rows: someRows, close: () => file.close() };
}

export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Types of the numbers of pictures, as they stand in files. */
export const numberTypes = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const;
export type NumberType = keyof typeof numberTypes;

function typeOf(values: NumericArray): NumberType {
  const found = Object.entries(numberTypes).find(([, type]) => values.constructor === type);
  return (found?.[0] ?? 'uint8') as NumberType;
}

/** Rows of one type in a file, one after the other. */
export interface RowRun {
  /** The first row of the column that stands here, and the first byte. */
  readonly row: number;
  readonly position: number;
  readonly type: NumberType;
}

/** A column of pictures on disk; files put one under the other may hold numbers of different types. */
export interface PictureFile {
  readonly fd: number;
  readonly shape: readonly number[];
  readonly width: number;
  readonly runs: readonly RowRun[];
  pictures(): Pictures;
  /** Some rows in memory. */
  some(first: number, count: number): Pictures;
  close(): void;
}

export interface PictureWriter {
  append(values: NumericArray): void;
  finish(): PictureFile;
}

export function pictureWriter(scratch: Scratch, shape: readonly number[]): PictureWriter {
  const width = shape.reduce((a, b) => a * b, 1);
  const file = scratch.create();
  const runs: RowRun[] = [];
  let rows = 0;
  return {
    append: (values) => {
      const type = typeOf(values);
      if (runs.at(-1)?.type !== type) runs.push({ row: rows, position: file.bytes, type });
      file.append(bytesOf(values));
      rows += width === 0 ? 0 : values.length / width;
    },
    finish: () => pictureFile(file, shape, width, runs),
  };
}

function pictureFile(file: ScratchFile, shape: readonly number[], width: number, runs: readonly RowRun[]): PictureFile {
  const floating = runs.some(({ type }) => isFloating(new numberTypes[type](0)));
  const read = (run: RowRun, first: number, count: number): NumericArray => {
    const values = new numberTypes[run.type](count * width);
    file.read(bytesOf(values), run.position + (first - run.row) * width * values.BYTES_PER_ELEMENT);
    return values;
  };
  const runAt = (row: number): RowRun =>
    runs.findLast((run) => run.row <= row) ?? { row: 0, position: 0, type: 'uint8' };
  const row = (index: number): NumericArray => read(runAt(index), index, 1);
  const some = (first: number, count: number): Pictures => {
    const run = runAt(first);
    const values = runAt(first + count - 1) === run ? read(run, first, count) : mixed(first, count);
    const at = (index: number): NumericArray => values.subarray(index * width, (index + 1) * width);
    return { shape, width, floating, values, row: at };
  };
  const mixed = (first: number, count: number): NumericArray => {
    const values = new Float64Array(count * width);
    for (let index = 0; index < count; index++) values.set(row(first + index), index * width);
    return values;
  };
  const pictures = (): Pictures => ({ shape, width, floating, row });
  return { fd: file.fd, shape, width, runs, some, pictures, close: () => file.close() };
}
