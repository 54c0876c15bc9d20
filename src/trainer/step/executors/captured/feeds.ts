/** Tensors as TensorFlow is fed with them. */
import { dataTypes } from '../../../../engine/native/capture/graph-words.ts';
import type { tf } from '../../../../engine/tfjs.ts';
import type { FeedShape } from './assembly.ts';

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
