/** The contract of a target: how labels are read, what is learned about them from training, and how predictions go back. */
import type { Cells, Gaps, Notes } from '../contract.ts';

/** Numbers per row of a table; a row counts where `labelled` is 1. */
export interface Labels {
  readonly width: number;
  /** [rows asked for, width]; 0 where not labelled. */
  readonly data: Float32Array;
  readonly labelled: Uint8Array;
  /** [rows asked for, width], 1 at each number that is there; absent where every labelled row has all of its numbers. */
  readonly present?: Uint8Array;
  /** Rows that have some of the numbers of a target of several columns and lack others. */
  readonly gaps?: Gaps;
}

export interface TargetType<Settings, Fitted> {
  /**
   * @param trainRows training rows in which the task applies
   * @throws DataError for labels that make no sense
   */
  fit(settings: Settings, cells: Cells, trainRows: Int32Array, notes: Notes): Fitted;
  /** Labels of these rows, in the unit in which the loss acts. */
  prepare(fitted: Fitted, cells: Cells, rows: Int32Array, notes: Notes): Labels;
}
