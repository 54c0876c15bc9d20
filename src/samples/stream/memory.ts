/** How much memory a data set may take, how much it would, and so whether it is held or read from disk. */
import { headsOf, numbersIn, rawBytes } from '../../data/array-sizes.ts';
import { formatOf } from '../../data/formats/table.ts';
import type { SourceFile } from '../../data/paths.ts';
import type { Header } from '../../data/table.ts';
import { memoryHere } from '../../files/memory.ts';
import { inputRow } from '../inputs/table.ts';
import type { Settings } from '../settings.ts';
import type { SourceFiles } from '../source.ts';
import { targetRow } from '../targets/table.ts';

const MiB = 1024 * 1024;

/** The budget where none is chosen: half of the memory that is free, and 256 MB at least. */
export function automaticBudget({ available } = memoryHere()): number {
  return Math.max(256 * MiB, Math.floor(available / 2));
}

/** Bytes that the data of a spec would take in memory while they are prepared, by the sizes of files and the shapes of arrays. */
export function estimateBytes({ files, header, settings }: SourceFiles): number {
  const all = files.reduce((sum, { file }) => sum + file.bytes, 0);
  const { size } = formatOf(header);
  if (size !== 'shapes') return all * size.perByte;
  const [first] = files;
  // Of appended files only the first has been looked at; the others are taken to be like it.
  const share = first === undefined || first.file.bytes === 0 ? 1 : all / first.file.bytes;
  return (settings === undefined ? shapedBytes(header, allColumns(header)) : preparedBytes(header, settings)) * share;
}

/** What columns take as they stand in the file, and what inputs and targets become. */
function preparedBytes(header: Header, settings: Settings): number {
  const { rows = 0 } = header;
  const heads = new Map(header.columns.map((head) => [head.name, head]));
  const shapeOf = (name: string): readonly number[] => heads.get(name)?.shape ?? [];
  const raw = [...settings.columns].map((name) => rawBytes(header, heads.get(name) ?? { name, shape: [], dtype: '' }));
  let bytes = sum(raw);
  for (const input of settings.inputs) bytes += rows * inputRow(input).bytes(input, shapeOf);
  for (const { target } of settings.tasks) bytes += rows * targetRow(target).bytes(target, shapeOf);
  return bytes;
}

/** Whether the readers of whole files would refuse these files for their size alone. */
export function exceedsReaders({ files, header, settings }: SourceFiles): boolean {
  const columns = settings?.columns ?? allColumns(header);
  return files.some(({ file }) => otherExceedsReaders(file, header, columns));
}

/** As {@link estimateBytes}, for the columns that a fitted preparation reads of another file. */
export function otherBytes(file: SourceFile, header: Header, columns: ReadonlySet<string>): number {
  const { size } = formatOf(header);
  return size === 'shapes' ? shapedBytes(header, columns) : file.bytes * size.perByte;
}

/** As {@link exceedsReaders}, for another file. */
export function otherExceedsReaders(file: SourceFile, header: Header, columns: ReadonlySet<string>): boolean {
  return formatOf(header).exceeds(file, header, columns);
}

/** As {@link estimateDisk}, for another file. */
export function otherDisk(file: SourceFile, header: Header, columns: ReadonlySet<string>): number {
  return formatOf(header).size === 'shapes' ? 2 * otherBytes(file, header, columns) : file.bytes;
}

/** The numbers as they stand in the file, a double of each and what it becomes. */
function shapedBytes(header: Header, columns: ReadonlySet<string>): number {
  return sum(headsOf(header, columns).map((head) => rawBytes(header, head) + 12 * numbersIn(header, head)));
}

const allColumns = (header: Header): ReadonlySet<string> => new Set(header.columns.map(({ name }) => name));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Bytes that the temporary files of a streamed data set take: columns as doubles, then prepared numbers. Of text it is a guess. */
export function estimateDisk(source: SourceFiles): number {
  if (formatOf(source.header).size === 'shapes') return 2 * estimateBytes(source);
  return source.files.reduce((total, { file }) => total + file.bytes, 0);
}
