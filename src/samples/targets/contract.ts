/**
 * The contract of a target: what the spec asks of its columns, what is learned about labels from training, how labels are
 * read, and everything else that anybody wants to know of the type by name.
 */
import { product } from '../../data/table.ts';
import type { Text } from '../../common/text.ts';
import type { DomainDemand } from '../../spec/index.ts';
import type { AvailableTask, TaskSpec } from '../../spec/resolved.ts';
import type { Cells, Gaps, Notes, RowStore } from '../contract.ts';
import type { Frame } from '../inputs/contract.ts';
import type { ColumnsRow, Fitted, Settings } from '../row-contract.ts';

/** Labels of the rows asked for; a row counts where `labeled` is 1. */
export interface Labels {
  /** One label a row; 0 where not labeled. */
  readonly values: RowStore;
  readonly labeled: Uint8Array;
  /** Of the shape of `values`, 1 at each number that is there; absent where every labeled row has all of its numbers. */
  readonly present?: RowStore;
  /** Rows that have some of the numbers of a target of several columns and lack others. */
  readonly gaps?: Gaps;
}

export interface TargetRow<
  Type extends AvailableTask = AvailableTask,
  S extends Settings<Type> = Settings<Type>,
  F extends Fitted<Type> = Fitted<Type>,
> extends ColumnsRow<TaskSpec & { readonly type: Type }, S, F> {
  /**
   * What the inputs say to it, before it is fitted.
   * @param frames the pixels of the image inputs
   * @throws DataError where the inputs do not allow such labels
   */
  beside?(settings: S, frames: readonly Frame[]): S;
  /**
   * @param trainRows training rows in which the task applies
   * @throws DataError for labels that make no sense
   */
  fit(settings: S, cells: Cells, trainRows: Int32Array, notes: Notes): F;
  /**
   * Looks at the labels of these rows, whatever their split, in training and in an evaluation of other data.
   * @param demands what the loss and the metrics of the task ask for
   * @throws DataError `label`, naming column, row and value
   */
  examine?(fitted: F, demands: readonly DomainDemand[], cells: Cells, rows: Int32Array, notes: Notes): void;
  /**
   * Labels of these rows, in the unit in which the loss acts.
   * @param notes where labels lie on disk these are the rows of one block, so that what is said of rows is to be counted
   */
  prepare(fitted: F, cells: Cells, rows: Int32Array, notes: Notes): Labels;
  /**
   * Numbers of a label, or of what it is made of, for a type whose labels lie on disk where the inputs do: they are
   * prepared block by block. Absent: a few numbers, which stay in memory.
   */
  stored?(fitted: F): number;
  /** Class names in the order of the outputs, of a target whose labels are classes. */
  classes?(fitted: F): readonly string[];
  /**
   * What becomes of rows that lack some of the target's numbers; absent where a label is one thing.
   * @param missing names of columns with how many rows lack them
   */
  gaps?(fitted: F, rows: number, missing: Text): Text;
}

/** Bytes a row of a target whose labels are numbers in memory: a double of each, its float, and whether it is there. */
export function labelBytes(
  { columns }: Pick<Settings<string>, 'columns'>,
  shapeOf: (column: string) => readonly number[],
): number {
  return 16 * columns.reduce((sum, column) => sum + product(shapeOf(column)), 0);
}
