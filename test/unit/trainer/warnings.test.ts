import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { text } from '../../../src/common/text.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { evaluateSplit } from '../../../src/trainer/training/evaluate-split.ts';
import { fallbackWarnings } from '../../../src/trainer/training/conclude.ts';
import { warningFields } from '../../../src/trainer/training/warnings.ts';
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
  training.tellMetrics(evaluateSplit(prepared.model, prepared.tasks, prepared.data.splits.test), 'test');
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
  const cross = (share: string, about: string): void =>
    training.warnings.warn('quantiles-cross', text(`${share} cross.`, `${share} 交叉。`), { task: 'spread', about });
  for (const share of ['84 of 90', '12 of 90']) cross(share, 'train');
  cross('3 of 9', 'validation');
  training.warnings.warn('other', text('A.', '甲。'));
  training.warnings.warn('other', text('B.', '乙。'), { severity: 'information' });
  training.warnings.warn('other', text('A.', '甲。'));
  assert.deepEqual(
    recordsOf(records, 'warning').map(({ message, zh }) => [message, zh]),
    [
      ['84 of 90 cross.', '84 of 90 交叉。'],
      ['3 of 9 cross.', '3 of 9 交叉。'],
      ['A.', '甲。'],
      ['B.', '乙。'],
    ],
  );
  assert.deepEqual(training.warnings.all().map(warningFields), [
    { code: 'quantiles-cross', message: '84 of 90 cross.', zh: '84 of 90 交叉。', task: 'spread' },
    { code: 'quantiles-cross', message: '3 of 9 cross.', zh: '3 of 9 交叉。', task: 'spread' },
    { code: 'other', message: 'A.', zh: '甲。' },
    { code: 'other', message: 'B.', zh: '乙。', severity: 'information' },
  ]);
  dispose();
});

test('engine-fallback: each operation that the engine lacks, with how often it ran elsewhere', () => {
  const found = fallbackWarnings(new Map([['MatrixBandPart', 3], ['Erf', 12]])); // prettier-ignore
  assert.deepEqual(
    found.map(({ code, message }) => [code, message.en, message.zh]),
    [
      ['engine-fallback', 'MatrixBandPart ran 3 times on the plain cpu backend: the engine lacks it.', 'MatrixBandPart 在普通 cpu 后端上运行了 3 次：引擎没有此运算。'],
      ['engine-fallback', 'Erf ran 12 times on the plain cpu backend: the engine lacks it.', 'Erf 在普通 cpu 后端上运行了 12 次：引擎没有此运算。'],
    ],
  ); // prettier-ignore
  assert.deepEqual(fallbackWarnings(new Map()), []);
});
