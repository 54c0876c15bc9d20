/** Walks over columns on disk, some rows in memory at a time. */
import type { Cells } from '../contract.ts';
import type { StreamedCells } from './cells.ts';

/**
 * Visits the rows of a split block by block. An empty split is visited once: what is prepared of no row has a shape all
 * the same.
 *
 * @param rows ascending source rows
 * @param count rows of a block
 * @param visit with the block's cells, the split's rows in it by their place in the block, and the position of the first
 */
export function eachBlock(
  cells: StreamedCells,
  rows: Int32Array,
  count: number,
  visit: (block: Cells, local: Int32Array, from: number) => void,
): void {
  for (let first = 0; first < cells.table.rows || first === 0; first += count) {
    const end = Math.min(first + count, cells.table.rows);
    const [from, to] = [lowerBound(rows, first), lowerBound(rows, end)];
    if (from === to && (rows.length > 0 || first > 0)) continue;
    const local = rows.subarray(from, to).map((row) => row - first);
    visit(cells.block(first, end - first), local, from);
  }
}

/** The first place of an ascending list whose value is at least `value`. */
export function lowerBound(rows: Int32Array, value: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
