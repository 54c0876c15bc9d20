/** Columns on disk under the interface of columns in memory: one of them, or one of its features, is in memory while it is looked at. */
import type { TableFacts } from '../../data/table.ts';
import type { Cells, Pictures } from '../contract.ts';
import type { ColumnFile, PictureFile } from './columns.ts';
import type { Columns, LabelFile } from './ingest.ts';

export interface StreamedCells extends Cells {
  /** Some rows, in memory; row 0 of it is row `first`. */
  block(first: number, count: number): Cells;
  /** A column of pictures where it lies; undefined for text. */
  pictureFile(column: string): PictureFile | undefined;
  /** Gives the disk back that everything but these pictures takes; nothing else can be asked for any more. */
  release(pictures: ReadonlySet<string>): void;
}

export function streamedCells({ facts, csv, report, numbers, labels, plainLabels, pictures }: Columns): StreamedCells {
  const all = { first: 0, count: facts.rows };
  const pictureFile = (column: string): PictureFile | undefined => found(pictures, column) ?? undefined;
  return {
    table: facts,
    csv,
    report,
    numbers: (column) => {
      const file = found(numbers, column);
      return { values: file.rows(0, facts.rows), width: file.width, shape: file.shape };
    },
    widthOf: (column) => found(numbers, column).width,
    feature: (column, index) => ({ values: found(numbers, column).feature(index), stride: 1, offset: 0 }),
    labels: (column) => labelsAt(found(labels, column), all.first, all.count),
    plainLabels: (column) => labelsAt(found(plainLabels, column), all.first, all.count),
    pictures: (column) => pictureFile(column)?.pictures(),
    pictureFile,
    block: (first, count) => blockCells({ facts, csv, report, numbers, labels, pictures }, first, count),
    release: (kept) => {
      for (const file of numbers.values()) file.close();
      for (const { ids } of [...labels.values(), ...plainLabels.values()]) ids.close();
      for (const [column, file] of pictures) if (!kept.has(column)) file?.close();
    },
  };
}

function blockCells(
  { facts, csv, report, numbers, labels, pictures }: Omit<Columns, 'rows' | 'heads' | 'plainLabels'>,
  first: number,
  count: number,
): Cells {
  const known = new Map<string, { readonly values: Float64Array; readonly file: ColumnFile<Float64Array> }>();
  const knownLabels = new Map<string, readonly (string | null)[]>();
  const read = (column: string): { readonly values: Float64Array; readonly file: ColumnFile<Float64Array> } => {
    let entry = known.get(column);
    if (entry === undefined) {
      const file = found(numbers, column);
      entry = { values: file.rows(first, count), file };
      known.set(column, entry);
    }
    return entry;
  };
  const table: TableFacts = {
    file: facts.file,
    rows: count,
    firstRow: first,
    lineOf: (row) => facts.lineOf(first + row),
  };
  const labelsOf = (column: string): readonly (string | null)[] => {
    const cells = knownLabels.get(column) ?? labelsAt(found(labels, column), first, count);
    knownLabels.set(column, cells);
    return cells;
  };
  return {
    table,
    csv,
    report,
    numbers: (column) => {
      const { values, file } = read(column);
      return { values, width: file.width, shape: file.shape };
    },
    widthOf: (column) => found(numbers, column).width,
    feature: (column, index) => {
      const { values, file } = read(column);
      return { values, stride: file.width, offset: index };
    },
    labels: labelsOf,
    plainLabels: labelsOf,
    pictures: (column): Pictures | undefined => found(pictures, column)?.some(first, count),
  };
}

function labelsAt({ ids, labels }: LabelFile, first: number, count: number): (string | null)[] {
  return Array.from(ids.rows(first, count), (id) => labels[id] ?? null);
}

function found<T>(columns: ReadonlyMap<string, T>, column: string): T {
  const file = columns.get(column);
  if (file === undefined) throw new RangeError(`The column “${column}” has not been read in this way.`);
  return file;
}
