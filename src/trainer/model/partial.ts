/**
 * The part of a model that some of its tasks need. A task that is absent from a batch must leave its own layers alone,
 * batch normalization's moving statistics included, so its branch is not run at all.
 */
import { type tf, tfl } from '../../engine/tfjs.ts';
import type { Model } from './build.ts';

const parts = new WeakMap<Model, Map<string, tfl.LayersModel>>();

/**
 * Raw heads of the given tasks, [batch, …] each, in the order asked.
 *
 * @param tasks indices in the model's task order; at least one
 */
export function forwardTasks(
  model: Model,
  inputs: readonly tf.Tensor[],
  tasks: readonly number[],
  training: boolean,
): tf.Tensor[] {
  if (tasks.length === model.tasks.length) return model.forward(inputs, training);
  const outputs = partOf(model, tasks).apply([...inputs], { training });
  return (Array.isArray(outputs) ? outputs : [outputs]) as tf.Tensor[];
}

/**
 * The same, with the output of a block that all of them read.
 *
 * @returns the block's output [batch, …], then the raw heads
 */
export function forwardThrough(
  model: Model,
  inputs: readonly tf.Tensor[],
  tasks: readonly number[],
  block: string,
): readonly [node: tf.Tensor, ...raw: tf.Tensor[]] {
  const [node, ...raw] = partOf(model, tasks, block).apply([...inputs], { training: true }) as tf.Tensor[];
  if (!node) throw new Error(`The block "${block}" has no output.`);
  return [node, ...raw];
}

/** The layers are the model's own; only the walk over them is new. */
function partOf(model: Model, tasks: readonly number[], through?: string): tfl.LayersModel {
  const known = parts.get(model) ?? new Map<string, tfl.LayersModel>();
  parts.set(model, known);
  const key = JSON.stringify([tasks, through ?? null]);
  const node = through === undefined ? [] : [outputOf(model, through)];
  const part =
    known.get(key) ??
    tfl.model({
      inputs: model.network.inputs,
      outputs: [...node, ...tasks.flatMap((task) => model.network.outputs[task] ?? [])],
      name: `network_${tasks.join('_')}`,
    });
  known.set(key, part);
  return part;
}

function outputOf(model: Model, block: string): tfl.SymbolicTensor {
  const symbol = model.outputOf(block);
  if (!symbol) throw new Error(`The block "${block}" has no single output.`);
  return symbol;
}
