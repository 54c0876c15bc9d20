/** What the preparation found in the cells, column by column: SPEC wants the counts always reported. */
import type { ColumnCount } from './inputs/contract.ts';
import { inputRow, type FittedInput } from './inputs/table.ts';
import type { Cells } from './contract.ts';

/** Counts over these source rows; columns with nothing to tell are left out. */
export function countCells(inputs: readonly FittedInput[], cells: Cells, rows: Int32Array): ColumnCount[] {
  return inputs
    .flatMap((input) => inputRow(input).counts(input, cells, rows))
    .filter((count) => count.missing + count.outliers + count.unseen > 0);
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
