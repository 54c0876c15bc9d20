/** The order of samples, and batches of it. */
import { keyed } from '../random.ts';

/** The order of epoch `epoch` (from 1): a permutation of 0 … n−1 that depends on the seed and the epoch alone (SCIENCE 1.8). */
export function epochOrder(seed: number, epoch: number, n: number): Int32Array {
  return keyed(seed, 'order', epoch).permutation(n);
}

/** 0 … n−1, for evaluation. */
export function sourceOrder(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, index) => index);
}

export function stepsPerEpoch(n: number, batchSize: number): number {
  return Math.ceil(n / batchSize);
}

/** The batches of an order, one after the other; the last may be smaller. `from` skips that many batches (a resumed epoch). */
export function* batchesOf(order: Int32Array, batchSize: number, from = 0): Generator<Int32Array> {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`batchSize must be a whole number above 0, not ${batchSize}`);
  for (let at = from * batchSize; at < order.length; at += batchSize) yield order.subarray(at, at + batchSize);
}
