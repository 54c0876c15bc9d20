/** What the cells hold, column by column, over the rows in use. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { countCells, countText } from '../../../src/samples/column-report.ts';
import type { FittedInput } from '../../../src/samples/inputs/table.ts';
import { cellsOfArrays, cellsOfCsv, rowsOf } from './helpers.ts';

const scaling = { method: 'none', shift: 0, divisor: 1 } as const;
const feature = (column: string, index = 0, bounds: readonly [number, number] | null = null) => ({
  column,
  index,
  bounds: bounds && { low: bounds[0], high: bounds[1], action: 'clip' as const },
  fill: 0,
  scaling,
});
const numbers = (...features: readonly ReturnType<typeof feature>[]): FittedInput => ({
  type: 'number',
  name: 'n',
  indicator: false,
  features,
});

test('missing numbers and outliers are counted where rows are in use; the bounds themselves are none', () => {
  const cells = cellsOfCsv('a,b\n1,\n5,1\n,2\n0.5,\n9,3\n', {});
  const input = numbers(feature('a', 0, [1, 5]), feature('b'));
  assert.deepEqual(countCells([input], cells, rowsOf(0, 1, 2, 3, 4)), [
    { input: 'n', column: 'a', missing: 1, outliers: 2, unseen: 0 },
    { input: 'n', column: 'b', missing: 2, outliers: 0, unseen: 0 },
  ]);
  // A column with nothing to tell is left out.
  assert.deepEqual(countCells([input], cells, rowsOf(0, 1)), [
    { input: 'n', column: 'b', missing: 1, outliers: 0, unseen: 0 },
  ]);
  assert.deepEqual(countCells([input], cells, rowsOf(3, 4)), [
    { input: 'n', column: 'a', missing: 0, outliers: 2, unseen: 0 },
    { input: 'n', column: 'b', missing: 1, outliers: 0, unseen: 0 },
  ]);
});

test('the numbers of one column count together', () => {
  const values = Float32Array.of(1, NaN, 3, NaN, NaN, 60);
  const cells = cellsOfArrays({ v: [[3], values] }, 2);
  const input = numbers(feature('v', 0), feature('v', 1), feature('v', 2, [0, 50]));
  assert.deepEqual(countCells([input], cells, rowsOf(0, 1)), [
    { input: 'n', column: 'v', missing: 3, outliers: 1, unseen: 0 },
  ]);
});

test('missing categories are no unseen ones; other spellings of a number are seen', () => {
  const cells = cellsOfCsv('c,d\nx,1.0\n,7\ny,01\nx,\n', {});
  const input: FittedInput = {
    type: 'category',
    name: 'k',
    encoding: 'index',
    missing: 'class',
    indicator: false,
    columns: [
      { column: 'c', values: ['x'], fill: null },
      { column: 'd', values: ['1'], fill: null },
    ],
  };
  assert.deepEqual(countCells([input], cells, rowsOf(0, 1, 2, 3)), [
    { input: 'k', column: 'c', missing: 1, outliers: 0, unseen: 1 },
    { input: 'k', column: 'd', missing: 1, outliers: 0, unseen: 2 },
  ]);
  assert.deepEqual(countCells([input], cells, rowsOf(0)), []);
});

test('of pictures nothing is counted', () => {
  const cells = cellsOfArrays({ p: [[1, 1], Float32Array.of(NaN)] }, 1);
  const input: FittedInput = {
    type: 'image',
    name: 'i',
    column: 'p',
    source: [1, 1],
    shape: [1, 1, 1],
    resize: 'stretch',
    fill: 0,
    scalings: [scaling],
  };
  assert.deepEqual(countCells([input], cells, rowsOf(0)), []);
});

test('what was found is said in one line, without what was not', () => {
  const count = { input: 'i', column: 'c', missing: 0, outliers: 0, unseen: 0 };
  assert.equal(
    countText({ ...count, missing: 1, outliers: 2, unseen: 3 }),
    'Input “i”, column “c”: 1 missing, 2 outliers, 3 unseen in training.',
  );
  assert.equal(countText({ ...count, outliers: 1 }), 'Input “i”, column “c”: 1 outliers.');
  assert.equal(countText({ ...count, unseen: 1 }), 'Input “i”, column “c”: 1 unseen in training.');
});
