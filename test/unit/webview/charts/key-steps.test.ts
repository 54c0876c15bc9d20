// Where the keys lead the cursor of a chart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexNear, nextIndex } from '../../../../webview/charts/key-steps.ts';

const to = (key: string, at: number | null, length = 40, shiftKey = false): number | null =>
  nextIndex({ key, shiftKey }, at, length);

test('by one, by ten, by a tenth, to the ends, and never beyond them', () => {
  assert.deepEqual([to('ArrowRight', 3), to('ArrowLeft', 3), to('ArrowUp', 3), to('ArrowDown', 3)], [4, 2, 4, 2]);
  assert.deepEqual([to('ArrowRight', 3, 40, true), to('ArrowLeft', 13, 40, true)], [13, 3]);
  assert.deepEqual([to('PageUp', 3), to('PageDown', 13), to('PageUp', 1, 3)], [7, 9, 2]);
  assert.deepEqual([to('Home', 9), to('End', 9)], [0, 39]);
  assert.deepEqual([to('ArrowLeft', 0), to('ArrowRight', 39), to('PageDown', 2)], [0, 39, 0]);
  assert.equal(to('a', 3), null);
});

test('from nowhere the first key leads to the latest, Home to the first', () => {
  assert.deepEqual([to('ArrowLeft', null), to('ArrowRight', null), to('Home', null)], [39, 39, 0]);
});

test('the nearest place; of two as near the first', () => {
  assert.deepEqual([0, 1.4, 1.5, 1.6, 9].map((x) => indexNear([1, 2, 5], x)), [0, 0, 0, 1, 2]); // prettier-ignore
  assert.equal(indexNear([], 3), 0);
});
