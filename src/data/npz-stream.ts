/** NPZ archives of any size: array by array, some rows of it at a time. */
import { text } from '../common/text.ts';
import type { Archive } from '../files/zip.ts';
import { inArchive } from './archive.ts';
import type { AcceptBlock, StreamedFile } from './blocks.ts';
import { DataError } from './error.ts';
import type { Limits } from './limits.ts';
import { decodeArray, hasLargeIntegers } from './npy-values.ts';
import type { NpyHeader } from './npy.ts';
import { commonLength, dataBytes, headersOf, unknownArray, type ArrayMember } from './npz.ts';
import type { ReadOptions } from './options.ts';
import type { SourceFile } from './paths.ts';

/** @throws DataError as `readNpz`, but for the sizes of the arrays; `shape` for arrays in Fortran order */
export async function streamNpz(
  file: SourceFile,
  options: ReadOptions,
  limits: Limits,
  accept: AcceptBlock,
): Promise<StreamedFile> {
  return inArchive(file, limits, async (archive) => {
    const unlimited = { ...limits, arrayBytes: Number.MAX_SAFE_INTEGER };
    const arrays = await headersOf(archive, file, unlimited, options.columns);
    for (const name of options.columns ?? []) {
      if (!arrays.some((array) => array.name === name)) throw unknownArray(file, archive, name);
    }
    const rows = commonLength(arrays, file);
    for (const array of arrays) await streamArray(archive, file, array, limits, accept);
    return { rows, lineOf: () => undefined };
  });
}

async function streamArray(
  archive: Archive,
  file: SourceFile,
  array: ArrayMember,
  limits: Limits,
  accept: AcceptBlock,
): Promise<void> {
  const { name, header } = array;
  const rowBytes = rowBytesOf(array, file, limits);
  // One row is handed on however large it is.
  const blockRows = Math.max(1, Math.min(header.shape[0] ?? 0, Math.floor(limits.partBytes / Math.max(1, rowBytes))));
  const wide = header.dtype === 'int64' || header.dtype === 'uint64';
  let asText = false;
  if (wide) {
    await eachBlock(archive, file, array, blockRows, (data, part) => {
      asText ||= hasLargeIntegers(data, part);
    });
  }
  await eachBlock(archive, file, array, blockRows, (data, part, firstRow) => {
    const column = decodeArray(data, part, name, file.name, asText);
    const rows = part.shape[0] ?? 0;
    const columns = new Map([[name, column]]);
    accept({ file: file.name, format: 'npz', rows, columns, lineOf: () => undefined, firstRow });
  });
}

function rowBytesOf({ name, header }: ArrayMember, file: SourceFile, limits: Limits): number {
  const place = { file: file.name, column: name };
  if (header.fortranOrder && header.shape.length > 1) {
    const message = text(
      `${file.name}: array “${name}” lies column by column (Fortran order), which cannot be read row by row. Save it with numpy.ascontiguousarray, or give the run more memory (--memory).`,
      `${file.name}：数组“${name}”按列存放（Fortran 顺序），无法逐行读取。请用 numpy.ascontiguousarray 保存，或为运行提供更多内存（--memory）。`,
    );
    throw new DataError('shape', message, place);
  }
  const rows = header.shape[0] ?? 0;
  const rowBytes = rows === 0 ? 0 : dataBytes(header) / rows;
  if (rowBytes > limits.line) {
    const [size, limit] = [rowBytes, limits.line].map((bytes) => `${Math.round(bytes / 1024 / 1024)} MB`);
    const message = text(
      `${file.name}: one row of “${name}” has ${size}; the limit is ${limit}.`,
      `${file.name}：“${name}”的一行有 ${size}，上限为 ${limit}。`,
    );
    throw new DataError('too-large', message, place);
  }
  return rowBytes;
}

/** The elements of an array, whole rows at a time, with a header that describes those rows. The bytes must not be kept. */
async function eachBlock(
  archive: Archive,
  file: SourceFile,
  { member, header }: ArrayMember,
  blockRows: number,
  take: (data: Uint8Array, part: NpyHeader, firstRow: number) => void,
): Promise<void> {
  const total = header.shape[0] ?? 0;
  const rowBytes = total === 0 ? 0 : dataBytes(header) / total;
  const buffer = new Uint8Array(blockRows * rowBytes);
  let filled = 0;
  let firstRow = 0;
  let position = 0;
  const hand = (): void => {
    const rows = rowBytes === 0 ? total : filled / rowBytes;
    // An array without rows is a column all the same.
    if (rows === 0 && total > 0) return;
    take(
      buffer.subarray(0, filled),
      { ...header, shape: [rows, ...header.shape.slice(1)], fortranOrder: false },
      firstRow,
    );
    firstRow += rows;
    filled = 0;
  };
  for await (const piece of archive.content(member)) {
    // The first pieces begin with the header, whose length is known by now.
    let at = Math.min(Math.max(header.dataOffset - position, 0), piece.length);
    position += piece.length;
    while (at < piece.length) {
      const count = Math.min(piece.length - at, buffer.length - filled);
      buffer.set(piece.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled === buffer.length) hand();
    }
  }
  hand();
  if (firstRow !== total)
    throw new DataError(
      'npy',
      text(
        `${file.name}: an array is shorter than its header says. Save it again.`,
        `${file.name}：有数组短于其文件头所述。请重新保存。`,
      ),
      {
        file: file.name,
      },
    );
}
