/** What the preparation found in the cells, column by column: SPEC wants the counts always reported. */
import { canonicalLabel } from '../data/values.ts';
import type { FittedInput } from './inputs/index.ts';
import type { Cells } from './contract.ts';

export interface ColumnCount {
  readonly input: string;
  readonly column: string;
  /** Cells without a value, over the rows in use. */
  readonly missing: number;
  /** Numbers outside the bounds of `outliers`. */
  readonly outliers: number;
  /** Categories that the training rows do not hold. */
  readonly unseen: number;
}

/** Counts over these source rows; columns with nothing to tell are left out. */
export function countCells(inputs: readonly FittedInput[], cells: Cells, rows: Int32Array): ColumnCount[] {
  return inputs
    .flatMap((input) => countsOf(input, cells, rows))
    .filter((count) => count.missing + count.outliers + count.unseen > 0);
}

function countsOf(input: FittedInput, cells: Cells, rows: Int32Array): ColumnCount[] {
  if (input.type === 'image') return [];
  if (input.type === 'category') {
    return input.columns.map(({ column, values }) => {
      const known = new Set(values.map(canonicalLabel));
      const labels = cells.labels(column);
      const found = Array.from(rows, (row) => labels[row] ?? null);
      const missing = found.filter((label) => label === null).length;
      const unseen = found.filter((label) => label !== null && !known.has(canonicalLabel(label))).length;
      return { input: input.name, column, missing, outliers: 0, unseen };
    });
  }
  const byColumn = new Map<string, { missing: number; outliers: number }>();
  for (const { column, index, bounds } of input.features) {
    const { values, stride, offset } = cells.feature(column, index);
    const count = byColumn.get(column) ?? { missing: 0, outliers: 0 };
    byColumn.set(column, count);
    for (const row of rows) {
      const value = values[row * stride + offset] ?? NaN;
      if (Number.isNaN(value)) count.missing++;
      else if (bounds !== null && (value < bounds.low || value > bounds.high)) count.outliers++;
    }
  }
  return [...byColumn].map(([column, count]) => ({ input: input.name, column, ...count, unseen: 0 }));
}

/** `Input “data sheet”, column “horsepower”: 6 missing.` */
export function countText({ input, column, missing, outliers, unseen }: ColumnCount): string {
  const found = [
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(outliers > 0 ? [`${outliers} outliers`] : []),
    ...(unseen > 0 ? [`${unseen} unseen in training`] : []),
  ];
  return `Input “${input}”, column “${column}”: ${found.join(', ')}.`;
}
