/** What the bytes of an array are as numbers and texts; the references are written down from the definitions of the types. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../../../src/data/error.ts';
import { decodeArray, hasLargeIntegers } from '../../../src/data/npy-values.ts';
import type { NpyHeader, NpyType } from '../../../src/data/npy.ts';
import type { Column } from '../../../src/data/table.ts';

const headerOf = (
  dtype: NpyType,
  itemBytes: number,
  shape: readonly number[],
  changes: Partial<NpyHeader> = {},
): NpyHeader => ({
  dtype,
  itemBytes,
  shape,
  littleEndian: true,
  fortranOrder: false,
  dataOffset: 128,
  ...changes,
});

/** Bytes of some values, each written by the setter of a DataView. */
function bytesOf<T>(
  values: readonly T[],
  size: number,
  set: (view: DataView, at: number, value: T) => void,
): Uint8Array {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => set(view, index * size, value));
  return bytes;
}

const decode = (data: Uint8Array, header: NpyHeader, asText = false): Column =>
  decodeArray(data, header, 'a', 'a.npz', asText);
function numbers(column: Column): number[] {
  assert.ok(column.kind === 'number');
  return Array.from(column.values);
}
function texts(column: Column): readonly (string | null)[] {
  assert.ok(column.kind === 'text');
  return column.cells;
}

type Write = (view: DataView, at: number, value: number, little: boolean) => void;
const types: readonly (readonly [NpyType, number, string, readonly number[], Write])[] = [
  ['bool', 1, 'Uint8Array', [0, 1, 1], (view, at, value) => view.setUint8(at, value)],
  ['int8', 1, 'Int8Array', [-128, -1, 127], (view, at, value) => view.setInt8(at, value)],
  ['uint8', 1, 'Uint8Array', [0, 127, 255], (view, at, value) => view.setUint8(at, value)],
  ['int16', 2, 'Int16Array', [-32768, 258, 32767], (view, at, value, little) => view.setInt16(at, value, little)],
  ['uint16', 2, 'Uint16Array', [1, 258, 65535], (view, at, value, little) => view.setUint16(at, value, little)],
  [
    'int32',
    4,
    'Int32Array',
    [-(2 ** 31), 16909060, 2 ** 31 - 1],
    (view, at, value, little) => view.setInt32(at, value, little),
  ],
  [
    'uint32',
    4,
    'Uint32Array',
    [1, 16909060, 2 ** 32 - 1],
    (view, at, value, little) => view.setUint32(at, value, little),
  ],
  [
    'int64',
    8,
    'Float64Array',
    [-(2 ** 53 - 1), -1, 2 ** 40 + 3, 2 ** 53 - 1],
    (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  ],
  [
    'uint64',
    8,
    'Float64Array',
    [1, 2 ** 40 + 3, 2 ** 53 - 1],
    (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
  ],
  [
    'float32',
    4,
    'Float32Array',
    [1.5, -0.25, 3e38, Infinity].map(Math.fround),
    (view, at, value, little) => view.setFloat32(at, value, little),
  ],
  [
    'float64',
    8,
    'Float64Array',
    [1 / 3, -5e-324, 1e308, -Infinity],
    (view, at, value, little) => view.setFloat64(at, value, little),
  ],
];

test('every type of number comes back in either order of its bytes, in an array of its own kind', () => {
  for (const [dtype, size, array, values, write] of types) {
    for (const littleEndian of [true, false]) {
      const data = bytesOf(values, size, (view, at, value) => write(view, at, value, littleEndian));
      const before = Array.from(data);
      const column = decode(data, headerOf(dtype, size, [values.length], { littleEndian }));
      assert.deepEqual(numbers(column), values, `${dtype} ${String(littleEndian)}`);
      assert.ok(column.kind === 'number');
      assert.deepEqual(
        [column.dtype, column.shape, column.width, column.values.constructor.name],
        [dtype, [], 1, array],
      );
      assert.deepEqual(Array.from(data), before, 'the bytes stay as they were');
    }
  }
});

test('a part of larger memory is read from where it begins', () => {
  const whole = Float64Array.of(9, 1, 2, 9);
  assert.deepEqual(numbers(decode(new Uint8Array(whole.buffer, 8, 16), headerOf('float64', 8, [2]))), [1, 2]);
  const swapped = new Uint8Array(whole.buffer.slice(0)).reverse();
  assert.deepEqual(
    numbers(decode(swapped.subarray(8, 24), headerOf('float64', 8, [2], { littleEndian: false }))),
    [2, 1],
  );
});

const half = (bits: number, littleEndian = true): number =>
  numbers(
    decode(
      bytesOf([bits], 2, (view, at, value) => view.setUint16(at, value, littleEndian)),
      headerOf('float16', 2, [1], { littleEndian }),
    ),
  )[0] ?? assert.fail();

test('half floats: the examples of IEEE 754, with sign, denormals, infinities and NaN', () => {
  for (const [bits, value] of [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x8001, -(2 ** -24)],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3bff, 0.99951171875],
    [0x3c00, 1],
    [0x3c01, 1.0009765625],
    [0xc000, -2],
    [0x4248, 3.140625],
    [0x7bff, 65504],
    [0xfbff, -65504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7c01, NaN],
    [0x7e00, NaN],
    [0xfe00, NaN],
  ] as const) {
    assert.ok(Object.is(half(bits), value), `${bits.toString(16)}: ${half(bits)}`);
    assert.ok(Object.is(half(bits, false), value), `${bits.toString(16)} swapped`);
  }
  const column = decode(new Uint8Array(4), headerOf('float16', 2, [2]));
  assert.ok(column.kind === 'number' && column.values instanceof Float32Array && column.dtype === 'float16');
});

test('half floats are in the order of their bits, and one step apart within a power of two', () => {
  const bits = Array.from({ length: 0x7c01 }, (_, index) => index);
  const data = bytesOf(bits, 2, (view, at, value) => view.setUint16(at, value, true));
  const values = numbers(decode(data, headerOf('float16', 2, [bits.length])));
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? NaN));
  // As far apart as in the power of two that the smaller one lies in; the last step is that to infinity.
  const wanted = bits.slice(0, -2).map((each) => 2 ** (Math.max(1, each >> 10) - 25));
  assert.deepEqual(steps.slice(0, -1), wanted);
  assert.equal(steps.at(-1), Infinity);
});

test('rows of several numbers have their shape, in either order of the axes', () => {
  const shape = [2, 3, 4];
  const at = ([i, j, k]: readonly [number, number, number]): number => 100 * i + 10 * j + k;
  const cells: [number, number, number][] = [];
  for (let i = 0; i < 2; i++) for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) cells.push([i, j, k]);
  const write = (values: readonly number[]): Uint8Array =>
    bytesOf(values, 2, (view, place, value) => view.setUint16(place, value, true));
  const wanted = cells.map(at);
  const rows = decode(write(wanted), headerOf('uint16', 2, shape));
  assert.deepEqual([numbers(rows), rows.kind === 'number' && [rows.shape, rows.width]], [wanted, [[3, 4], 12]]);
  const fortran: number[] = [];
  for (let k = 0; k < 4; k++) for (let j = 0; j < 3; j++) for (let i = 0; i < 2; i++) fortran.push(at([i, j, k]));
  const columns = decode(write(fortran), headerOf('uint16', 2, shape, { fortranOrder: true }));
  assert.deepEqual(numbers(columns), wanted);
  assert.ok(columns.kind === 'number' && columns.values instanceof Uint16Array);
  assert.deepEqual(numbers(decode(write([1, 2, 3]), headerOf('uint16', 2, [3], { fortranOrder: true }))), [1, 2, 3]);
});

const int64 = (values: readonly bigint[], littleEndian = true): Uint8Array =>
  bytesOf(values, 8, (view, at, value) => view.setBigInt64(at, value, littleEndian));
const uint64 = (values: readonly bigint[], littleEndian = true): Uint8Array =>
  bytesOf(values, 8, (view, at, value) => view.setBigUint64(at, value, littleEndian));

test('integers are text from where doubles are not exact on, all of a column alike', () => {
  const most = 2n ** 53n - 1n;
  for (const littleEndian of [true, false]) {
    const signed = headerOf('int64', 8, [3], { littleEndian });
    assert.deepEqual(numbers(decode(int64([most, 0n, -most], littleEndian), signed)), [2 ** 53 - 1, 0, -(2 ** 53 - 1)]);
    for (const large of [most + 1n, -most - 1n, 2n ** 63n - 1n, -(2n ** 63n)])
      for (const place of [0, 2]) {
        const values = [1n, -2n, 3n].map((value, index) => (index === place ? large : value));
        const data = int64(values, littleEndian);
        assert.deepEqual(texts(decode(data, signed)), values.map(String));
        assert.ok(hasLargeIntegers(data, signed));
      }
    const unsigned = headerOf('uint64', 8, [2], { littleEndian });
    assert.deepEqual(numbers(decode(uint64([most, 7n], littleEndian), unsigned)), [2 ** 53 - 1, 7]);
    const large = uint64([7n, 2n ** 64n - 1n], littleEndian);
    assert.deepEqual(texts(decode(large, unsigned)), ['7', '18446744073709551615']);
    assert.ok(hasLargeIntegers(large, unsigned));
  }
  const small = int64([1n, 2n]);
  const header = headerOf('int64', 8, [2]);
  assert.equal(hasLargeIntegers(small, header), false);
  // A part of a column that has large ones elsewhere.
  assert.deepEqual(texts(decode(small, header, true)), ['1', '2']);
  // Of other types nothing is text.
  assert.deepEqual(numbers(decode(Uint8Array.of(1, 2), headerOf('uint8', 1, [2]), true)), [1, 2]);
});

const characters = (points: readonly number[], littleEndian = true): Uint8Array =>
  bytesOf(points, 4, (view, at, value) => view.setUint32(at, value, littleEndian));

test('texts end at their first zero, or fill their place', () => {
  for (const littleEndian of [true, false]) {
    const data = characters([97, 0, 98, 0x1f600, 0x7ea2, 0, 0, 0, 99, 0x10ffff, 0x110000, 100], littleEndian);
    assert.deepEqual(texts(decode(data, headerOf('unicode', 12, [4], { littleEndian }))), [
      'a',
      '😀红',
      '',
      '\u{10ffff}\ufffdd',
    ]);
  }
  const bytes = Uint8Array.of(...Buffer.from('红'), 0, 97, 98, 99, 100, 0, 1, 2, 3);
  assert.deepEqual(texts(decode(bytes, headerOf('bytes', 4, [3]))), ['红', 'abcd', '']);
  assert.deepEqual(texts(decode(characters([97, 98]), headerOf('unicode', 4, [2, 1]))), ['a', 'b']);
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'binary', maxLength: 5 }).filter((text) => !text.includes('\0')),
        { minLength: 1, maxLength: 5 },
      ),
      (words) => {
        const points = words.flatMap((word) =>
          Array.from({ length: 5 }, (_, index) => Array.from(word)[index]?.codePointAt(0) ?? 0),
        );
        assert.deepEqual(texts(decode(characters(points), headerOf('unicode', 20, [words.length]))), words);
      },
    ),
  );
});

test('only one text a row can be read, and the message says which array and how many', () => {
  for (const [data, header] of [
    [characters([97, 98, 99, 100]), headerOf('unicode', 4, [2, 2])],
    [Uint8Array.of(97, 98, 99, 100), headerOf('bytes', 1, [2, 2])],
    [int64([1n, 2n ** 60n, 3n, 4n]), headerOf('int64', 8, [2, 2])],
  ] as const)
    assert.throws(
      () => decode(data, header),
      (error) => {
        assert.ok(error instanceof DataError);
        assert.deepEqual([error.code, error.file, error.column], ['shape', 'a.npz', 'a']);
        assert.match(error.message, /^a\.npz, array “a” has 2 texts/);
        return true;
      },
    );
  assert.deepEqual(numbers(decode(int64([1n, 2n, 3n, 4n]), headerOf('int64', 8, [2, 2]))), [1, 2, 3, 4]);
});
