/** NPZ: a ZIP archive of NPY arrays, written by `numpy.savez` and `savez_compressed`. The first axis counts the samples. */
import { text, type Text } from '../common/text.ts';
import type { Archive, Member } from '../files/zip.ts';
import { inArchive } from './archive.ts';
import { DataError } from './error.ts';
import type { ReadOptions } from './options.ts';
import type { Limits } from './limits.ts';
import type { NpyHeader } from './npy.ts';
import { elementCount, parseNpyHeader } from './npy.ts';
import { decodeArray } from './npy-values.ts';
import type { SourceFile } from './paths.ts';
import type { Column, ColumnHead, Header, Table } from './table.ts';
import { listNames } from './table.ts';

/** Compressed bytes of a member in which its header is looked for, first try and last. */
const headerTries = [1024, 16 * 1024];

/** Names, types and shapes; only the directory and the first bytes of each array are read. */
export async function readNpzHeader(file: SourceFile, _options: ReadOptions, limits: Limits): Promise<Header> {
  return inArchive(file, limits, async (archive) => {
    const columns: ColumnHead[] = [];
    let rows: number | undefined;
    for (const member of archive.members) {
      const name = nameOf(member);
      if (name === undefined) continue;
      const header = await headerOrRefusal(archive, file, member, name);
      if (header === undefined) columns.push({ name, shape: [], dtype: 'object' });
      else if (header.shape[0] !== undefined) {
        columns.push({ name, shape: header.shape.slice(1), dtype: dtypeName(header) });
        rows ??= header.shape[0];
      }
    }
    if (columns.length === 0) throw noArrays(file);
    return { file: file.name, format: 'npz', columns, ...(rows === undefined ? {} : { rows }), complete: true };
  });
}

/** An array that will never be read (Python objects) is listed as `object`: only a spec that uses it is wrong. */
async function headerOrRefusal(
  archive: Archive,
  file: SourceFile,
  member: Member,
  name: string,
): Promise<NpyHeader | undefined> {
  try {
    return await headerOf(archive, file, member, name);
  } catch (error) {
    if (error instanceof DataError && error.code === 'object-array') return undefined;
    throw error;
  }
}

/**
 * The arrays named in `options.columns` (all without it). All of them must have the same first axis.
 * @throws DataError `zip`, `npy`, `object-array`, `too-large`, `shape`, `unknown-column`, `empty`
 */
export async function readNpz(file: SourceFile, options: ReadOptions, limits: Limits): Promise<Table> {
  return inArchive(file, limits, async (archive) => {
    const arrays = await headersOf(archive, file, limits, options.columns);
    for (const name of options.columns ?? []) {
      if (!arrays.some((array) => array.name === name)) throw unknownArray(file, archive, name);
    }
    const rows = commonLength(arrays, file);
    const total = arrays.reduce((sum, { header }) => sum + dataBytes(header), 0);
    if (total > limits.archiveBytes)
      throw overBudget(file, text('its arrays together', '其全部数组'), total, limits.archiveBytes);
    const columns = new Map<string, Column>();
    for (const array of arrays) columns.set(array.name, await readArray(archive, file, array));
    return { file: file.name, format: 'npz', rows, columns, lineOf: () => undefined };
  });
}

export interface ArrayMember {
  readonly name: string;
  readonly member: Member;
  readonly header: NpyHeader;
}

export async function headersOf(
  archive: Archive,
  file: SourceFile,
  limits: Limits,
  wanted?: ReadonlySet<string>,
): Promise<ArrayMember[]> {
  const arrays: ArrayMember[] = [];
  for (const member of archive.members) {
    const name = nameOf(member);
    if (name === undefined || (wanted !== undefined && !wanted.has(name))) continue;
    const header = await headerOf(archive, file, member, name);
    const [length] = header.shape;
    // A single number saved along (a version, a scale) is no column.
    if (length === undefined) continue;
    checkSize(file, name, member, header, limits);
    arrays.push({ name, member, header });
  }
  if (arrays.length === 0 && wanted === undefined) throw noArrays(file);
  return arrays;
}

function noArrays(file: SourceFile): DataError {
  return new DataError(
    'empty',
    text(`${file.name} holds no arrays (members ending in .npy).`, `${file.name} 中没有数组（以 .npy 结尾的成员）。`),
    { file: file.name },
  );
}

function nameOf(member: Member): string | undefined {
  return member.name.endsWith('.npy') ? member.name.slice(0, -4).normalize('NFC') : undefined;
}

async function headerOf(archive: Archive, file: SourceFile, member: Member, name: string): Promise<NpyHeader> {
  for (const limit of headerTries) {
    const header = parseNpyHeader(await archive.begin(member, limit), name, file.name);
    if (header !== undefined) return header;
  }
  throw new DataError(
    'npy',
    text(
      `${file.name}, array “${name}”: its header is cut short. Save it again with numpy.savez.`,
      `${file.name}，数组“${name}”：文件头被截断。请用 numpy.savez 重新保存。`,
    ),
    {
      file: file.name,
      column: name,
    },
  );
}

export function dataBytes(header: NpyHeader): number {
  return elementCount(header.shape) * header.itemBytes;
}

/** Before a byte is allocated: the header, the directory and the budget must agree. */
function checkSize(file: SourceFile, name: string, member: Member, header: NpyHeader, limits: Limits): void {
  const bytes = dataBytes(header);
  if (!Number.isSafeInteger(bytes) || bytes > limits.arrayBytes)
    throw overBudget(file, text(`array “${name}”`, `数组“${name}”`), bytes, limits.arrayBytes);
  if (header.dataOffset + bytes !== member.size) {
    throw new DataError(
      'npy',
      text(
        `${file.name}, array “${name}”: its header promises ${bytes} bytes, the archive ${member.size - header.dataOffset}. Save it again with numpy.savez.`,
        `${file.name}，数组“${name}”：文件头所述为 ${bytes} 字节，归档中为 ${member.size - header.dataOffset} 字节。请用 numpy.savez 重新保存。`,
      ),
      { file: file.name, column: name },
    );
  }
}

function overBudget(file: SourceFile, what: Text, bytes: number, limit: number): DataError {
  const mib = (value: number): string => `${Math.round(value / 1024 / 1024)} MB`;
  return new DataError(
    'too-large',
    text(
      `${file.name}: ${what.en} would take ${mib(bytes)}; the limit is ${mib(limit)}. Save fewer rows or smaller types.`,
      `${file.name}：${what.zh}将占用 ${mib(bytes)}，上限为 ${mib(limit)}。请减少行数，或使用更小的类型。`,
    ),
    {
      file: file.name,
    },
  );
}

export function commonLength(arrays: readonly ArrayMember[], file: SourceFile): number {
  const [first] = arrays;
  if (first === undefined) return 0;
  const rows = first.header.shape[0] ?? 0;
  for (const { name, header } of arrays) {
    if (header.shape[0] !== rows) {
      throw new DataError(
        'shape',
        text(
          `${file.name}: “${first.name}” has ${rows} rows and “${name}” ${header.shape[0] ?? 0}. The first axis of every array counts the samples and must be equal.`,
          `${file.name}：“${first.name}”有 ${rows} 行，“${name}”有 ${header.shape[0] ?? 0} 行。每个数组的第一轴为样本数，必须相同。`,
        ),
        { file: file.name, column: name },
      );
    }
  }
  return rows;
}

export function unknownArray(file: SourceFile, archive: Archive, name: string): DataError {
  const known = archive.members.flatMap((member) => nameOf(member) ?? []);
  return new DataError(
    'unknown-column',
    text(
      `${file.name} has no array “${name}”. It has ${listNames(known)}.`,
      `${file.name} 中没有数组“${name}”，只有 ${listNames(known, 'zh')}。`,
    ),
    {
      file: file.name,
      column: name,
    },
  );
}

async function readArray(archive: Archive, file: SourceFile, { name, member, header }: ArrayMember): Promise<Column> {
  const data = new Uint8Array(dataBytes(header));
  let position = 0;
  for await (const piece of archive.content(member)) {
    // The first pieces begin with the header, whose length is known by now.
    const skip = Math.min(Math.max(header.dataOffset - position, 0), piece.length);
    if (skip < piece.length) data.set(piece.subarray(skip), position + skip - header.dataOffset);
    position += piece.length;
  }
  return decodeArray(data, header, name, file.name);
}

function dtypeName(header: NpyHeader): string {
  return header.dtype === 'unicode' || header.dtype === 'bytes' ? 'text' : header.dtype;
}
