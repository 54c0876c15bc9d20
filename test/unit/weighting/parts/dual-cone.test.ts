/** The Gram matrix as UPGrad and DualProj project with it, by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { regularized } from '../../../../src/weighting/parts/dual-cone.ts';

const gram = [
  [1, 2],
  [2, 3],
];

test('the matrix is divided by its trace, and the diagonal lifted', () => {
  assert.deepEqual(regularized(gram, { normEps: 0.1, regEps: 0.5 }), [
    [0.75, 0.5],
    [0.5, 1.25],
  ]);
});

test('a trace below the least one, and one of 0, counts as no gradients at all; one that equals it does not', () => {
  const none = [
    [0.5, 0],
    [0, 0.5],
  ];
  assert.deepEqual(regularized(gram, { normEps: 4.5, regEps: 0.5 }), none);
  assert.deepEqual(regularized(gram, { normEps: 4, regEps: 0.5 })[0], [0.75, 0.5]);
  assert.deepEqual(regularized([[0, 0], [0, 0]], { normEps: 0, regEps: 0.5 }), none); // prettier-ignore
});
