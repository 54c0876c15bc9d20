/** Vectors of double precision, by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doubleVectors } from '../../../../src/weighting/parts/vectors.ts';

const [a, b] = [Float64Array.of(3, -4, 0), Float64Array.of(1, 2, 5)];

test('every operation of the vector space', () => {
  assert.deepEqual(doubleVectors.zeros(a), Float64Array.of(0, 0, 0));
  assert.deepEqual(doubleVectors.combine([2, -1], [a, b]), Float64Array.of(5, -10, -5));
  assert.equal(doubleVectors.norm(a), 5);
  assert.equal(doubleVectors.dot(a, b), -5);
  assert.equal(doubleVectors.sum(b), 8);
  assert.deepEqual(
    doubleVectors.map((x, y) => x - 10 * y, a, b),
    Float64Array.of(-7, -24, -50),
  );
  // What gets the entries may change them: those of the vectors stay.
  const largest = doubleVectors.across((entries) => entries.sort().at(-1) ?? NaN, [a, b]);
  assert.deepEqual(largest, Float64Array.of(3, 2, 5));
  assert.deepEqual([a, b], [Float64Array.of(3, -4, 0), Float64Array.of(1, 2, 5)]);
});

test('no vectors have no entries', () => {
  assert.equal(doubleVectors.combine([], []).length, 0);
  assert.equal(doubleVectors.map(() => 1).length, 0);
  assert.equal(doubleVectors.across(() => 1, []).length, 0);
});
