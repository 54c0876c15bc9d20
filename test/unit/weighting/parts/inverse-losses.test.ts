/** Inverses of losses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inverse } from '../../../../src/weighting/parts/inverse-losses.ts';

test('a loss of 0, or below it, has a finite inverse', () => {
  assert.deepEqual(inverse([4, 0.5, 1e-20]), [0.25, 2, 1 / 1e-20]);
  assert.deepEqual(inverse([0, -3, 1e-31]), [1 / 1e-30, 1 / 1e-30, 1 / 1e-30]);
  assert.ok(inverse([0]).every(Number.isFinite));
});
