/** One batch: the samples of some positions of a split, side by side, ready to become tensors. */
import { product } from '../data/table.ts';
import type { PreparedSplit, RowStore } from './contract.ts';

export interface BatchInput {
  /** [batch, …shape of a sample]. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly data: Float32Array | Int32Array;
}

export interface BatchTarget {
  /** [batch, …shape of a label]. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly data: Float32Array | Int32Array;
  /** [batch], 1 where there is a label. */
  readonly mask: Uint8Array;
  /** [batch], the mask times the sample weight. */
  readonly weight: Float32Array;
  /** Of that shape, 1 at each number of a label that is there; absent where the split has no label with gaps. */
  readonly present?: Float32Array | Int32Array;
  /** Samples with a label; 0 means that the task is absent from this step (conventions 1.2). */
  readonly labeled: number;
}

export interface Batch {
  readonly n: number;
  readonly inputs: ReadonlyMap<string, BatchInput>;
  readonly targets: ReadonlyMap<string, BatchTarget>;
}

/** Numbers of one label of a batch. */
export function labelSize({ shape }: Pick<BatchTarget, 'shape'>): number {
  return product(shape.slice(1));
}

export function gather(split: PreparedSplit, positions: Int32Array): Batch {
  const n = positions.length;
  const ahead = split.ahead?.take(positions);
  const read = (store: RowStore): Float32Array | Int32Array => ahead?.get(store) ?? store.gather(positions);
  const inputs = new Map<string, BatchInput>();
  for (const [name, store] of split.inputs)
    inputs.set(name, { shape: [n, ...store.shape], dtype: store.dtype, data: read(store) });
  const targets = new Map<string, BatchTarget>();
  for (const [name, { values, present, mask: masks, weight: weights }] of split.targets) {
    const mask = new Uint8Array(n);
    const weight = new Float32Array(n);
    let labeled = 0;
    for (let index = 0; index < n; index++) {
      const position = positions[index] ?? 0;
      mask[index] = masks[position] ?? 0;
      weight[index] = weights[position] ?? 0;
      labeled += mask[index] ?? 0;
    }
    const label = { shape: [n, ...values.shape], dtype: values.dtype, data: read(values), mask, weight, labeled };
    targets.set(name, present ? { ...label, present: read(present) } : label);
  }
  return { n, inputs, targets };
}
