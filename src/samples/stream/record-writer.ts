/** Prepared samples on their way to the disk. */
import { product } from '../../data/table.ts';
import type { RowStore } from '../contract.ts';
import { bytesOf } from './columns.ts';
import type { RecordSource } from './records.ts';
import type { Scratch, ScratchFile } from './scratch.ts';

/** Samples of an input, or labels of a task, on disk. */
export interface StoredRecords {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly source: RecordSource;
}

export interface RecordWriter {
  /** The first `count` samples of a store come next. */
  append(samples: RowStore, count: number): void;
  finish(): StoredRecords;
}

export function recordWriter(scratch: Scratch): RecordWriter {
  const file: ScratchFile = scratch.create();
  let shape: readonly number[] = [];
  let dtype: StoredRecords['dtype'] = 'float32';
  return {
    append: (samples, count) => {
      ({ shape, dtype } = samples);
      file.append(bytesOf(samples.gather(Int32Array.from({ length: count }, (_, position) => position))));
    },
    finish: () => ({ shape, dtype, source: { kind: 'ready', fd: file.fd, width: product(shape), dtype } }),
  };
}
