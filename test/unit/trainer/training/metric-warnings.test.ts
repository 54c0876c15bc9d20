/** What the metrics of a split have to say, and of what they are silent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabelFacts } from '../../../../src/plan/plan.ts';
import { text } from '../../../../src/common/text.ts';
import type { PassResult } from '../../../../src/trainer/state/totals.ts';
import { unlabeled } from '../../../../src/trainer/tasks/metrics/warnings.ts';
import { metricWarnings, warnOfMetrics } from '../../../../src/trainer/training/metric-warnings.ts';

const undefinedMetric = { code: 'metric-undefined', metric: 'r2', message: text('No r2.', '无 r2。') } as const;
const results = new Map([['t', { values: new Map(), warnings: [undefinedMetric], details: {} }]]);
const pass: PassResult = { losses: new Map(), metrics: new Map(), results };

test('metrics speak for their task and split', () => {
  const [told, ...rest] = metricWarnings(pass, 'validation');
  assert.deepEqual(rest, []);
  assert.equal(told?.code, 'metric-undefined');
  assert.equal(told.task, 't');
  assert.equal(told.about, 'r2 validation');
  assert.equal(told.message.en, 'No r2. (validation split)');
  assert.match(told.message.zh, /^无 r2。（.+）$/);
});

test('they are silent where the task has no label that counts', () => {
  const count = { rows: 4, labeled: 2, weighted: 0 };
  const labels = new Map<string, LabelFacts>([['t', { train: count, validation: count, test: count }]]);
  const told: unknown[] = [];
  const warn = (...[code, , about]: [string, unknown, unknown?]): void => void told.push([code, about]);
  warnOfMetrics(warn, labels, pass, 'train', 'weighted');
  assert.deepEqual(told, []);
  warnOfMetrics(warn, labels, pass, 'test');
  warnOfMetrics(warn, undefined, pass, 'train', 'weighted');
  assert.deepEqual(told, [
    ['metric-undefined', { task: 't', about: 'r2 test' }],
    ['metric-undefined', { task: 't', about: 'r2 train' }],
  ]);
});

test('unless it is said otherwise every label counts; a task without any has been told of with the data', () => {
  const labels = (labeled: number, weighted: number): Map<string, LabelFacts> => {
    const count = { rows: 4, labeled, weighted };
    return new Map([['t', { train: count, validation: count, test: count }]]);
  };
  const told: unknown[] = [];
  const warn = (code: string): void => void told.push(code);
  warnOfMetrics(warn, labels(0, 0), pass, 'validation');
  assert.deepEqual(told, []);
  warnOfMetrics(warn, labels(1, 0), pass, 'validation');
  assert.deepEqual(told, ['metric-undefined']);
});

test('that a task has no label is left to the warnings of the data', () => {
  const both = new Map([['t', { values: new Map(), warnings: [unlabeled('mae'), undefinedMetric], details: {} }]]);
  assert.deepEqual(
    metricWarnings({ ...pass, results: both }, 'test').map(({ about }) => about),
    ['r2 test'],
  );
});
