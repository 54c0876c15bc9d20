/**
 * Chained operators on tensors, for the parts of tfjs that use them on the quiet: the orthogonal initializer of
 * recurrent layers, QR, gathering with batches. (tfjs-core's own registration is a folder of ES modules that Node
 * cannot load beside the package's CommonJS build.)
 */
import * as tf from '@tensorflow/tfjs-core';

const operations = {
  add: tf.add,
  cast: tf.cast,
  div: tf.div,
  expandDims: tf.expandDims,
  gather: tf.gather,
  matMul: tf.matMul,
  mul: tf.mul,
  neg: tf.neg,
  norm: tf.norm,
  reshape: tf.reshape,
  sign: tf.sign,
  slice: tf.slice,
  split: tf.split,
  sqrt: tf.sqrt,
  square: tf.square,
  stridedSlice: tf.stridedSlice,
  squeeze: tf.squeeze,
  sub: tf.sub,
  sum: tf.sum,
  tile: tf.tile,
  transpose: tf.transpose,
  unstack: tf.unstack,
} as const;

type AnyOperation = (x: tf.Tensor, ...rest: unknown[]) => tf.Tensor | tf.Tensor[];

/** Idempotent. */
export function registerChainedOperations(): void {
  const prototype = tf.Tensor.prototype as unknown as Record<string, unknown>;
  for (const [name, operation] of Object.entries(operations)) {
    prototype[name] ??= function (this: tf.Tensor, ...rest: unknown[]) {
      return (operation as AnyOperation)(this, ...rest);
    };
  }
  prototype['flatten'] ??= function (this: tf.Tensor) {
    return tf.reshape(this, [this.size]);
  };
}
