/** The order of samples, and batches of it. */
import { keyed } from '../numbers/random.ts';
import type { PreparedSplit } from './contract.ts';

/** The order of epoch `epoch` (from 1): a permutation of 0 … n−1 that depends on the seed and the epoch alone (conventions 1.8). */
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

/**
 * The batches of one epoch of training, as `batchesOf(epochOrder(…))` gives them. Of a split that is read from disk, these batches and
 * those of the next epoch are read while the training works.
 *
 * @param from skips that many batches (a resumed epoch)
 */
export function* epochBatches(
  split: PreparedSplit,
  { seed, epoch, batchSize, from = 0 }: EpochPlace,
): Generator<Int32Array> {
  const order = orderOf(split, seed, epoch);
  if (split.ahead !== undefined) {
    split.ahead.announce(order, batchSize, from, 'next');
    split.ahead.announce(orderOf(split, seed, epoch + 1), batchSize, 0, 'later');
  }
  yield* batchesOf(order, batchSize, from);
}

export interface EpochPlace {
  readonly seed: number;
  /** From 1. */
  readonly epoch: number;
  readonly batchSize: number;
  readonly from?: number;
}

/** The order made ahead of time, so that it is not made twice. */
const made = new WeakMap<PreparedSplit, { readonly key: string; readonly order: Int32Array }>();

function orderOf(split: PreparedSplit, seed: number, epoch: number): Int32Array {
  const key = `${String(seed)} ${String(epoch)}`;
  const known = made.get(split);
  if (known?.key === key) return known.order;
  const order = epochOrder(seed, epoch, split.n);
  if (split.ahead !== undefined) made.set(split, { key, order });
  return order;
}

/** All samples in source order, batch by batch: for evaluation and prediction; read ahead like {@link epochBatches}. */
export function* sourceBatches(split: PreparedSplit, batchSize: number): Generator<Int32Array> {
  const order = sourceOrder(split.n);
  split.ahead?.announce(order, batchSize, 0, 'next');
  yield* batchesOf(order, batchSize);
  // Another pass mostly follows some time later; then its first batches are there.
  split.ahead?.announce(order, batchSize, 0, 'later');
}
