/**
 * The contract of an input type: what the spec asks of its columns, looking at the rows, fitting on the training rows that are
 * left, preparing any rows, and everything else that anybody wants to know of the type by name.
 */
import { type Text } from '../../common/text.ts';
import type { AvailableInput, InputSpec } from '../../spec/resolved.ts';
import type { Cells, Notes, RowStore } from '../contract.ts';
import type { ColumnsRow, Fitted, Settings } from '../row-contract.ts';
import type { Scaling } from '../scaling.ts';
import type { Size } from './resize.ts';

/** An input before its statistics are known. */
export interface Fitting<F> {
  /** 1 for every source row that `missing: "drop"` or `outliers.action: "drop"` leaves out. */
  readonly drop: Uint8Array;
  /** Statistics from these source rows alone. */
  finish(trainRows: Int32Array): F;
}

/** What was found in the cells of a column. */
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

/** The pixels of an image input, in which boxes may be measured. */
export interface Frame {
  readonly name: string;
  /** Height and width of the training images. */
  readonly source: Size;
  /** Height and width of a sample's. */
  readonly target: Size;
  /** Points keep their place, in fractions of the image. */
  readonly keepsPlaces: boolean;
  /** What the spec says of `resize`. */
  readonly resize: string;
}

/** Samples that need no copy: the column's own numbers, one scaling a channel. */
export interface InPlace {
  readonly column: string;
  readonly shape: readonly number[];
  readonly scalings: readonly Scaling[];
  /** Stands in for numbers that are not finite. */
  readonly fill: number | null;
}

export interface InputRow<
  Type extends AvailableInput = AvailableInput,
  S extends Settings<Type> = Settings<Type>,
  F extends Fitted<Type> = Fitted<Type>,
> extends ColumnsRow<InputSpec & { readonly type: Type }, S, F> {
  /**
   * @param trainRows source rows of the training split before anything is dropped; outlier bounds come from them
   * @throws DataError for cells that cannot be read as this type
   */
  begin(settings: S, cells: Cells, trainRows: Int32Array, notes: Notes): Fitting<F>;
  /** 1 for every source row of a table that training would have left out or refused. */
  unusable(fitted: F, cells: Cells): Uint8Array;
  /** The samples of these source rows. */
  prepare(fitted: F, cells: Cells, rows: Int32Array, notes: Notes): RowStore;
  /** Of each column at these source rows. */
  counts(fitted: F, cells: Cells, rows: Int32Array): readonly ColumnCount[];
  /** Numbers a row of what it is made of or becomes, whatever is more: by these rows are prepared block by block. */
  width(fitted: F, cells: Cells): number;
  /** Numbers of one sample where the settings alone say it: a batch of them must fit into memory. */
  largest?(settings: S): { readonly numbers: number; readonly advice: Text } | undefined;
  /** Present for a type whose samples may be read where they lie; undefined where they are made anew. */
  inPlace?(fitted: F, cells: Cells): InPlace | undefined;
  /** Different whole numbers, where samples are indices of a vocabulary. */
  vocabulary?(fitted: F): number | undefined;
  /** Present for a type whose samples have pixels. */
  frame?(fitted: F): Frame;
}

/** The training rows that no input drops. */
export function keptRows(rows: Int32Array, drop: Uint8Array): Int32Array {
  return rows.filter((row) => drop[row] !== 1);
}
