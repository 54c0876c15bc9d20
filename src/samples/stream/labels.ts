/** Labels of many numbers each (a class for each pixel), which lie on disk as inputs do. Who has a label stays in memory. */
import type { Gaps, Notes, PreparedTarget, RowStore } from '../contract.ts';
import type { PreparedTask } from '../preparation.ts';
import { prepareTask } from '../preparation.ts';
import { readyStore } from '../row-stores.ts';
import type { StreamedCells } from './cells.ts';
import { recordWriter, type RecordWriter, type StoredRecords } from './record-writer.ts';
import { eachBlock } from './row-blocks.ts';
import type { Scratch } from './scratch.ts';

/** A prepared target whose stores lie on disk. */
export interface StoredTarget extends Omit<PreparedTarget, 'values' | 'present'> {
  readonly values: StoredRecords;
  readonly present?: StoredRecords;
}

/**
 * Prepares the labels of a task block by block.
 *
 * @param rows ascending source rows of the split
 * @param blockRows rows in memory at once
 * @param notes told of every block: they count rather than list
 */
export function storeLabels(
  task: PreparedTask,
  cells: StreamedCells,
  rows: Int32Array,
  blockRows: number,
  notes: Notes,
  scratch: Scratch,
): StoredTarget {
  const values = recordWriter(scratch);
  const present = presentWriter(scratch);
  const mask = new Uint8Array(rows.length);
  const weight = new Float32Array(rows.length);
  let labeled = 0;
  let gaps: Gaps | undefined;
  eachBlock(cells, rows, blockRows, (block, local, from) => {
    const part = prepareTask(task, block, local, notes);
    values.append(part.values, local.length);
    present.append(part.present, part.values.shape, local.length);
    mask.set(part.mask, from);
    weight.set(part.weight, from);
    labeled += part.labeled;
    gaps = together(gaps, part.gaps);
  });
  const known = present.finish();
  return {
    ...{ values: values.finish(), mask, weight, labeled },
    ...(known ? { present: known } : {}),
    ...(gaps ? { gaps } : {}),
  };
}

function together(a: Gaps | undefined, b: Gaps | undefined): Gaps | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { rows: a.rows + b.rows, columns: a.columns.map((count, column) => count + (b.columns[column] ?? 0)) };
}

/** Which numbers are there: nothing is written before the first block with a gap, and then for the blocks before it, too. */
function presentWriter(scratch: Scratch): {
  append(part: RowStore | undefined, shape: readonly number[], count: number): void;
  finish(): StoredRecords | undefined;
} {
  let writer: RecordWriter | undefined;
  /** Rows of blocks without a gap that are not written yet. */
  let whole: number[] = [];
  return {
    append: (part, shape, count) => {
      if (part === undefined && writer === undefined) {
        whole.push(count);
        return;
      }
      writer ??= recordWriter(scratch);
      for (const earlier of whole) writer.append(ones(shape, earlier), earlier);
      whole = [];
      writer.append(part ?? ones(shape, count), count);
    },
    finish: () => writer?.finish(),
  };
}

function ones(shape: readonly number[], count: number): RowStore {
  return readyStore(new Uint8Array(shape.reduce((size, length) => size * length, count)).fill(1), shape);
}
