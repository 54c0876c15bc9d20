/** Splits whose prepared inputs lie on disk: written block by block, read in any order. Labels are small and stay in memory. */
import { inputRow, type FittedInput } from '../inputs/table.ts';
import type { Preparation } from '../preparation.ts';
import { prepareTask } from '../preparation.ts';
import type { Notes, PreparedSplit, PreparedTarget, ReadAhead, RowStore } from '../contract.ts';
import { gatherNotes } from '../contract.ts';
import type { Reader, RingSource } from './ahead.ts';
import type { StreamedCells } from './cells.ts';
import { bytesOf, chunkRowsFor } from './columns.ts';
import { openRecords, type RecordSource } from './records.ts';
import type { Scratch, ScratchFile } from './scratch.ts';

/** The rows of one split, and where its warnings go. */
export interface SplitRows {
  /** Ascending source rows. */
  readonly rows: Int32Array;
  readonly notes: Notes;
}

/** An input on disk. */
interface StoredInput {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly source: RecordSource;
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
    const inputs = new Map(
      preparation.inputs.flatMap(({ name }, input) => {
        const own = stored[input]?.[index];
        return own === undefined ? [] : [[name, own] as const];
      }),
    );
    const targets = new Map(
      tasksOf(split).map((task): [string, PreparedTarget] => [
        task.target.name,
        prepareTask(task, cells, split.rows, split.notes),
      ]),
    );
    return { n: split.rows.length, rows: split.rows, targets, ...readable(inputs, reader) };
  });
}

function storeInput(
  input: FittedInput,
  cells: StreamedCells,
  splits: readonly SplitRows[],
  notes: readonly Notes[],
  scratch: Scratch,
  progress: (row: number) => void,
): StoredInput[] {
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
function asTheyAre(input: FittedInput, cells: StreamedCells, splits: readonly SplitRows[]): StoredInput[] | undefined {
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

interface RecordWriter {
  append(samples: RowStore, count: number): void;
  finish(): StoredInput;
}

function recordWriter(scratch: Scratch): RecordWriter {
  const file: ScratchFile = scratch.create();
  let shape: readonly number[] = [];
  let dtype: StoredInput['dtype'] = 'float32';
  return {
    append: (samples, count) => {
      ({ shape, dtype } = samples);
      file.append(bytesOf(samples.gather(Int32Array.from({ length: count }, (_, position) => position))));
    },
    finish: () => {
      const width = shape.reduce((a, b) => a * b, 1);
      return { shape, dtype, source: { kind: 'ready', fd: file.fd, width, dtype } };
    },
  };
}

/** The first place of an ascending list whose value is at least `value`. */
function lowerBound(rows: Int32Array, value: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Samples gathered at once where somebody asks for many. */
const gatherAtOnce = 4096;

function readable(
  stored: ReadonlyMap<string, StoredInput>,
  reader: Reader,
): { readonly inputs: ReadonlyMap<string, RowStore>; readonly ahead: ReadAhead } {
  const names = [...stored.keys()];
  const sources: RingSource[] = [...stored.values()].map(({ source, dtype }) => ({ source, dtype }));
  const ring = reader.open(sources);
  const inputs = new Map([...stored].map(([name, input]) => [name, storeOf(input, (time) => ring.readDirectly(time))]));
  const ahead: ReadAhead = {
    announce: (order, batchSize, from, when) => ring.announce(order, batchSize, from, when),
    take: (positions) => {
      const found = ring.take(positions);
      return found && new Map(names.flatMap((name, index) => (found[index] ? [[name, found[index]] as const] : [])));
    },
  };
  return { inputs, ahead };
}

function storeOf({ shape, dtype, source }: StoredInput, direct: (seconds: number) => void): RowStore {
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
