/** The loss of one sample of several columns, over those that have a number. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnSample } from '../../../../../src/trainer/tasks/losses/columns.ts';

const squares = (output: number): number => (output + 1) ** 2;

test('the mean over all columns; one with a gap counts neither in the loss nor in the weight', () => {
  assert.deepEqual(columnSample(3, squares, undefined), { loss: 14 / 3, weight: 1 });
  assert.deepEqual(columnSample(3, squares, [1, 1, 1]), { loss: 14 / 3, weight: 1 });
  assert.deepEqual(columnSample(3, squares, [0, 1, 1]), { loss: 13 / 3, weight: 2 / 3 });
  assert.deepEqual(columnSample(3, squares, [1, 0, 0]), { loss: 1 / 3, weight: 1 / 3 });
  assert.deepEqual(columnSample(3, squares, [0, 0, 0]), { loss: 0, weight: 0 });
});

test('several outputs of one column share its gap', () => {
  assert.deepEqual(columnSample(4, squares, [0, 1]), { loss: (9 + 16) / 4, weight: 0.5 });
  assert.deepEqual(columnSample(4, squares, [1, 0]), { loss: (1 + 4) / 4, weight: 0.5 });
  assert.deepEqual(columnSample(6, squares, [1, 0, 1]), { loss: (1 + 4 + 25 + 36) / 6, weight: 4 / 6 });
});
