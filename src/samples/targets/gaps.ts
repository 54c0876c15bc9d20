/** Targets of several columns that lack some of their numbers in some rows, counted. */
import type { Gaps } from '../contract.ts';

/**
 * Counts the rows that have some numbers and lack others.
 *
 * @param values [rows, width], NaN where a number is missing
 */
export function countGaps(values: Float64Array, width: number): Gaps {
  const columns = new Array<number>(width).fill(0);
  let rows = 0;
  for (let from = 0; from < values.length; from += width) {
    const row = values.subarray(from, from + width);
    const missing = [...row.keys()].filter((column) => Number.isNaN(row[column]));
    if (missing.length === 0 || missing.length === width) continue;
    rows++;
    for (const column of missing) columns[column] = (columns[column] ?? 0) + 1;
  }
  return { rows, columns };
}

/** A name for each number of a target: those of its columns, or places in columns of several numbers. */
export function columnNames(columns: readonly string[], width: number): readonly string[] {
  if (columns.length === width) return columns;
  const [only] = columns;
  return Array.from({ length: width }, (_, index) =>
    columns.length === 1 && only !== undefined ? `${only}[${index}]` : String(index),
  );
}
