import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { headsOf, numbersIn, rawBytes } from '../../../src/data/array-sizes.ts';
import type { Header } from '../../../src/data/table.ts';

/** Bytes of an item as NumPy's `dtype.itemsize` has them. */
const sizes = {
  ...{ bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, float16: 2 },
  ...{ int32: 4, uint32: 4, float32: 4, int64: 8, uint64: 8, float64: 8 },
};
const header: Header = {
  file: 'a.npz',
  format: 'npz',
  rows: 5,
  columns: Object.keys(sizes).map((dtype) => ({ name: dtype, shape: [3, 2], dtype })),
  complete: true,
};

test('bytes of an array: rows, numbers a row, bytes of its type', () => {
  for (const head of header.columns) {
    assert.equal(numbersIn(header, head), 30);
    assert.equal(rawBytes(header, head), 30 * sizes[head.dtype as keyof typeof sizes], head.dtype);
  }
  const scalar = { name: 'x', shape: [], dtype: 'float32' };
  assert.deepEqual([numbersIn(header, scalar), rawBytes(header, scalar)], [5, 20]);
  const { rows: _, ...unknown } = header;
  assert.equal(numbersIn(unknown, scalar), 0);
});

test('the wanted columns, in the order of the file', () => {
  assert.deepEqual(
    headsOf(header, new Set(['float64', 'none', 'bool'])).map(({ name }) => name),
    ['bool', 'float64'],
  );
  assert.deepEqual(headsOf(header, new Set()), []);
});
