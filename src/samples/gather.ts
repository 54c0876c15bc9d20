/** One batch: the samples of some positions of a split, side by side, ready to become tensors. */
import type { PreparedSplit } from './contract.ts';

export interface BatchInput {
  /** [batch, …shape of a sample]. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly data: Float32Array | Int32Array;
}

export interface BatchTarget {
  readonly width: number;
  /** [batch, width]. */
  readonly data: Float32Array;
  /** [batch], 1 where there is a label. */
  readonly mask: Uint8Array;
  /** [batch], the mask times the sample weight. */
  readonly weight: Float32Array;
  /** [batch, width], 1 at each number of a target that is there; absent where the split has no target with gaps. */
  readonly present?: Uint8Array;
  /** Samples with a label; 0 means that the task is absent from this step (conventions 1.2). */
  readonly labelled: number;
}

export interface Batch {
  readonly n: number;
  readonly inputs: ReadonlyMap<string, BatchInput>;
  readonly targets: ReadonlyMap<string, BatchTarget>;
}

export function gather(split: PreparedSplit, positions: Int32Array): Batch {
  const n = positions.length;
  const inputs = new Map<string, BatchInput>();
  const ahead = split.ahead?.take(positions);
  for (const [name, store] of split.inputs) {
    const data = ahead?.get(name) ?? store.gather(positions);
    inputs.set(name, { shape: [n, ...store.shape], dtype: store.dtype, data });
  }
  const targets = new Map<string, BatchTarget>();
  for (const [name, target] of split.targets) {
    const { width } = target;
    const data = new Float32Array(n * width);
    const mask = new Uint8Array(n);
    const weight = new Float32Array(n);
    const present = target.present && new Uint8Array(n * width);
    let labelled = 0;
    for (let index = 0; index < n; index++) {
      const position = positions[index] ?? 0;
      const [from, to] = [position * width, (position + 1) * width];
      data.set(target.data.subarray(from, to), index * width);
      if (target.present) present?.set(target.present.subarray(from, to), index * width);
      mask[index] = target.mask[position] ?? 0;
      weight[index] = target.weight[position] ?? 0;
      labelled += mask[index] ?? 0;
    }
    targets.set(name, { width, data, mask, weight, labelled, ...(present ? { present } : {}) });
  }
  return { n, inputs, targets };
}
