/**
 * Files of any size, some rows at a time: what a data set is read by that does not fit into the memory it may take. The blocks
 * of a file, put one under the other, are the table that `readTable` would give: the same columns, types and texts.
 */
import type { CsvReport, Table } from './table.ts';

/**
 * Takes some consecutive rows, in the order of the file. Row 0 is row `table.firstRow` of the file. A format that stores columns one
 * after the other gives blocks of one column each. The table must not be kept.
 */
export type AcceptBlock = (table: Table) => void;

/** What is known when the whole file has passed. */
export interface StreamedFile {
  readonly rows: number;
  readonly csv?: CsvReport;
  /** Where a row stands in a text file, from 1; for binary files undefined. */
  lineOf(row: number): number | undefined;
}

/** Remembers on which line each row stands, as the few places where rows and lines part company. */
export interface LineIndex {
  add(row: number, line: number): void;
  lineOf(row: number): number | undefined;
}

export function lineIndex(): LineIndex {
  const rows: number[] = [];
  const offsets: number[] = [];
  let last = NaN;
  return {
    add: (row, line) => {
      if (line - row === last) return;
      last = line - row;
      rows.push(row);
      offsets.push(last);
    },
    lineOf: (row) => {
      let [low, high] = [0, rows.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((rows[middle] ?? 0) <= row) low = middle + 1;
        else high = middle;
      }
      const offset = offsets[low - 1];
      return offset === undefined ? undefined : row + offset;
    },
  };
}
