/** The contract of a target: how labels are read, and what is learned about them from training. */
import type { Cells, Gaps, Notes, RowStore } from '../contract.ts';

/** Labels of the rows asked for; a row counts where `labelled` is 1. */
export interface Labels {
  /** One label a row; 0 where not labelled. */
  readonly values: RowStore;
  readonly labelled: Uint8Array;
  /** Of the shape of `values`, 1 at each number that is there; absent where every labelled row has all of its numbers. */
  readonly present?: RowStore;
  /** Rows that have some of the numbers of a target of several columns and lack others. */
  readonly gaps?: Gaps;
}

export interface TargetType<Settings, Fitted> {
  /**
   * @param trainRows training rows in which the task applies
   * @throws DataError for labels that make no sense
   */
  fit(settings: Settings, cells: Cells, trainRows: Int32Array, notes: Notes): Fitted;
  /**
   * Labels of these rows, in the unit in which the loss acts.
   *
   * @param notes where labels lie on disk these are the rows of one block, so that what is said of rows is to be counted
   */
  prepare(fitted: Fitted, cells: Cells, rows: Int32Array, notes: Notes): Labels;
  /**
   * Numbers of a label, or of what it is made of, for a type whose labels lie on disk where the inputs do: they are
   * prepared block by block. Absent: a few numbers, which stay in memory.
   */
  stored?(fitted: Fitted): number;
}
