import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  byCause,
  isUnlabeled,
  undefinedBecause,
  unlabeled,
} from '../../../../../src/trainer/tasks/metrics/warnings.ts';

const crossing = { code: 'quantiles-cross', metric: 'pinball', message: { en: 'They cross.', zh: '交叉。' } } as const;

test('metrics that lack the same thing are told in one sentence, at the place of the first', () => {
  const told = byCause([
    unlabeled('mae'),
    crossing,
    undefinedBecause('r2', 'the target does not vary', '目标没有变化'),
    unlabeled('rmse'),
    unlabeled('mse'),
  ]);
  assert.deepEqual(
    told.map(({ code, metric, message }) => [code, metric, message.en, message.zh]),
    [
      [
        'metric-undefined',
        'mae rmse mse',
        'mae, rmse, mse are not defined here: no sample has a label.',
        'mae、rmse、mse 在此无定义：没有带标签的样本。',
      ],
      ['quantiles-cross', 'pinball', 'They cross.', '交叉。'],
      ['metric-undefined', 'r2', 'r2 is not defined here: the target does not vary.', 'r2 在此无定义：目标没有变化。'],
    ],
  );
});

test('only a missing label counts as one', () => {
  assert.equal(isUnlabeled(unlabeled('mae')), true);
  assert.equal(isUnlabeled(undefinedBecause('r2', 'the target does not vary', '目标没有变化')), false);
  assert.equal(isUnlabeled(crossing), false);
});
