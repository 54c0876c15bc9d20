import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyed } from '../../../src/numbers/random.ts';
import type { PreparedSplit, ReadAhead } from '../../../src/samples/contract.ts';
import {
  batchesOf,
  epochBatches,
  epochOrder,
  sourceBatches,
  sourceOrder,
  stepsPerEpoch,
} from '../../../src/samples/order.ts';

test('the order depends on seed and epoch alone, and every batch is taken once', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      fc.nat({ max: 200 }),
      fc.integer({ min: 1, max: 70 }),
      (seed, epoch, n, size) => {
        const order = epochOrder(seed, epoch, n);
        assert.deepEqual(order, epochOrder(seed, epoch, n));
        const batches = [...batchesOf(order, size)];
        assert.equal(batches.length, stepsPerEpoch(n, size));
        assert.deepEqual(
          batches.flatMap((batch) => [...batch]),
          [...order],
        );
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          [...sourceOrder(n)],
        );
        const from = Math.floor(batches.length / 2);
        assert.deepEqual([...batchesOf(order, size, from)], batches.slice(from));
      },
    ),
  );
  assert.notDeepEqual(epochOrder(1, 1, 50), epochOrder(1, 2, 50));
  assert.notDeepEqual(epochOrder(1, 1, 50), epochOrder(2, 1, 50));
  assert.throws(() => [...batchesOf(sourceOrder(3), 0)], RangeError);
});

/** A split of which it is written down what is said to be read ahead. */
function listening(n: number): { readonly split: PreparedSplit; readonly said: unknown[] } {
  const said: unknown[] = [];
  const ahead: ReadAhead = {
    announce: (order, batchSize, from, when) => said.push([[...order], batchSize, from, when]),
    take: () => undefined,
  };
  return { split: { n, rows: sourceOrder(n), inputs: new Map(), targets: new Map(), ahead }, said };
}

test('an epoch has its batches read next and those of the following epoch later, from their beginning', () => {
  const { split, said } = listening(7);
  const [third, fourth] = [epochOrder(5, 3, 7), epochOrder(5, 4, 7)];
  const batches = [...epochBatches(split, { seed: 5, epoch: 3, batchSize: 3, from: 1 })];
  assert.deepEqual(batches, [...batchesOf(third, 3, 1)]);
  assert.equal(batches.length, 2);
  assert.deepEqual(said, [
    [[...third], 3, 1, 'next'],
    [[...fourth], 3, 0, 'later'],
  ]);
  assert.deepEqual([...epochBatches(split, { seed: 5, epoch: 4, batchSize: 7 })], [fourth]);
  assert.deepEqual(said[2], [[...fourth], 7, 0, 'next']);
  // What lies in memory needs no announcement, and has the same batches.
  const { ahead: _, ...plain } = split;
  assert.deepEqual([...epochBatches(plain, { seed: 5, epoch: 3, batchSize: 3, from: 1 })], batches);
});

test('a pass in source order is announced before it, and once more after it', () => {
  const { split, said } = listening(5);
  const next = [[0, 1, 2, 3, 4], 2, 0, 'next'];
  const batches: number[][] = [];
  for (const batch of sourceBatches(split, 2)) {
    assert.deepEqual(said, [next]);
    batches.push([...batch]);
  }
  assert.deepEqual(batches, [[0, 1], [2, 3], [4]]);
  assert.deepEqual(said, [next, [[0, 1, 2, 3, 4], 2, 0, 'later']]);
});

test('the last batch may be smaller; without samples there is none', () => {
  assert.deepEqual([stepsPerEpoch(7, 3), stepsPerEpoch(6, 3), stepsPerEpoch(0, 3)], [3, 2, 0]);
  for (const size of [1.5, -1, NaN]) assert.throws(() => [...batchesOf(sourceOrder(3), size)], RangeError);
});

test('the order has a name and the epoch as its key, so that nothing else that is random changes it', () => {
  assert.deepEqual(epochOrder(4, 2, 30), keyed(4, 'order', 2).permutation(30));
});

test('an order made ahead of time is kept for its epoch alone', () => {
  const { split, said } = listening(40);
  const run = (seed: number, epoch: number): Int32Array | undefined =>
    [...epochBatches(split, { seed, epoch, batchSize: 40 })][0];
  run(1, 1);
  assert.deepEqual(run(1, 2), epochOrder(1, 2, 40));
  assert.deepEqual(run(2, 2), epochOrder(2, 2, 40));
  assert.deepEqual(run(2, 1), epochOrder(2, 1, 40));
  assert.equal(said.length, 8);
});
