/** What the row of an input type and that of a target type have in common: how columns are asked for before they are read. */
import type { Check } from '../common/checks.ts';

/** What all settings have, whatever their type. */
export interface Settings<Type extends string> {
  readonly type: Type;
  readonly name: string;
  /** Columns that are read for it. */
  readonly columns: readonly string[];
}

/** What everything has that was fitted; plain JSON values, saved with the model. */
export interface Fitted<Type extends string> {
  readonly type: Type;
  readonly name: string;
}

export interface ColumnsRow<Spec, S, F> {
  /** What it makes of a column's cells. */
  readonly reads: 'numbers' | 'labels' | 'pictures';
  /**
   * From the spec's words.
   * @param columns the names that the spec's selectors stand for, resolved
   * @throws DataError for what this version does not prepare
   */
  settings(name: string, spec: Spec, columns: readonly string[]): S;
  /** Columns that it reads once it is fitted. */
  columns(fitted: F): readonly string[];
  /** Of what comes fitted out of a file, all of its keys. */
  readonly check: Check;
  /**
   * Bytes a row of what it becomes in memory, beside the column as it stands in the file.
   * @param shapeOf of one row of a column
   */
  bytes(settings: S, shapeOf: (column: string) => readonly number[]): number;
}
