/**
 * Task gradients by the one node that feeds all tasks (conventions 1.4): cheaper, since no pass but the last goes through the
 * shared part. Its tape is kept until the combined gradient of the node has been carried on to the parameters.
 */
import { tf } from '../../../engine/tfjs.ts';
import { forwardThrough } from '../../model/partial.ts';
import { element, of, type ByTask } from '../by-task.ts';
import { disposePassed, lossesOfHeads, reachedBy, type FactorsOf } from './passes.ts';
import { Tape } from './tape.ts';
import type { Batch, SharedLayout, StepContext } from '../contract.ts';

type Passing = Pick<StepContext, 'model' | 'tasks'>;

/** One batch. */
export interface RepresentedPart {
  readonly tape: Tape;
  /** [batch, …] */
  readonly node: tf.Tensor;
  /** In order, those present in the batch. */
  readonly tasks: readonly RepresentedTask[];
}

export interface RepresentedTask {
  readonly index: number;
  /** Gradient by the node. */
  readonly slope: tf.Tensor;
  /** Gradients by path of parameters that are not shared. */
  readonly headGradient: Map<string, tf.Tensor>;
}

export function representedPart(
  context: Passing,
  batch: Batch,
  present: readonly number[],
  block: string,
  layout: SharedLayout,
  factorsOf: FactorsOf,
): RepresentedPart {
  const { tape, value } = Tape.record(() => {
    const [node, ...raw] = forwardThrough(context.model, batch.inputs, present, block);
    return { node, passed: lossesOfHeads(context, batch, present, raw) };
  });
  const { node, passed } = value;
  const factors = factorsOf(passed);
  const shared = new Set(layout.variables.map(({ path }) => path));
  const tasks = passed.map(({ index, sum }): RepresentedTask => {
    const variables = reachedBy(context, [index]).filter(({ path }) => !shared.has(path));
    const [slope, ...rest] = tf.tidy(() => {
      const factor = of(factors, index);
      const seed = {
        tensor: sum,
        gradient: typeof factor === 'number' ? tf.scalar(factor) : factor,
      };
      const sources = variables.map(({ variable }) => variable);
      const found = tape.gradients([seed], [node, ...sources]);
      return found.map(
        (tensor, place) => tensor ?? tf.zerosLike(place === 0 ? node : element<tf.Tensor>(sources, place - 1)),
      );
    });
    if (!slope) throw new Error('The node has no gradient.');
    const headGradient = new Map(variables.map(({ path }, place) => [path, element(rest, place)]));
    return { index, slope, headGradient };
  });
  disposePassed(passed);
  return { tape, node, tasks };
}

/** The row of a task over all batches: their slopes one after the other, or summed over the samples. */
export function representedRow(
  parts: readonly RepresentedPart[],
  task: number,
  inner: 'per-sample' | 'batch-sum',
): tf.Tensor1D {
  return tf.tidy(() => {
    const slopes = parts.map(({ node, tasks }) => slopeOf(tasks, task) ?? tf.zerosLike(node));
    if (inner === 'per-sample') return tf.concat(slopes.map((slope) => tf.reshape<tf.Rank.R1>(slope, [slope.size])));
    return tf.reshape<tf.Rank.R1>(tf.addN(slopes.map((slope) => tf.sum(slope, 0))), [-1]);
  });
}

function slopeOf(tasks: readonly RepresentedTask[], task: number): tf.Tensor | undefined {
  return tasks.find(({ index }) => index === task)?.slope;
}

/** Σ wᵢ slopeᵢ of each batch. */
export function weighedSlopes(parts: readonly RepresentedPart[], weights: ByTask<number>): tf.Tensor[] {
  return parts.map(({ node, tasks }) =>
    tf.tidy(() => {
      const terms = tasks.map(({ index, slope }) => tf.mul(slope, of(weights, index)));
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
      tape.gradients([{ tensor: node, gradient: element(slopes, place) }], sources),
    );
    return variables.map(({ variable }, at) =>
      tf.addN(found.map((gradients) => gradients[at] ?? tf.zerosLike(variable as tf.Tensor))),
    );
  });
  tf.dispose([...slopes]);
  return new Map(variables.map(({ path }, at) => [path, element(sums, at)]));
}

export function disposePart({ tape, node, tasks }: RepresentedPart): void {
  tape.dispose();
  tf.dispose([node, ...tasks.flatMap(({ slope, headGradient }) => [slope, ...headGradient.values()])]);
}
