/** The contract of an input type: look at the rows, fit on the training rows that are left, prepare any rows. */
import type { Cells, Notes, RowStore } from '../contract.ts';

/** An input before its statistics are known. */
export interface Fitting<Fitted> {
  /** 1 for every source row that `missing: "drop"` or `outliers.action: "drop"` leaves out. */
  readonly drop: Uint8Array;
  /** Statistics from these source rows alone. */
  finish(trainRows: Int32Array): Fitted;
}

export interface InputType<Settings, Fitted> {
  /**
   * @param trainRows source rows of the training split before anything is dropped; outlier bounds come from them
   * @throws DataError for cells that cannot be read as this type
   */
  begin(settings: Settings, cells: Cells, trainRows: Int32Array, notes: Notes): Fitting<Fitted>;
  /** 1 for every source row of a table that training would have left out or refused. */
  unusable(fitted: Fitted, cells: Cells): Uint8Array;
  /** The samples of these source rows. */
  prepare(fitted: Fitted, cells: Cells, rows: Int32Array, notes: Notes): RowStore;
}

/** The training rows that no input drops. */
export function keptRows(rows: Int32Array, drop: Uint8Array): Int32Array {
  return rows.filter((row) => drop[row] !== 1);
}
