/**
 * Prepared samples on disk, read by their positions. The thread that reads ahead and the one that trains use the same functions, so a
 * batch is the same numbers whoever reads it – and the same as from memory: what is stored is what the stores in memory hold.
 */
import { scaleOf, type FittedImage } from '../inputs/image.ts';
import { convertInto } from '../row-stores.ts';
import { numberTypes, type RowRun } from './columns.ts';
import { readFully } from './scratch.ts';

interface Common {
  readonly fd: number;
  /** Numbers a sample. */
  readonly width: number;
}

/** Samples as the network takes them, in the order of their split. */
export interface ReadyRecords extends Common {
  readonly kind: 'ready';
  readonly dtype: 'float32' | 'int32';
}

/** Pictures as they stand in the source, scaled when they are read. */
export interface PictureRecords extends Common {
  readonly kind: 'pictures';
  /** Source row of each position. */
  readonly rows: Int32Array;
  readonly runs: readonly RowRun[];
  readonly channels: number;
  readonly fitted: Pick<FittedImage, 'scalings' | 'fill'>;
}

/** Plain values and shared arrays: it travels to another thread. */
export type RecordSource = ReadyRecords | PictureRecords;

/** Reads the samples at these positions into `out`, [positions, width]. */
export type ReadRecords = (positions: Int32Array, out: Float32Array | Int32Array) => void;

/** Samples nearer than this in the file are read at once. */
const gapBytes = 32 * 1024;
/** At most this much is read at once. */
const stretchBytes = 1024 * 1024;

export function openRecords(source: RecordSource): ReadRecords {
  return source.kind === 'ready' ? readReady(source) : readPictures(source);
}

function readReady({ fd, width, dtype }: ReadyRecords): ReadRecords {
  const make = dtype === 'float32' ? Float32Array : Int32Array;
  return eachRecord(fd, width * 4, (bytes, at, index, out) => {
    out.set(new make(bytes.buffer, bytes.byteOffset + at, width), index * width);
  });
}

function readPictures({ fd, width, rows, runs, channels, fitted }: PictureRecords): ReadRecords {
  const scale = scaleOf(fitted);
  const parts = runs.map((run, place) => {
    const type = numberTypes[run.type];
    const convert = convertInto(run.type === 'uint8', channels, scale);
    const read = eachRecord(
      fd,
      width * type.BYTES_PER_ELEMENT,
      (bytes, at, index, out) =>
        convert(new type(bytes.buffer, bytes.byteOffset + at, width), 0, out, index * width, width),
      run.position,
    );
    return { read, first: run.row, end: runs[place + 1]?.row ?? Infinity };
  });
  return (positions, out) => {
    const own = positions.map((position) => rows[position] ?? 0);
    for (const { read, first, end } of parts) read(own, out, first, end);
  };
}

type Take = (bytes: Uint8Array<ArrayBuffer>, at: number, index: number, out: Float32Array | Int32Array) => void;

/**
 * Reads records in the order of the file, neighbors at once.
 *
 * @param take one record, which begins at `at` of `bytes`, for place `index` of the batch
 * @param position of the first record in the file
 */
function eachRecord(
  fd: number,
  recordBytes: number,
  take: Take,
  position = 0,
): (records: Int32Array, out: Float32Array | Int32Array, first?: number, end?: number) => void {
  let buffer = new Uint8Array(0);
  return (records, out, first = 0, end = Infinity) => {
    const order = inFileOrder(records).filter((index) => {
      const record = records[index] ?? 0;
      return record >= first && record < end;
    });
    for (let at = 0; at < order.length;) {
      const start = records[order[at] ?? 0] ?? 0;
      let next = at + 1;
      let last = start;
      for (; next < order.length; next++) {
        const record = records[order[next] ?? 0] ?? 0;
        if ((record - last - 1) * recordBytes > gapBytes || (record + 1 - start) * recordBytes > stretchBytes) break;
        last = record;
      }
      const length = (last + 1 - start) * recordBytes;
      if (buffer.length < length) buffer = new Uint8Array(length);
      readFully(fd, buffer.subarray(0, length), position + (start - first) * recordBytes);
      for (; at < next; at++) {
        const index = order[at] ?? 0;
        take(buffer, ((records[index] ?? 0) - start) * recordBytes, index, out);
      }
    }
  };
}

/** Places of the batch, sorted by where their records lie. */
function inFileOrder(records: Int32Array): Int32Array {
  // A record and its place in one number, since sorting numbers is fast: places are far fewer than 2²⁰.
  const keys = Float64Array.from(records, (record, index) => record * 2 ** 20 + index).sort();
  return Int32Array.from(keys, (key) => key % 2 ** 20);
}
