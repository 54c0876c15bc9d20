import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { batchesOf, epochOrder, sourceOrder, stepsPerEpoch } from '../../../src/samples/order.ts';

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
