/**
 * Task gradients by the one node that feeds all tasks (conventions 1.4): cheaper, since no pass but the last goes through the
 * shared part. Its tape is kept until the combined gradient of the node has been carried on to the parameters.
 */
import { tf } from '../../../engine/tfjs.ts';
import { forwardThrough } from '../../model/partial.ts';
import { lossesOfHeads, reachedBy, type Factor, type Passed } from './passes.ts';
import { Tape } from './tape.ts';
import type { Batch, SharedLayout, StepContext } from '../contract.ts';

type Passing = Pick<StepContext, 'model' | 'tasks'>;

/** One batch. */
export interface RepresentedPart {
  readonly tape: Tape;
  /** [batch, …] */
  readonly node: tf.Tensor;
  /** By task index, for the tasks present. */
  readonly slopes: ReadonlyMap<number, tf.Tensor>;
  /** By task index: gradients by path of parameters that are not shared. */
  readonly own: ReadonlyMap<number, Map<string, tf.Tensor>>;
}

export function representedPart(
  context: Passing,
  batch: Batch,
  present: readonly number[],
  block: string,
  layout: SharedLayout,
  factorsOf: (passed: Passed) => readonly Factor[],
): RepresentedPart {
  const { tape, value } = Tape.record(() => {
    const [node, ...raw] = forwardThrough(context.model, batch.inputs, present, block);
    return { node, ...lossesOfHeads(context, batch, present, raw) };
  });
  const { node, ...passed } = value;
  const factors = factorsOf(passed);
  const shared = new Set(layout.variables.map(({ path }) => path));
  const slopes = new Map<number, tf.Tensor>();
  const own = new Map<number, Map<string, tf.Tensor>>();
  present.forEach((index, place) => {
    const variables = reachedBy(context, [index]).filter(({ path }) => !shared.has(path));
    const [slope, ...rest] = tf.tidy(() => {
      const factor = factors[place] ?? 0;
      const seed = {
        tensor: passed.sums[place] as tf.Scalar,
        gradient: typeof factor === 'number' ? tf.scalar(factor) : factor,
      };
      const found = tape.gradients([seed], [node, ...variables.map(({ variable }) => variable)]);
      return found.map(
        (tensor, at) => tensor ?? tf.zerosLike(at === 0 ? node : (variables[at - 1]?.variable as tf.Tensor)),
      );
    });
    slopes.set(index, slope as tf.Tensor);
    own.set(index, new Map(variables.map(({ path }, at) => [path, rest[at] as tf.Tensor])));
  });
  tf.dispose([...passed.raw, ...passed.sums, ...passed.weights]);
  return { tape, node, slopes, own };
}

/** The row of a task over all batches: their slopes one after the other, or summed over the samples. */
export function representedRow(
  parts: readonly RepresentedPart[],
  task: number,
  inner: 'per-sample' | 'batch-sum',
): tf.Tensor1D {
  return tf.tidy(() => {
    const slopes = parts.map(({ node, slopes: all }) => all.get(task) ?? tf.zerosLike(node));
    if (inner === 'per-sample') return tf.concat(slopes.map((slope) => tf.reshape<tf.Rank.R1>(slope, [slope.size])));
    return tf.reshape<tf.Rank.R1>(tf.addN(slopes.map((slope) => tf.sum(slope, 0))), [-1]);
  });
}

/** Σ wᵢ slopeᵢ of each batch, by place of the task among `present`. */
export function weighedSlopes(
  parts: readonly RepresentedPart[],
  present: readonly number[],
  weights: readonly number[],
): tf.Tensor[] {
  return parts.map(({ node, slopes }) =>
    tf.tidy(() => {
      const terms = present.flatMap((task, place) => {
        const slope = slopes.get(task);
        return slope ? [tf.mul(slope, weights[place] ?? 0)] : [];
      });
      return terms.length > 0 ? tf.addN(terms) : tf.zerosLike(node);
    }),
  );
}

/** A `per-sample` row as the slopes of each batch. */
export function slopesOfRow(parts: readonly RepresentedPart[], row: Float32Array): tf.Tensor[] {
  let offset = 0;
  return parts.map(({ node }) => {
    const piece = row.subarray(offset, offset + node.size);
    offset += node.size;
    return tf.tensor(piece, node.shape);
  });
}

/** Carries slopes of the node on to the shared parameters; disposes them. */
export function throughShared(
  { model }: Passing,
  parts: readonly RepresentedPart[],
  slopes: readonly tf.Tensor[],
  layout: SharedLayout,
): Map<string, tf.Tensor> {
  const paths = new Set(layout.variables.map(({ path }) => path));
  const variables = model.variables.filter(({ path }) => paths.has(path));
  const sources = variables.map(({ variable }) => variable);
  const sums = tf.tidy(() => {
    const found = parts.map(({ tape, node }, place) =>
      tape.gradients([{ tensor: node, gradient: slopes[place] as tf.Tensor }], sources),
    );
    return variables.map(({ variable }, at) =>
      tf.addN(found.map((gradients) => gradients[at] ?? tf.zerosLike(variable as tf.Tensor))),
    );
  });
  tf.dispose([...slopes]);
  return new Map(variables.map(({ path }, at) => [path, sums[at] as tf.Tensor]));
}

export function disposePart({ tape, node, slopes, own }: RepresentedPart): void {
  tape.dispose();
  tf.dispose([node, ...slopes.values(), ...[...own.values()].flatMap((task) => [...task.values()])]);
}
