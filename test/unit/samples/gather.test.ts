/** A batch holds what its positions have, from memory or from what was read ahead. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { PreparedSplit, ReadAhead, RowStore } from '../../../src/samples/contract.ts';
import { gather, labelSize } from '../../../src/samples/gather.ts';
import { readyStore } from '../../../src/samples/row-stores.ts';
import { rowsOf } from './helpers.ts';

const pixels = readyStore(Float32Array.of(1, 2, 3, 4, 5, 6), [2]);
const boxes = readyStore(Float32Array.of(10, 11, 20, 21, 30, 31), [2]);
const there = readyStore(Uint8Array.of(1, 1, 0, 1, 0, 0), [2]);
const split: PreparedSplit = {
  n: 3,
  rows: rowsOf(4, 6, 9),
  inputs: new Map([['x', pixels]]),
  targets: new Map([
    [
      'box',
      {
        ...{ values: boxes, present: there, labeled: 2 },
        ...{ mask: Uint8Array.of(1, 1, 0), weight: Float32Array.of(0.5, 0, 0) },
      },
    ],
    [
      'kind',
      {
        ...{ values: readyStore(Int32Array.of(7, 8, 9), []), labeled: 3 },
        ...{ mask: Uint8Array.of(1, 1, 1), weight: Float32Array.of(1, 2, 3) },
      },
    ],
  ]),
};

test('labels, masks, weights and gaps stand in the order of the positions; a label of weight 0 still counts', () => {
  const { n, inputs, targets } = gather(split, rowsOf(2, 0, 1, 0));
  assert.equal(n, 4);
  assert.deepEqual(inputs.get('x'), { shape: [4, 2], dtype: 'float32', data: Float32Array.of(5, 6, 1, 2, 3, 4, 1, 2) });
  assert.deepEqual(targets.get('box'), {
    ...{ shape: [4, 2], dtype: 'float32', data: Float32Array.of(30, 31, 10, 11, 20, 21, 10, 11) },
    ...{ mask: Uint8Array.of(0, 1, 1, 1), weight: Float32Array.of(0, 0.5, 0, 0.5), labeled: 3 },
    present: Float32Array.of(0, 0, 1, 1, 0, 1, 1, 1),
  });
  assert.deepEqual(targets.get('kind'), {
    ...{ shape: [4], dtype: 'int32', data: Int32Array.of(9, 7, 8, 7) },
    ...{ mask: Uint8Array.of(1, 1, 1, 1), weight: Float32Array.of(3, 1, 2, 1), labeled: 4 },
  });
});

test('what was read ahead is taken from there, the rest is gathered', () => {
  const asked: number[][] = [];
  const read = new Map<RowStore, Float32Array>([[pixels, Float32Array.of(-1, -2)]]);
  const ahead: ReadAhead = {
    announce: () => undefined,
    take: (positions) => {
      asked.push([...positions]);
      return read;
    },
  };
  const { inputs, targets } = gather({ ...split, ahead }, rowsOf(1));
  assert.deepEqual(asked, [[1]]);
  assert.deepEqual(inputs.get('x')?.data, Float32Array.of(-1, -2));
  assert.deepEqual(targets.get('box')?.data, Float32Array.of(20, 21));
});

test('a label has as many numbers as the axes behind that of the batch make', () => {
  assert.deepEqual([[4, 3, 2], [4], [0, 5]].map((shape) => labelSize({ shape })), [6, 1, 5]); // prettier-ignore
});
