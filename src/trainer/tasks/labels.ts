/** The labels of a split before training: block by block where a sum is enough, all at once where a task asks for them. */
import { text } from '../../common/text.ts';
import { product } from '../../data/table.ts';
import type { PreparedTarget, RowStore } from '../../samples/contract.ts';
import { gatherAll } from '../../samples/row-stores.ts';
import { TrainingError } from '../errors.ts';
import { ConstantLoss } from './constants.ts';
import type { LabeledTargets, Task } from './contract.ts';

/** Bytes that all labels of a split may take at once, as much as a prepared input. */
const mostBytes = 4096 * 1024 * 1024;

/** Labels that are gathered at once where they are summed up. */
const labelsAtOnce = 1024;

/**
 * All labels of a split. They are gathered when somebody asks for them: a task that goes by counts of its classes never
 * does, and its labels may lie on disk.
 *
 * @throws TrainingError `memory` from `targets` and `present`, where labels are too many for that
 */
export function labeledTargets(task: string, { values, weight: weights, present }: PreparedTarget): LabeledTargets {
  const all = (store: RowStore): (() => Float32Array | Int32Array) => {
    let found: Float32Array | Int32Array | undefined;
    return () => (found ??= affordable(task, store, weights.length));
  };
  const targets = all(values);
  const there = present && all(present);
  const labels = {
    weights,
    get targets() {
      return targets();
    },
  };
  if (!there) return labels;
  return Object.defineProperty(labels, 'present', { get: there, enumerable: true });
}

function affordable(task: string, store: RowStore, n: number): Float32Array | Int32Array {
  const bytes = n * product(store.shape) * Float32Array.BYTES_PER_ELEMENT;
  if (bytes <= mostBytes) return gatherAll(store, n);
  const [asked, most] = [bytes, mostBytes].map((value) => String(Math.round(value / 1024 / 1024)));
  throw new TrainingError(
    'memory',
    text(
      `Task "${task}": what its head starts from, or its best constant prediction, is computed from all ${String(n)} labels of a split at once; they would take ${String(asked)} MB, and the limit is ${String(most)} MB. Use fewer rows or smaller labels.`,
      `任务“${task}”：其任务头的初值或最佳常数预测须由一个划分的全部 ${String(n)} 个标签同时算出，将占用 ${String(asked)} MB，上限为 ${String(most)} MB。请减少行数或使用更小的标签。`,
    ),
  );
}

/**
 * Mean loss of one raw prediction for all labels of a split, in double precision; some of them in memory at a time.
 *
 * @returns NaN without labels
 */
export function constantLossOn(
  { loss, labelShape }: Pick<Task, 'loss' | 'labelShape'>,
  raw: ArrayLike<number>,
  { values, weight, present }: PreparedTarget,
): number {
  const mean = new ConstantLoss(loss, raw, labelShape);
  for (let first = 0; first < weight.length; first += labelsAtOnce) {
    const weights = weight.subarray(first, first + labelsAtOnce);
    const positions = Int32Array.from(weights, (_, at) => first + at);
    const part = { targets: values.gather(positions), weights };
    mean.add(present ? { ...part, present: present.gather(positions) } : part);
  }
  return mean.value();
}
