// Differences to a reference, and which is best: a missing value is none, and 0 is one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideReference } from '../../../src/common/beside.ts';

const deltas = (values: readonly (number | null)[], reference: number, higher = true) =>
  besideReference(values, reference, higher).map(({ delta }) => delta);
const best = (values: readonly (number | null)[], higher = true) =>
  besideReference(values, 0, higher).map((one) => one.best);

test('the difference is that to the reference; none where one of both has no value, and none to itself', () => {
  assert.deepEqual(deltas([1, 0, null, 3], 0), [null, -1, null, 2]);
  assert.deepEqual(deltas([null, 0, 3], 0), [null, null, null]);
  assert.deepEqual(deltas([2, 2], 1), [0, null]);
});

test('the best goes by the direction of the metric, all that are as good, and nobody where all have the same', () => {
  assert.deepEqual(best([1, 3, 3, null]), [false, true, true, false]);
  assert.deepEqual(best([1, 0, null], false), [false, true, false]);
  assert.deepEqual(best([2, 2, null]), [false, false, false]);
  assert.deepEqual(best([null, 2]), [false, false], 'one value alone is compared with nothing');
  assert.deepEqual(best([null, null]), [false, false]);
});
