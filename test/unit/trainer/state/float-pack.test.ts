import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pack, unpack } from '../../../../src/trainer/state/float-pack.ts';

const arrays = fc.array(
  fc.record({ name: fc.string(), data: fc.float32Array({ maxLength: 20 }) }).map(({ name, data }) => ({
    name,
    shape: [data.length],
    data,
  })),
  { maxLength: 8 },
);

test('arrays come back as they were, from bytes at any address', () => {
  fc.assert(
    fc.property(arrays, fc.nat(7), (given, shift) => {
      const { entries, bytes } = pack(given);
      // As a file's bytes may come: a window into a pool that holds other things before and after.
      const pool = Buffer.alloc(bytes.length + 16, 0xff);
      pool.set(bytes, shift);
      const back = unpack({ entries, bytes: pool.subarray(shift, shift + bytes.length) });
      assert.deepEqual(
        back.map(({ name, shape, data }) => ({ name, shape, data })),
        given,
      );
    }),
  );
});

test('a list that points outside the block, or a torn block, is refused', () => {
  const { entries, bytes } = pack([{ name: 'w', shape: [2, 2], data: new Float32Array(4) }]);
  assert.throws(() => unpack({ entries, bytes: bytes.subarray(0, 12) }), /w lies outside/);
  assert.throws(() => unpack({ entries, bytes: bytes.subarray(0, 13) }), /no whole number/);
  assert.throws(() => unpack({ entries: [{ name: 'w', shape: [1], offset: -1 }], bytes }), /outside/);
  assert.throws(() => pack([{ name: 'w', shape: [3], data: new Float32Array(4) }]), /4 numbers/);
});
