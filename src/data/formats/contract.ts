/** The contract of a data format: its readers, and what anybody wants to know of it by name. */
import type { AcceptBlock, StreamedFile } from '../blocks.ts';
import type { Limits } from '../limits.ts';
import type { ReadOptions } from '../options.ts';
import type { SourceFile } from '../paths.ts';
import type { Header, Table } from '../table.ts';

export interface FormatRow {
  /** All rows. */
  read(file: SourceFile, options: ReadOptions, limits: Limits): Promise<Table>;
  /** The columns alone. */
  readHeader(file: SourceFile, options: ReadOptions, limits: Limits): Promise<Header>;
  /** The same rows, some at a time, for files that do not fit into memory. */
  stream(file: SourceFile, options: ReadOptions, limits: Limits, accept: AcceptBlock): Promise<StreamedFile>;
  /**
   * What is known of the rows before they are read. Of a text only the size: so many bytes in memory for each of its own, at
   * the most (the text, its cells' places, doubles, prepared numbers). `shapes`: the header states rows, shapes and types.
   */
  readonly size: { readonly perByte: number } | 'shapes';
  /** Whether {@link read} would refuse these columns of a file for their size alone. */
  exceeds(file: SourceFile, header: Header, columns: ReadonlySet<string>): boolean;
  /** Columns can be read alone, the others left where they are. */
  readonly columnwise?: true;
  /** Any row may bring new columns: a header that is not complete is no news. */
  readonly grows?: true;
}
