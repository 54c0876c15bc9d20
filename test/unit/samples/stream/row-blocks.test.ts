/** Which blocks of rows are visited, with what. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { StreamedCells } from '../../../../src/samples/stream/cells.ts';
import { eachBlock, lowerBound } from '../../../../src/samples/stream/row-blocks.ts';
import { rowsOf } from '../helpers.ts';

type Visit = readonly [first: number, length: number, local: readonly number[], from: number];

function visits(all: number, count: number, rows: Int32Array): readonly Visit[] {
  const cells = { table: { rows: all }, block: (first: number, length: number) => ({ first, length }) };
  const found: Visit[] = [];
  eachBlock(cells as unknown as StreamedCells, rows, count, (block, local, from) => {
    const { first, length } = block as unknown as { readonly first: number; readonly length: number };
    found.push([first, length, [...local], from]);
  });
  return found;
}

test('each block that holds rows of the split, the last one shorter; blocks without are passed over', () => {
  assert.deepEqual(visits(10, 4, rowsOf(0, 3, 4, 9)), [
    [0, 4, [0, 3], 0],
    [4, 4, [0], 2],
    [8, 2, [1], 3],
  ]);
  assert.deepEqual(visits(12, 3, rowsOf(1, 11)), [
    [0, 3, [1], 0],
    [9, 3, [2], 1],
  ]);
  assert.deepEqual(visits(9, 3, rowsOf(5)), [[3, 3, [2], 0]]);
  assert.deepEqual(visits(4, 4, rowsOf(0, 1, 2, 3)), [[0, 4, [0, 1, 2, 3], 0]]);
});

test('an empty split is visited once, and so is a table without rows', () => {
  assert.deepEqual(visits(10, 4, rowsOf()), [[0, 4, [], 0]]);
  assert.deepEqual(visits(0, 4, rowsOf()), [[0, 0, [], 0]]);
});

test('the first place whose value is not below', () => {
  const rows = rowsOf(2, 4, 4, 7);
  assert.deepEqual(
    [0, 2, 3, 4, 5, 7, 8].map((value) => lowerBound(rows, value)),
    [0, 0, 1, 1, 3, 3, 4],
  );
  assert.equal(lowerBound(rowsOf(), 1), 0);
});
