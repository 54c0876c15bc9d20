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

test('one array behind the other, as little-endian floats; a shape without sides is one number', () => {
  const { entries, bytes } = pack([
    { name: 'a', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: 'b', shape: [], data: Float32Array.of(-7) },
    { name: 'none', shape: [0, 4], data: new Float32Array(0) },
    { name: 'c', shape: [2], data: Float32Array.of(8, 9) },
  ]);
  assert.deepEqual(entries, [
    { name: 'a', shape: [2, 3], offset: 0 },
    { name: 'b', shape: [], offset: 6 },
    { name: 'none', shape: [0, 4], offset: 7 },
    { name: 'c', shape: [2], offset: 7 },
  ]);
  const view = new DataView(bytes.buffer);
  assert.deepEqual(Array.from({ length: 9 }, (_, at) => view.getFloat32(4 * at, true)), [1, 2, 3, 4, 5, 6, -7, 8, 9]); // prettier-ignore
  assert.equal(bytes.byteLength, 36);
  assert.deepEqual(unpack({ entries, bytes }).map(({ data }) => [...data]), [[1, 2, 3, 4, 5, 6], [-7], [], [8, 9]]); // prettier-ignore
  assert.deepEqual(pack([]), { entries: [], bytes: new Uint8Array(0) });
});

test('places of a damaged list: between two numbers, or a number too far', () => {
  const bytes = new Uint8Array(16);
  const at = (offset: number, shape: readonly number[]) => (): unknown =>
    unpack({ entries: [{ name: 'w', shape, offset }], bytes });
  at(0, [4])();
  at(3, [1])();
  at(4, [0])();
  for (const [offset, shape] of [
    [0.5, [1]],
    [1, [4]],
    [4, [1]],
    [NaN, [1]],
    [0, [NaN]],
    [0, [5]],
  ] as const)
    // prettier-ignore
    assert.throws(at(offset, shape), /^Error: w lies outside the block of 4 numbers\.$/);
  assert.throws(
    () => pack([{ name: 'w', shape: [2, 3], data: new Float32Array(5) }]),
    /w: 5 numbers for the shape \[2, 3\]\./,
  );
});
