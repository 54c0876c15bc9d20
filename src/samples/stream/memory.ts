/** How much memory a data set may take, how much it would, and so whether it is held or read from disk. */
import * as os from 'node:os';
import { defaultLimits } from '../../data/limits.ts';
import type { SourceFile } from '../../data/paths.ts';
import type { ColumnHead, Header } from '../../data/table.ts';
import { product } from '../../data/table.ts';
import { inputRow } from '../inputs/table.ts';
import type { Settings } from '../settings.ts';
import type { SourceFiles } from '../source.ts';

const MiB = 1024 * 1024;

/** The budget where none is chosen: half of the memory that is free, and 256 MB at least. */
export function automaticBudget(): number {
  // Inside a container this is what the container may still take (Node 20.13 and newer; before, what the machine has free).
  const { availableMemory } = process as { readonly availableMemory?: () => number };
  const free = availableMemory?.() ?? os.freemem();
  return Math.max(256 * MiB, Math.floor(free / 2));
}

/** Bytes in memory for a byte of text, at the most: the text, its cells' places, doubles, prepared numbers. */
const perTextByte = { csv: 6, jsonl: 12 };

const itemBytes: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  float16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
};

/** Bytes that the data of a spec would take in memory while they are prepared, by the sizes of files and the shapes of arrays. */
export function estimateBytes({ files, header, settings }: SourceFiles): number {
  const all = files.reduce((sum, { file }) => sum + file.bytes, 0);
  if (header.format !== 'npz' || settings === undefined)
    return all * (header.format === 'jsonl' ? perTextByte.jsonl : perTextByte.csv);
  const [first] = files;
  // Of appended archives only the first has been looked at; the others are taken to be like it.
  const share = first === undefined || first.file.bytes === 0 ? 1 : all / first.file.bytes;
  return arrayBytes(header, settings) * share;
}

function arrayBytes(header: Header, settings: Settings): number {
  const rows = header.rows ?? 0;
  const heads = new Map(header.columns.map((head) => [head.name, head]));
  const widthOf = (name: string): number => product(heads.get(name)?.shape ?? []);
  const rawOf = (name: string): number => rows * widthOf(name) * (itemBytes[heads.get(name)?.dtype ?? ''] ?? 8);
  let bytes = 0;
  for (const name of settings.columns) bytes += rawOf(name);
  const shapeOf = (name: string): readonly number[] => heads.get(name)?.shape ?? [];
  for (const input of settings.inputs) bytes += rows * inputRow(input).bytes(input, shapeOf);
  for (const { target } of settings.tasks) for (const name of target.columns) bytes += rows * widthOf(name) * 16;
  return bytes;
}

/** Whether the readers of whole files would refuse these files for their size alone. */
export function exceedsReaders({ files, header, settings }: SourceFiles): boolean {
  if (header.format !== 'npz') return files.some(({ file }) => file.bytes > defaultLimits.textBytes);
  const columns = settings?.columns ?? new Set(header.columns.map(({ name }) => name));
  return files.some(({ file }) => otherExceedsReaders(file, header, columns));
}

/** As {@link estimateBytes}, for the columns that a fitted preparation reads of another file. */
export function otherBytes(file: SourceFile, header: Header, columns: ReadonlySet<string>): number {
  if (header.format !== 'npz') return file.bytes * (header.format === 'jsonl' ? perTextByte.jsonl : perTextByte.csv);
  return sum(neededHeads(header, columns).map((head) => rawBytes(header, head) + 12 * numbersIn(header, head)));
}

/** As {@link exceedsReaders}, for another file. */
export function otherExceedsReaders(file: SourceFile, header: Header, columns: ReadonlySet<string>): boolean {
  if (header.format !== 'npz') return file.bytes > defaultLimits.textBytes;
  const sizes = neededHeads(header, columns).map((head) => rawBytes(header, head));
  return sum(sizes) > defaultLimits.archiveBytes || sizes.some((bytes) => bytes > defaultLimits.arrayBytes);
}

/** As {@link estimateDisk}, for another file. */
export function otherDisk(file: SourceFile, header: Header, columns: ReadonlySet<string>): number {
  return header.format === 'npz' ? 2 * otherBytes(file, header, columns) : file.bytes;
}

const neededHeads = (header: Header, columns: ReadonlySet<string>): readonly ColumnHead[] =>
  header.columns.filter(({ name }) => columns.has(name));
const numbersIn = ({ rows = 0 }: Header, { shape }: ColumnHead): number => rows * product(shape);
const rawBytes = (header: Header, head: ColumnHead): number => numbersIn(header, head) * (itemBytes[head.dtype] ?? 8);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Bytes that the temporary files of a streamed data set take: columns as doubles, then prepared numbers. Of text it is a guess. */
export function estimateDisk(source: SourceFiles): number {
  const { header } = source;
  if (header.format === 'npz') return 2 * estimateBytes(source);
  return source.files.reduce((total, { file }) => total + file.bytes, 0);
}
