/** What the rooms of the trainer get from the data: prepared samples, gathered batch by batch. */
import { CellReport } from '../data/cell-report.ts';
import type { Column, CsvReport, NumericArray, Table, TableFacts } from '../data/table.ts';
import { columnOf } from '../data/table.ts';
import type { CellRules, Numbers } from '../data/values.ts';
import { labelsOf, numbersOf } from '../data/values.ts';
// Not from the index: the reading thread bundles this file, and needs no language.
import { pointerOf } from '../spec/editing/pointer.ts';
import type { Text } from '../common/text.ts';

/** Samples of one input, or labels of one task; nothing is copied before a batch is gathered. */
export interface RowStore {
  /** Shape of one sample: [3], [28, 28, 1]; of one label: [1] a class, [4] a box, [28, 28] a class for each pixel. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** The samples at these positions of the split, one after the other: [positions, ...shape]. */
  gather(positions: Int32Array): Float32Array | Int32Array;
}

/** How many rows have some of a target's numbers and lack others, and how many of these lack the number of each column. */
export interface Gaps {
  readonly rows: number;
  readonly columns: readonly number[];
}

/** Labels of one task in the order of the split: gathered like inputs, and as those from memory or from disk. */
export interface PreparedTarget {
  /** In the unit in which the loss acts; 0 where there is no label. */
  readonly values: RowStore;
  /** 1 where the sample has a label for this task, or some of its numbers. */
  readonly mask: Uint8Array;
  /** The mask times the task's `sampleWeight`; a label of weight 0 counts for metrics, not for the loss. */
  readonly weight: Float32Array;
  /** Of the shape of `values`, 1 at each number that is there; absent where every label has all of its numbers. */
  readonly present?: RowStore;
  /** Number of ones in `mask`. */
  readonly labeled: number;
  readonly gaps?: Gaps;
}

/** A split whose samples are read from disk; says how to have batches read while another is worked on. */
export interface ReadAhead {
  /** The batches of this order come next, from batch `from`; or later, and are announced again when they come next. */
  announce(order: Int32Array, batchSize: number, from: number, when: 'next' | 'later'): void;
  /** What the stores on disk hold of a batch that was announced, by store; undefined where it must be gathered. */
  take(positions: Int32Array): ReadonlyMap<RowStore, Float32Array | Int32Array> | undefined;
}

export interface PreparedSplit {
  readonly n: number;
  /** Source row (from 0, before any drop) of each sample. */
  readonly rows: Int32Array;
  readonly inputs: ReadonlyMap<string, RowStore>;
  readonly targets: ReadonlyMap<string, PreparedTarget>;
  /** Present where not all stores are in memory. */
  readonly ahead?: ReadAhead;
}

/** What people should know of the data: a squiggle in the editor, a line of `check`, a warning of the run. */
export interface Warning {
  readonly code: string;
  readonly message: Text;
  readonly severity: 'warning' | 'information';
  readonly task?: string;
  /** JSON Pointer into the resolved spec: what it is about. */
  readonly pointer: string;
}

/** What a warning is about; a task's target where only the task is named, all data where nothing is. */
export interface About {
  readonly task?: string;
  readonly pointer?: string;
  readonly severity?: Warning['severity'];
}

/** Collects what people should know. The same message is told once. */
export interface Notes {
  warn(code: string, message: Text, about?: About): void;
  /**
   * A warning that counts something. Where rows come in parts, the counts of a key are added up and told once.
   * @param key what is counted: the same for all parts
   */
  count(code: string, key: string, count: number, message: (count: number) => Text, about?: About): void;
  readonly warnings: readonly Warning[];
}

export function collectNotes(): Notes {
  const warnings: Warning[] = [];
  const warn: Notes['warn'] = (code, message, { task, pointer, severity = 'warning' } = {}) => {
    if (warnings.some((known) => known.code === code && known.message.en === message.en)) return;
    const place = pointer ?? pointerOf(task === undefined ? ['data'] : ['tasks', task, 'target']);
    warnings.push({ code, message, severity, ...(task === undefined ? {} : { task }), pointer: place });
  };
  return { warn, warnings, count: (code, _key, count, message, about) => warn(code, message(count), about) };
}

/** Notes on rows that come in parts: what they have to say is passed on by `tell`, counts added up. */
export function gatherNotes(notes: Notes): Notes & { tell(): void } {
  const told: (() => void)[] = [];
  const counts = new Map<string, { total: number }>();
  const count: Notes['count'] = (code, key, found, message, about) => {
    const place = JSON.stringify([code, key]);
    const known = counts.get(place);
    if (known !== undefined) {
      known.total += found;
      return;
    }
    const entry = { total: found };
    counts.set(place, entry);
    told.push(() => notes.warn(code, message(entry.total), about));
  };
  return {
    warn: (code, message, about) => void told.push(() => notes.warn(code, message, about)),
    count,
    get warnings() {
      return notes.warnings;
    },
    tell: () => {
      for (const say of told) say();
    },
  };
}

/** One number of every row: `values[row * stride + offset]`. */
export interface Feature {
  readonly values: Float64Array;
  readonly stride: number;
  readonly offset: number;
}

/** A column of pictures, of which only some may be in memory at once. */
export interface Pictures {
  /** Shape of one row. */
  readonly shape: readonly number[];
  /** Product of `shape`. */
  readonly width: number;
  /** The numbers may be fractions, NaN or infinite. */
  readonly floating: boolean;
  /** The numbers of one row; to be read before the next is asked for. */
  row(row: number): NumericArray;
  /** All of them, where they are in memory. */
  readonly values?: NumericArray;
}

/** The columns of all rows, as numbers or labels. Where they come from, and whether they stay in memory, is nobody else's business. */
export interface Cells {
  readonly table: TableFacts;
  /** How a CSV source was understood. */
  readonly csv: CsvReport | undefined;
  /** What was noticed in the columns that have been asked for. */
  readonly report: CellReport;
  numbers(column: string): Numbers;
  /** Numbers a row of a column of numbers. */
  widthOf(column: string): number;
  /** What one network input in `numbers` is made of; the cheaper way to ask where all of them are many. */
  feature(column: string, index: number): Feature;
  labels(column: string): readonly (string | null)[];
  /** Labels by the missing tokens that hold without a spec: columns that say how rows are split. */
  plainLabels(column: string): readonly (string | null)[];
  /** Undefined for a column of text. */
  pictures(column: string): Pictures | undefined;
}

/** A table in memory whose columns are converted once, however many inputs and tasks read them. */
export function cellsOf(table: Table, given: CellRules): Cells {
  const report = new CellReport();
  const rules = { ...given, report };
  const known = new Map<string, Numbers>();
  const labels = new Map<string, readonly (string | null)[]>();
  const numbers = (column: string): Numbers => remember(known, column, () => numbersOf(table, column, rules));
  return {
    table,
    csv: table.csv,
    report,
    numbers,
    widthOf: (column) => numbers(column).width,
    feature: (column, index) => {
      const { values, width } = numbers(column);
      return { values, stride: width, offset: index };
    },
    labels: (column) => remember(labels, column, () => labelsOf(table, column, rules)),
    plainLabels: (column) => labelsOf(table, column),
    pictures: (column) => picturesOf(columnOf(table, column)),
  };
}

function picturesOf(column: Column): Pictures | undefined {
  if (column.kind === 'text') return undefined;
  const { shape, width, values } = column;
  return { shape, width, floating: isFloating(values), values, row: (row) => rowOf(values, row, width) };
}

export function isFloating(values: NumericArray): boolean {
  return values instanceof Float32Array || values instanceof Float64Array;
}

export function rowOf(values: NumericArray, row: number, width: number): NumericArray {
  return values.subarray(row * width, (row + 1) * width);
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}

/** The numbers 0 … n − 1 that are kept, ascending; without a list of numbers in between, which for millions of rows is large. */
export function indicesWhere(n: number, keep: (index: number) => boolean): Int32Array {
  const found = new Int32Array(n);
  let count = 0;
  for (let index = 0; index < n; index++) if (keep(index)) found[count++] = index;
  return found.slice(0, count);
}

/** `1 row`, `7 rows`; with a verb that agrees: `1 row has`, `7 rows have`. */
export function rowsText(n: number, one?: string, many?: string): string {
  const [rows, verb] = n === 1 ? ['1 row', one] : [`${n} rows`, many];
  return verb === undefined ? rows : `${rows} ${verb}`;
}
