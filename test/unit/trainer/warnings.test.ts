import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../../src/trainer/engine/types.ts';
import { evaluateSplit } from '../../../src/trainer/evaluation.ts';
import { csvOf, embeddedEngine, recordsOf, sampleRows, trainThrough, trial } from './training-helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const spec = {
  data: { source: 'rows.csv', inputs: { in: { type: 'number', from: ['a', 'b'] } } },
  network: { trunk: { input: 'in', layers: [{ type: 'dense', units: 3 }] } },
  tasks: {
    same: { type: 'regression', target: 'five', input: 'trunk', metrics: ['r2'] },
    spread: { type: 'regression', target: 'value', input: 'trunk', loss: 'quantile' },
  },
  training: { epochs: 3, batchSize: 16 },
};

test('a metric without a value is told once for each split, under the code alone, also for the last test', async () => {
  const { training, prepared, records, dispose } = await trial(spec, {
    'rows.csv': csvOf(sampleRows(60).map((row) => ({ ...row, five: 5 }))),
  });
  trainThrough(training);
  training.tellMetricWarnings(evaluateSplit(prepared.model, prepared.tasks, prepared.data.splits.test), 'test');
  const told = recordsOf(records, 'warning').filter(({ task, code }) => task === 'same' && code !== 'constant-target');
  assert.deepEqual(
    told.map(({ code, message }) => [code, /\((\w+) split\)$/.exec(message)?.[1]]),
    [['metric-undefined', 'train'], ['metric-undefined', 'validation'], ['metric-undefined', 'test']], // prettier-ignore
  );
  dispose();
});

test('counts that change from epoch to epoch make no new warning', async () => {
  const { training, records, dispose } = await trial(spec, {
    'rows.csv': csvOf(sampleRows(60).map((row) => ({ ...row, five: 5 }))),
  });
  for (const share of ['84 of 90', '12 of 90']) training.warn('quantiles-cross', `${share} cross.`, 'spread', 'train');
  training.warn('quantiles-cross', '3 of 9 cross.', 'spread', 'validation');
  training.warn('other', 'A.');
  training.warn('other', 'B.');
  training.warn('other', 'A.');
  assert.deepEqual(
    recordsOf(records, 'warning').map(({ message }) => message),
    ['84 of 90 cross.', '3 of 9 cross.', 'A.', 'B.'],
  );
  assert.deepEqual(
    training.warnings().map(({ code, task, message }) => [code, task, message]),
    [
      ['quantiles-cross', 'spread', '84 of 90 cross.'],
      ['quantiles-cross', 'spread', '3 of 9 cross.'],
      ['other', undefined, 'A.'],
      ['other', undefined, 'B.'],
    ],
  );
  dispose();
});
