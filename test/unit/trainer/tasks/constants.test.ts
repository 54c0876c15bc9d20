/** Best constants and the searches for them, against closed forms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  columnOf,
  constantLoss,
  convexMinimum,
  hasLabels,
  patternSearch,
  weightedMean,
  weightedQuantile,
  weightsInColumn,
} from '../../../../src/trainer/tasks/constants.ts';
import { lossNamed } from '../resolved.ts';

test('means and quantiles by weight; of nothing they are unknown', () => {
  assert.equal(weightedMean([1, 5, 100], [1, 3, 0]), 4);
  assert.ok(Number.isNaN(weightedMean([1], [0])));
  const [values, weights] = [[3, 1, 2, 100], [1, 2, 1, 0]]; // prettier-ignore
  // Ascending 1, 1, 2, 3: half of the weight is reached at 1, three quarters at 2.
  assert.deepEqual([0, 0.5, 0.51, 0.75, 0.76, 1].map((level) => weightedQuantile(values, weights, level)), [1, 1, 2, 2, 3, 3]); // prettier-ignore
  assert.ok(Number.isNaN(weightedQuantile([1], [0], 0.5)));
});

test('the minimum of a convex function, inside and at either end', () => {
  for (const at of [-3, 0.25, 7]) assert.ok(Math.abs(convexMinimum((x) => (x - at) ** 2, -10, 10) - at) < 1e-6);
  assert.ok(Math.abs(convexMinimum((x) => x, -2, 5) + 2) < 1e-6);
  assert.ok(Math.abs(convexMinimum((x) => -x, -2, 5) - 5) < 1e-6);
  assert.ok(Math.abs(convexMinimum((x) => Math.abs(x - 1), 0, 4) - 1) < 1e-6);
});

test('the pattern search goes up and down in every coordinate, in steps of its own', () => {
  const goal = [0.75, -1.25, 2];
  const bowl = (x: readonly number[]): number => x.reduce((sum, value, at) => sum + (value - (goal[at] ?? 0)) ** 2, 0);
  const start = [0, 0, 5];
  const found = patternSearch(bowl, start);
  found.forEach((value, at) => assert.ok(Math.abs(value - (goal[at] ?? NaN)) <= 1e-4, String(found)));
  assert.deepEqual(start, [0, 0, 5]);
  // Steps of 1 and of ½ only: the nearest half.
  assert.deepEqual(
    patternSearch((x) => Math.abs((x[0] ?? 0) - 1.4), [0], { largest: 1, smallest: 0.5 }),
    [1.5],
  );
  // A step as small as the smallest is tried; nothing is moved where nothing is better.
  assert.deepEqual(
    patternSearch((x) => Math.abs((x[0] ?? 0) - 1), [0], { largest: 1, smallest: 1 }),
    [1],
  );
  assert.deepEqual(
    patternSearch((x) => Math.abs((x[0] ?? 0) - 1), [0], { largest: 0.5, smallest: 1 }),
    [0],
  );
  assert.deepEqual(
    patternSearch(() => 3, [4, 5]),
    [4, 5],
  );
});

test('columns of rows; weights without the rows that lack the column’s number; whether there is a label', () => {
  assert.deepEqual([...columnOf([1, 2, 3, 4, 5, 6], 3, 1)], [2, 5]);
  assert.deepEqual([...columnOf([1, 2, 3], 2, 0)], [1]);
  const weights = [1, 2, 3];
  assert.equal(weightsInColumn({ weights }, 2, 1), weights);
  assert.deepEqual([...Array.from(weightsInColumn({ weights, present: [1, 1, 1, 0, 0, 1] }, 2, 1))], [1, 0, 3]);
  assert.deepEqual([hasLabels([0, 0.5]), hasLabels([0, 0]), hasLabels([])], [true, false, false]);
});

test('the loss of one raw prediction for all rows: by weight, rows without one and missing numbers left out', () => {
  const loss = lossNamed('regression', 'mse', {}, { width: 2 });
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), (a, b) => {
      const targets = [1, 2, 3, 4, NaN, NaN];
      const mean = (a - 1) ** 2 + (b - 2) ** 2 + 3 * ((a - 3) ** 2 + (b - 4) ** 2);
      const found = constantLoss(loss, [a, b], [2], { targets, weights: [1, 3, 0] });
      assert.ok(Math.abs(found - mean / 2 / 4) < 1e-12);
    }),
  );
});
