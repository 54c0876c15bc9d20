/** Metrics of numbers: what is undefined is null and told, columns without a number are named, crossings are counted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../../src/common/checks.ts';
import { RegressionSums } from '../../../../../src/trainer/tasks/metrics/regression.ts';
import { BoxSums } from '../../../../../src/trainer/tasks/metrics/box.ts';
import { ClassificationSums } from '../../../../../src/trainer/tasks/metrics/classification.ts';
import type { MetricSums } from '../../../../../src/trainer/tasks/metrics/contract.ts';

const told = (sums: MetricSums): unknown => sums.result().warnings.map(({ code, metric }) => [code, metric]);

test('each sum starts anew from a saved state, whatever was summed before', () => {
  const makers: readonly (readonly [string, () => MetricSums, (sums: MetricSums, far: boolean) => void])[] = [
    [
      'regression',
      () =>
        new RegressionSums({ metrics: ['mae', 'rmse', 'mse', 'r2', 'pinball'], columns: ['a'], quantiles: [0.1, 0.9] }),
      (sums, far) =>
        sums.update(far ? [9, 1, 5, 4] : [1, 2, 3, 4, 2, 1], far ? [50, 60] : [1, 3.5, 4], far ? [1, 1] : [1, 1, 1]),
    ],
    [
      'box',
      () => new BoxSums({ metrics: ['meanIoU', 'iou50', 'mse'], toOriginal: (corners) => Array.from(corners) }),
      (sums, far) => sums.update(far ? [0, 0, 0.1, 0.1] : [0, 0, 1, 1], far ? [0.5, 0.5, 1, 1] : [0, 0, 1, 0.6], [1]),
    ],
    [
      'classification',
      () =>
        new ClassificationSums({
          metrics: ['accuracy', 'topK', 'macroF1', 'rocAuc', 'logLoss'],
          classes: ['a', 'b', 'c'],
          k: 2,
        }),
      (sums, far) =>
        sums.update(
          far ? [0.1, 0.2, 0.7, 0.1, 0.2, 0.7] : [0.7, 0.2, 0.1, 0.2, 0.5, 0.3],
          far ? [0, 0] : [0, 2],
          [1, 1],
        ),
    ],
  ];
  for (const [name, make, feed] of makers) {
    const [fresh, used] = [make(), make()];
    feed(fresh, false);
    feed(used, true);
    used.restore(JSON.parse(JSON.stringify(fresh.state())) as Json);
    const plain = (sums: MetricSums): unknown => {
      const { values, warnings, details } = sums.result();
      return JSON.parse(JSON.stringify([[...values], warnings, details, sums.state()]));
    };
    assert.deepEqual(plain(used), plain(fresh), name);
  }
});

test('a sample without a label counts nowhere, and hides none of those after it', () => {
  const result = (sums: MetricSums): unknown => {
    const { values, warnings, details } = sums.result();
    return JSON.parse(JSON.stringify([[...values], warnings, details, sums.state()]));
  };
  const numbers = (): MetricSums => new RegressionSums({ metrics: ['mae', 'rmse', 'r2'], columns: ['a'] });
  const [alone, between] = [numbers(), numbers()];
  alone.update([1, 2, 4], [1, 3, 3], [1, 1, 1]);
  between.update([9, 1, 9, 2, 4], [0, 1, 0, 3, 3], [0, 1, 0, 1, 1]);
  assert.deepEqual(result(between), result(alone));
  const classes = (answers: 'classes' | 'probabilities'): MetricSums =>
    new ClassificationSums({
      metrics: answers === 'classes' ? ['accuracy', 'macroF1'] : ['accuracy', 'topK', 'rocAuc', 'logLoss'],
      ...{ answers, classes: ['a', 'b', 'c'], k: 2 },
    });
  const [few, more] = [classes('probabilities'), classes('probabilities')];
  few.update([0.7, 0.2, 0.1, 0.2, 0.5, 0.3], [0, 2], [1, 1]);
  more.update([0, 0, 1, 0.7, 0.2, 0.1, 0, 1, 0, 0.2, 0.5, 0.3], [0, 0, 0, 2], [0, 1, 0, 1]);
  assert.deepEqual(result(more), result(few));
  const [two, four] = [classes('classes'), classes('classes')];
  two.update([0, 1], [0, 2], [1, 1]);
  four.update([2, 0, 1, 1], [0, 0, 0, 2], [0, 1, 0, 1]);
  assert.deepEqual(result(four), result(two));
});

test('quantiles that cross are counted by sample, whatever the order of the levels, and told', () => {
  const sums = (columns: readonly string[], quantiles = [0.1, 0.5, 0.9]): RegressionSums =>
    new RegressionSums({ metrics: ['pinball'], columns, quantiles });
  const one = sums(['a']);
  // Equal levels do not cross; of three samples one crosses.
  one.update([1, 1, 2, 3, 2, 4, 0, 1, 2], [1, 1, 1], [1, 1, 1]);
  assert.equal(one.result().details['crossings'], 1);
  assert.deepEqual(one.result().warnings, [
    {
      code: 'quantiles-cross',
      metric: 'pinball',
      message: {
        en: 'The predicted quantiles cross in 1 of 3 samples.',
        zh: '3 个样本中有 1 个的预测分位数发生交叉。',
      },
    },
  ]);
  // Written from high to low they fall.
  const falling = sums(['a'], [0.9, 0.1]);
  falling.update([3, 1, 1, 1, 1, 3], [1, 1, 1], [1, 1, 1]);
  assert.equal(falling.result().details['crossings'], 1);
  const none = sums(['a']);
  none.update([2, 1, 0], [1], [0]);
  assert.deepEqual(told(none), [['metric-undefined', 'pinball']]);
  // A point prediction has none.
  const point = new RegressionSums({ metrics: ['mae'], columns: ['a'] });
  point.update([1], [2], [1]);
  assert.deepEqual(point.result().details, {});
});

test('a sample whose quantiles cross in one column still counts in the columns after it', () => {
  const sums = new RegressionSums({ metrics: ['mae', 'pinball'], columns: ['a', 'b'], quantiles: [0.25, 0.75] });
  // The first column crosses in the first sample; the second column is off by 2 there and right in the second.
  sums.update([2, 1, 3, 3, 1, 1, 5, 5], [2, 5, 1, 5], [1, 1]);
  const { values, details } = sums.result();
  // The point is the lower level: |2 − 2|, |1 − 1| and |5 − 3|, |5 − 5|.
  assert.equal(values.get('mae'), (0 + 1) / 2);
  // Column a: (0 + .75 · 1) / 2 levels over 2 samples; column b: (.25 · 2 + .75 · 2) / 2 over 2.
  assert.equal(values.get('pinball'), ((0.75 / 2 + 0) / 2 + (2 / 2 + 0) / 2) / 2);
  assert.equal(details['crossings'], 1);
});

test('the point prediction is the level one half, else the middle one, the lower of two', () => {
  const error = (quantiles: readonly number[]): number => {
    const sums = new RegressionSums({ metrics: ['mae'], columns: ['a'], quantiles });
    // Level i predicts i.
    sums.update(
      quantiles.map((_, at) => at),
      [0],
      [1],
    );
    return sums.result().values.get('mae') ?? NaN;
  };
  assert.equal(error([0.1, 0.2, 0.5]), 2);
  assert.equal(error([0.5, 0.9]), 0);
  assert.equal(error([0.1, 0.2, 0.3]), 1);
  assert.equal(error([0.1, 0.2, 0.3, 0.4]), 1);
});

test('r² of a target that varies by rounding alone is undefined, whatever its other columns do', () => {
  const sums = new RegressionSums({ metrics: ['r2'], columns: ['a', 'b'] });
  sums.update([1, 5, 2, 5], [1, 5, 2, 5], [1, 1]);
  assert.equal(sums.result().values.get('r2'), null);
  assert.deepEqual(told(sums), [['metric-undefined', 'r2']]);
  const varies = new RegressionSums({ metrics: ['r2'], columns: ['a'] });
  // Spread 2 around 5, squares 1 and 1.
  varies.update([5, 5], [4, 6], [1, 1]);
  assert.equal(varies.result().values.get('r2'), 0);
});

test('quantiles cross however little one lies beyond the other; far apart in the right order they do not', () => {
  const crossings = (quantiles: readonly number[], predicted: readonly number[]): unknown => {
    const sums = new RegressionSums({ metrics: ['pinball'], columns: ['a'], quantiles });
    sums.update(predicted, [0], [1]);
    return sums.result().details['crossings'];
  };
  assert.deepEqual([[0.5, 0.4], [0.4, 0.5], [-9, 9]].map((values) => crossings([0.25, 0.75], values)), [1, 0, 0]); // prettier-ignore
  assert.deepEqual([[0.5, 0.4], [0.4, 0.5], [9, -9]].map((values) => crossings([0.75, 0.25], values)), [0, 1, 0]); // prettier-ignore
});
