/** Box metrics by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoxSums } from '../../../../../src/trainer/tasks/metrics/box.ts';

const metrics = ['meanIoU', 'iou50', 'mse'] as const;

test('rows without a label are left out wherever they stand; a weight does not weigh', () => {
  const sums = new BoxSums({ metrics, toOriginal: (box) => Array.from(box, (value) => 10 * value) });
  const [half, corner] = [
    [0, 0, 0.5, 0.5],
    [0.5, 0.5, 1, 1],
  ];
  const predicted = [half, half, half, half, corner].flat();
  const target = [corner, half, corner, half, half].flat();
  sums.update(predicted, target, [0, 0.25, NaN, 1, 2]);
  const { values, details, warnings } = sums.result();
  // Two boxes as they are, one beside its truth: each of its four numbers is off by 5 units.
  assert.deepEqual([...values], [['meanIoU', 2 / 3], ['iou50', 2 / 3], ['mse', 25 / 3]]); // prettier-ignore
  assert.deepEqual(details, { zeroOverlap: 1 / 3 });
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['iou-dead'],
  );
});

test('an overlap of exactly one half is a hit, a fifth of boxes apart is no reason to warn', () => {
  const sums = new BoxSums({ metrics, toOriginal: (box) => Array.from(box) });
  // The guess is the left half of its truth.
  const [whole, left, elsewhere] = [
    [0, 0, 1, 1],
    [0, 0, 0.5, 1],
    [2, 2, 3, 3],
  ];
  sums.update([left, left, left, left, elsewhere].flat(), [whole, whole, whole, whole, whole].flat(), [1, 1, 1, 1, 1]);
  const { values, warnings } = sums.result();
  assert.equal(values.get('iou50'), 4 / 5);
  assert.equal(values.get('meanIoU'), 2 / 5);
  assert.deepEqual(warnings, []);
});
