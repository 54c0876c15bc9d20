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

const plain = { metrics, toOriginal: (box: ArrayLike<number>) => Array.from(box) };

test('boxes apart in one direction alone have nothing in common; the union is that of both areas', () => {
  const iou = (guess: readonly number[], truth: readonly number[]): number | null | undefined => {
    const sums = new BoxSums(plain);
    sums.update(guess, truth, [1]);
    return sums.result().values.get('meanIoU');
  };
  const box = [1, 1, 3, 3];
  assert.equal(iou(box, box), 1);
  // Below, above, left and right of it.
  for (const other of [[1, 4, 3, 6], [1, -3, 3, 0], [-3, 1, 0, 3], [4, 1, 6, 3]]) assert.equal(iou(box, other), 0); // prettier-ignore
  // 1 of 4 + 6 − 1; the other around the one: 4 of 25; one on the border of the other.
  assert.equal(iou(box, [2, 2, 4, 5]), 1 / 9);
  assert.equal(iou([2, 2, 4, 5], box), 1 / 9);
  assert.equal(iou(box, [0, 0, 5, 5]), 4 / 25);
  assert.equal(iou(box, [1, 3, 3, 6]), 0);
  assert.equal(iou([1, 1, 1, 1], [2, 2, 2, 2]), 0, 'both are empty');
});

test('a resumed pass goes on with all its sums, and warns as an uninterrupted one', () => {
  const [box, near, far] = [
    [0, 0, 2, 2],
    [0, 0, 2, 1.5],
    [5, 5, 6, 6],
  ];
  const whole = new BoxSums(plain);
  whole.update([box, near, far, far].flat(), [box, box, box, box].flat(), [1, 1, 1, 1]);
  const first = new BoxSums(plain);
  first.update([box, near, far].flat(), [box, box, box].flat(), [1, 1, 1]);
  const second = new BoxSums(plain);
  second.restore(JSON.parse(JSON.stringify(first.state())) as ReturnType<BoxSums['state']>);
  second.update(far, box, [1]);
  const { values, warnings, details } = second.result();
  assert.deepEqual([values, warnings, details], Object.values(whole.result()));
  assert.deepEqual([values.get('meanIoU'), values.get('iou50'), details], [1.75 / 4, 0.5, { zeroOverlap: 0.5 }]);
  // ¼ (5² + 5² + 4² + 4²) twice, and ¼ · ½².
  assert.equal(values.get('mse'), (2 * 20.5 + 0.0625) / 4);
  const [warning] = warnings;
  assert.equal(warning?.metric, 'meanIoU');
  assert.match(warning.message.en, /^50 % of the predicted boxes do not touch their target/);
});

test('without a labeled row no metric has a value, and each says why', () => {
  const sums = new BoxSums(plain);
  sums.update([0, 0, 1, 1], [0, 0, 1, 1], [0]);
  const { values, warnings, details } = sums.result();
  assert.deepEqual([...values], metrics.map((metric) => [metric, null])); // prettier-ignore
  assert.deepEqual(warnings.map(({ metric }) => metric), metrics); // prettier-ignore
  assert.deepEqual(details, { zeroOverlap: 0 });
});
