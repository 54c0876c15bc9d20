/**
 * Targets of several columns: the loss of a sample is the mean over its columns. Where columns have gaps each number that
 * is there counts alike: Σᵢ sᵢ Σⱼ mᵢⱼ lᵢⱼ over Σᵢ sᵢ Σⱼ mᵢⱼ, which without a gap is the weighted mean of those means.
 */
import { tf } from '../../../engine/tfjs.ts';
import { plainSums, weightedSum } from './sums.ts';
import type { LossSums, SampleLoss, SampleWeights } from './contract.ts';

/** A loss that is a sum over outputs. */
export interface OutputRule {
  /** Loss of each output of `raw` [n, k], and all that the gradient needs (see `RowLosses`). */
  readonly forward: (raw: tf.Tensor) => { readonly losses: tf.Tensor; readonly saved: readonly tf.Tensor[] };
  /** d loss of an output / d that output, [n, k]. */
  readonly gradient: (saved: readonly tf.Tensor[]) => tf.Tensor;
}

/** @param raw [n, k] */
export function columnSums(raw: tf.Tensor, weights: SampleWeights, rule: OutputRule): LossSums {
  const outputs = raw.shape[1] ?? 0;
  if (weights.rank === 1) {
    return plainSums(raw, weights, {
      forward: (x) => {
        const { losses, saved } = rule.forward(x);
        return { losses: tf.mean(losses, 1), saved };
      },
      gradient: (saved) => tf.div(rule.gradient(saved), outputs),
    });
  }
  const shares = tf.div(perOutput(weights, outputs), outputs);
  return { sum: weightedSum(raw, shares, rule), weight: tf.sum(shares) };
}

/** [n, columns] → [n, outputs]: each number of a target stands beside its outputs (quantiles), column by column. */
export function perOutput(columns: tf.Tensor, outputs: number): tf.Tensor {
  const [rows = 0, width = 0] = columns.shape;
  if (width === outputs) return columns;
  return tf.reshape(tf.tile(tf.expandDims(columns, 2), [1, 1, outputs / width]), [rows, outputs]);
}

/**
 * One sample in numbers.
 *
 * @param of loss of an output
 * @param present [columns], 0 at the gaps
 */
export function columnSample(
  outputs: number,
  of: (output: number) => number,
  present: ArrayLike<number> | undefined,
): SampleLoss {
  let [sum, counted] = [0, 0];
  for (let output = 0; output < outputs; output++) {
    const column = present && Math.floor((output * present.length) / outputs);
    if (column !== undefined && present?.[column] === 0) continue;
    sum += of(output);
    counted++;
  }
  return { loss: sum / outputs, weight: counted / outputs };
}
