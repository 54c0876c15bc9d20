/** Splits whose prepared inputs lie on disk: written block by block, read in any order. Labels of a few numbers stay in memory. */
import { inputRow, type FittedInput } from '../inputs/table.ts';
import type { Preparation, PreparedTask } from '../preparation.ts';
import { prepareTask } from '../preparation.ts';
import type { Notes, PreparedSplit, PreparedTarget, ReadAhead, RowStore } from '../contract.ts';
import { gatherNotes } from '../contract.ts';
import type { Reader, RingSource } from './ahead.ts';
import type { StreamedCells } from './cells.ts';
import { chunkRowsFor } from './columns.ts';
import { storeLabels, type StoredTarget } from './labels.ts';
import { recordWriter, type StoredRecords } from './record-writer.ts';
import { openRecords, type RecordSource } from './records.ts';
import { lowerBound } from './row-blocks.ts';
import type { Scratch } from './scratch.ts';
import { targetRow } from '../targets/table.ts';

/** The rows of one split, and where its warnings go. */
export interface SplitRows {
  /** Ascending source rows. */
  readonly rows: Int32Array;
  readonly notes: Notes;
}

/**
 * Prepares several splits in one pass over the columns.
 *
 * @param tasksOf the tasks whose labels a split has
 * @param progress rows written, of all, input by input
 */
export function prepareStreamed(
  preparation: Preparation,
  cells: StreamedCells,
  splits: readonly SplitRows[],
  tasksOf: (split: SplitRows) => Preparation['tasks'],
  { scratch, reader }: { readonly scratch: Scratch; readonly reader: Reader },
  progress: (done: number, total: number) => void,
): PreparedSplit[] {
  const total = preparation.inputs.length * cells.table.rows;
  const told = splits.map(({ notes }) => gatherNotes(notes));
  const stored = preparation.inputs.map((input, index) =>
    storeInput(input, cells, splits, told, scratch, (row) => progress(index * cells.table.rows + row, total)),
  );
  return splits.map((split, index) => {
    told[index]?.tell();
    const inputs = preparation.inputs.flatMap(({ name }, input): (readonly [string, StoredRecords])[] => {
      const own = stored[input]?.[index];
      return own === undefined ? [] : [[name, own]];
    });
    const targets = tasksOf(split).map((task) => [task.target.name, labelsOf(task, cells, split, scratch)] as const);
    return { n: split.rows.length, rows: split.rows, ...readable(inputs, targets, reader) };
  });
}

/** In memory, or on disk for a type whose labels are many numbers each. */
function labelsOf(
  task: PreparedTask,
  cells: StreamedCells,
  { rows, notes }: SplitRows,
  scratch: Scratch,
): PreparedTarget | StoredTarget {
  const numbers = targetRow(task.target).stored?.(task.target);
  if (numbers === undefined) return prepareTask(task, cells, rows, notes);
  const counted = gatherNotes(notes);
  const stored = storeLabels(task, cells, rows, chunkRowsFor(numbers), counted, scratch);
  counted.tell();
  return stored;
}

function storeInput(
  input: FittedInput,
  cells: StreamedCells,
  splits: readonly SplitRows[],
  notes: readonly Notes[],
  scratch: Scratch,
  progress: (row: number) => void,
): StoredRecords[] {
  const kept = asTheyAre(input, cells, splits);
  if (kept !== undefined) return kept;
  const type = inputRow(input);
  const writers = splits.map(() => recordWriter(scratch));
  // Rows prepared at once: about a megabyte of what they are made of, or of what they become.
  const count = chunkRowsFor(type.width(input, cells));
  for (let first = 0; first < cells.table.rows || first === 0; first += count) {
    const end = Math.min(first + count, cells.table.rows);
    const block = cells.block(first, end - first);
    for (const [index, { rows }] of splits.entries()) {
      const [from, to] = [lowerBound(rows, first), lowerBound(rows, end)];
      const writer = writers[index];
      const own = notes[index];
      // An empty split has a shape all the same.
      if (writer === undefined || own === undefined || (from === to && first > 0)) continue;
      const local = rows.subarray(from, to).map((row) => row - first);
      writer.append(type.prepare(input, block, local, own), local.length);
    }
    progress(end);
  }
  return writers.map((writer) => writer.finish());
}

/** The columns of pictures that are read where they lie. */
export function keptPictures({ inputs }: Preparation, cells: StreamedCells): Set<string> {
  return new Set(inputs.flatMap((input) => inputRow(input).inPlace?.(input, cells)?.column ?? []));
}

/** Pictures that need no other size or channels are read where they lie. */
function asTheyAre(
  input: FittedInput,
  cells: StreamedCells,
  splits: readonly SplitRows[],
): StoredRecords[] | undefined {
  const kept = inputRow(input).inPlace?.(input, cells);
  const file = kept && cells.pictureFile(kept.column);
  if (kept === undefined || file === undefined) return undefined;
  const { fd, width, runs } = file;
  const { shape, scalings, fill } = kept;
  const fitted = { scalings, fill };
  return splits.map(({ rows }) => {
    const source: RecordSource = {
      kind: 'pictures',
      fd,
      width,
      rows: shared(rows),
      runs,
      channels: scalings.length,
      fitted,
    };
    return { shape, dtype: 'float32' as const, source };
  });
}

/** Readable by all threads without a copy. */
function shared(rows: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(rows.byteLength));
  copy.set(rows);
  return copy;
}

/** Samples gathered at once where somebody asks for many. */
const gatherAtOnce = 4096;

function readable(
  inputs: readonly (readonly [string, StoredRecords])[],
  targets: readonly (readonly [string, PreparedTarget | StoredTarget])[],
  reader: Reader,
): Pick<PreparedSplit, 'inputs' | 'targets' | 'ahead'> {
  const sources: RingSource[] = [];
  const stores: RowStore[] = [];
  const open = (records: StoredRecords): RowStore => {
    const store = storeOf(records, (time) => ring.readDirectly(time));
    sources.push({ source: records.source, dtype: records.dtype });
    stores.push(store);
    return store;
  };
  const opened = {
    inputs: new Map(inputs.map(([name, records]) => [name, open(records)])),
    targets: new Map(targets.map(([name, target]) => [name, isStored(target) ? openTarget(target, open) : target])),
  };
  const ring = reader.open(sources);
  const ahead: ReadAhead = {
    announce: (order, batchSize, from, when) => ring.announce(order, batchSize, from, when),
    take: (positions) => {
      const found = ring.take(positions);
      return found && new Map(stores.flatMap((store, index) => (found[index] ? [[store, found[index]] as const] : [])));
    },
  };
  return { ...opened, ahead };
}

function isStored(target: PreparedTarget | StoredTarget): target is StoredTarget {
  return 'source' in target.values;
}

function openTarget(
  { values, present, ...target }: StoredTarget,
  open: (records: StoredRecords) => RowStore,
): PreparedTarget {
  return { ...target, values: open(values), ...(present ? { present: open(present) } : {}) };
}

function storeOf({ shape, dtype, source }: StoredRecords, direct: (seconds: number) => void): RowStore {
  const read = openRecords(source);
  const gather = (positions: Int32Array): Float32Array | Int32Array => {
    const began = performance.now();
    const { width } = source;
    const out =
      dtype === 'float32' ? new Float32Array(positions.length * width) : new Int32Array(positions.length * width);
    for (let at = 0; at < positions.length; at += gatherAtOnce) {
      const some = positions.subarray(at, at + gatherAtOnce);
      read(some, out.subarray(at * width, (at + some.length) * width));
    }
    direct((performance.now() - began) / 1000);
    return out;
  };
  return { shape, dtype, gather };
}
