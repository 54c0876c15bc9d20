/** How the inputs of recorded steps are named. */
import { idOf } from '../engine/native/capture/recorder.ts';
import type { Feed } from '../engine/native/capture/session.ts';
import { dataTypes } from '../engine/native/capture/types.ts';
import type { NodeJSKernelBackend } from '../engine/native/tfjs-node.ts';
import type { tf } from '../engine/tfjs.ts';
import type { Batch } from '../step/types.ts';
import type { FeedShape } from './assembly.ts';

export const weightName = (path: string): string => `weight ${path}`;
export const slotName = (slot: number, path: string): string => `slot ${String(slot)} ${path}`;
export const rowName = (task: number): string => `row ${String(task)}`;
export const ownName = (task: number, path: string): string => `own ${String(task)} ${path}`;

/** The tensors of a batch by name, for the tasks present. */
export function batchTensors(batch: Batch, present: readonly number[]): Map<string, tf.Tensor> {
  const tensors = new Map<string, tf.Tensor>(batch.inputs.map((tensor, place) => [`input ${String(place)}`, tensor]));
  for (const index of present) {
    const target = batch.targets[index];
    if (!target) continue;
    tensors.set(`target ${String(index)}`, target.target);
    tensors.set(`sample ${String(index)}`, target.weights);
  }
  return tensors;
}

const types: Readonly<Record<string, number>> = {
  float32: dataTypes.float,
  int32: dataTypes.int32,
  bool: dataTypes.bool,
};

export function shapesOf(tensors: ReadonlyMap<string, tf.Tensor>): Map<string, FeedShape> {
  return new Map(
    [...tensors].map(([name, { dtype, shape }]) => [
      name,
      { type: types[dtype] ?? dataTypes.float, shape: [...shape] },
    ]),
  );
}

export function feedOf(backend: NodeJSKernelBackend, tensor: tf.Tensor): Feed {
  return idOf(backend, tensor);
}

/** Batches with the same key fit the same program. */
export function shapeKey({ inputs, targets }: Batch, present: readonly number[]): string {
  const widths = present.map((index) => {
    const target = targets[index];
    // Weights of single numbers (targets with gaps) make another graph than weights of samples.
    return `${String(index)}:${target?.target.shape.join('x') ?? ''}${target?.weights.rank === 2 ? ' gaps' : ''}`;
  });
  return [...inputs.map(({ shape }) => shape.join('x')), ...widths].join(' ');
}
