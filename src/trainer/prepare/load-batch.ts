/** Positions of a prepared split → one batch, as tensors for the step and as numbers for the metrics. */
import { gather, labelSize, type BatchTarget } from '../../samples/gather.ts';
import type { PreparedSplit } from '../../samples/contract.ts';
import { tf } from '../../engine/tfjs.ts';
import type { Batch, TargetTensors } from '../step/contract.ts';
import type { Loss, SampleWeights } from '../tasks/losses/contract.ts';

export interface LoadedBatch extends Batch {
  /**
   * The same labels as numbers, in task order; null where the task has none in this batch. A label of weight 0 is here for
   * the metrics, where `targets` may have nothing to learn from.
   */
  readonly labels: readonly (BatchTarget | null)[];
  dispose(): void;
}

const complete = new WeakMap<PreparedSplit, boolean>();

/** Every sample has a label that counts, for each task: then every batch has, whatever its samples. */
function isComplete(split: PreparedSplit): boolean {
  const known = complete.get(split);
  if (known !== undefined) return known;
  const found = [...split.targets.values()].every(({ weight }) => weight.every((value) => value > 0));
  complete.set(split, found);
  return found;
}

/**
 * Gathers a batch.
 *
 * @param inputs names of the model's inputs in feeding order
 * @param tasks names in task order
 */
export function loadBatch(
  split: PreparedSplit,
  positions: Int32Array,
  inputs: readonly string[],
  tasks: readonly string[],
): LoadedBatch {
  const batch = gather(split, positions);
  const fed = inputs.map((name) => {
    const input = batch.inputs.get(name);
    if (!input) throw new RangeError(`The data has no input "${name}".`);
    return tf.tensor(input.data, [...input.shape], input.dtype);
  });
  const labels = tasks.map((task) => {
    const target = batch.targets.get(task);
    return target && target.labeled > 0 ? target : null;
  });
  const tensorsOf = (label: BatchTarget): TargetTensors => ({
    target: tf.tensor(label.data, [...label.shape], label.dtype),
    weights: weightsOf(label),
  });
  // A label whose sample weight is 0 teaches nothing: a task that has only such is absent.
  const targets = labels.map((label) => (label?.weight.some((weight) => weight > 0) ? tensorsOf(label) : null));
  const empty = new Map<number, TargetTensors>();
  const unlabeled = (index: number): TargetTensors => {
    const target = batch.targets.get(tasks[index] ?? '');
    if (!target) throw new RangeError(`The data has no task "${tasks[index] ?? ''}".`);
    const known = empty.get(index);
    if (known) return known;
    const { target: values, weights } = tensorsOf({ ...target, weight: new Float32Array(target.weight.length) });
    const tensors = { target: tf.keep(values), weights: tf.keep(weights) };
    empty.set(index, tensors);
    return tensors;
  };
  return {
    size: batch.n,
    inputs: fed,
    targets,
    ...(isComplete(split) ? {} : { unlabeled }),
    labels,
    dispose: () => {
      const pairs = [...targets, ...empty.values()].flatMap((pair) => (pair ? [pair.target, pair.weights] : []));
      tf.dispose([...fed, ...pairs]);
    },
  };
}

/**
 * The batch as it is learned from: labels that the loss of their task does not count have no weight, and a task that has
 * only such is absent (conventions 1.2). In an evaluation they stay: there sums are divided once, over all batches.
 */
export function toLearnFrom(
  batch: LoadedBatch,
  tasks: readonly { readonly loss: Pick<Loss, 'counts'> }[],
): LoadedBatch {
  const labels = batch.labels.map((label, index) => {
    const loss = tasks[index]?.loss;
    if (!label || !loss?.counts) return label;
    const size = labelSize(label);
    const counts = (row: number): boolean => loss.counts?.(label.data.subarray(row * size, (row + 1) * size)) === true;
    return { ...label, weight: label.weight.map((value, row) => (counts(row) ? value : 0)) };
  });
  const targets = batch.targets.map((target, index) =>
    labels[index]?.weight.some((weight) => weight > 0) ? target : null,
  );
  return { ...batch, labels, targets };
}

/** One weight a sample, or one a number of the label where some are missing. */
function weightsOf(label: BatchTarget): SampleWeights {
  const { weight, present, shape } = label;
  if (!present) return tf.tensor1d(weight);
  const size = labelSize(label);
  const weights = Float32Array.from(present, (there, at) => there * (weight[Math.floor(at / size)] ?? 0));
  return tf.tensor(weights, [...shape]);
}
