/** What the rooms of the trainer get from the data: prepared samples, gathered batch by batch. */
import type { Table } from '../../data/table.ts';
import type { CellRules, Numbers } from '../../data/values.ts';
import { labelsOf, numbersOf } from '../../data/values.ts';

/** Samples of one input; nothing is copied before a batch is gathered. */
export interface RowStore {
  /** Shape of one sample: [3], [28, 28, 1]. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** The samples at these positions of the split, one after the other: [positions, ...shape]. */
  gather(positions: Int32Array): Float32Array | Int32Array;
}

/** Labels of one task in the order of the split. */
export interface PreparedTarget {
  /** Numbers a sample: 1 for a class index, 4 for a box. */
  readonly width: number;
  /** [n, width], normalized; 0 where there is no label. */
  readonly data: Float32Array;
  /** 1 where the sample has a label that counts for this task. */
  readonly mask: Uint8Array;
  /** The mask times the task's `sampleWeight`. */
  readonly weight: Float32Array;
  /** Number of ones in `mask`. */
  readonly labelled: number;
}

export interface PreparedSplit {
  readonly n: number;
  /** Source row (from 0, before any drop) of each sample. */
  readonly rows: Int32Array;
  readonly inputs: ReadonlyMap<string, RowStore>;
  readonly targets: ReadonlyMap<string, PreparedTarget>;
}

export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly task?: string;
}

/** Collects what people should know. The same code and task is told once. */
export interface Notes {
  warn(code: string, message: string, task?: string): void;
  readonly warnings: readonly Warning[];
}

export function collectNotes(): Notes {
  const warnings: Warning[] = [];
  const warn = (code: string, message: string, task?: string): void => {
    if (warnings.some((known) => known.code === code && known.message === message)) return;
    warnings.push({ code, message, ...(task === undefined ? {} : { task }) });
  };
  return { warn, warnings };
}

/** A table whose columns are converted once, however many inputs and tasks read them. */
export interface Cells {
  readonly table: Table;
  numbers(column: string): Numbers;
  labels(column: string): readonly (string | null)[];
}

export function cellsOf(table: Table, rules: CellRules): Cells {
  const numbers = new Map<string, Numbers>();
  const labels = new Map<string, readonly (string | null)[]>();
  return {
    table,
    numbers: (column) => remember(numbers, column, () => numbersOf(table, column, rules)),
    labels: (column) => remember(labels, column, () => labelsOf(table, column, rules)),
  };
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}

/** `1 row`, `7 rows`. */
export function rowsText(n: number): string {
  return n === 1 ? '1 row' : `${n} rows`;
}
