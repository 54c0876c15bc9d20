import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LossHistory, smooth } from '../../../src/messages/history.ts';
import { NumberColumn } from '../../../src/messages/columns.ts';
import type { EventRecord } from '../../../src/runs/events.ts';
import { lossesCsv } from '../../../webview/losses/csv.ts';
import { chartData, lowerBound } from '../../../webview/losses/series.ts';

const names = ['b', '10', '2'];
const named = <T>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(names.map((name, index) => [name, values[index] as T]));

const start = (seq: number, resumedFrom?: { step: number; epoch: number; seq: number }): EventRecord => ({
  ...{ v: 1, seq, t: 0, kind: 'start', attempt: 1, stepsPerEpoch: 10, epochs: 3, strategy: 'static', seed: 0 },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  tasks: names.map((name) => ({ name, type: '', loss: '', metrics: [], primary: '', higherIsBetter: false })),
  parameters: { total: 0, shared: 0, byTask: {} },
  samples: { train: 0, validation: 0, test: 0, labelled: {} },
  ...(resumedFrom ? { resumedFrom } : {}),
});

const step = (
  seq: number,
  number: number,
  losses: readonly (number | 'NaN' | null)[],
  t = seq * 1000,
): EventRecord => ({
  ...{ v: 1, seq, t, kind: 'step', step: number, steps: 1, epoch: 1, total: 1, objective: 1, penalty: 0 },
  ...{ learningRate: 0.1, stepsPerSecond: 5, weights: named([1, 2, 3]), losses: named(losses) },
});

const epoch = (seq: number, losses: readonly number[]): EventRecord => ({
  ...{ v: 1, seq, t: seq * 1000, kind: 'epoch', epoch: 1, seconds: 1 },
  train: { losses: named([9, 9, 9]), metrics: {} },
  validation: { losses: named(losses), metrics: {}, total: 1, skill: 0 },
});

function historyOf(...records: EventRecord[]): LossHistory {
  const history = new LossHistory();
  history.append(records);
  return history;
}

test('keeps tasks in source order and shows the last known loss of an absent task', () => {
  const history = historyOf(start(0), step(1, 1, [1, 2, 3]), step(2, 2, [4, null, 6]), epoch(3, [7, 8, 9]));
  const now = history.now();
  assert.deepEqual(
    history.tasks.map(({ name }) => name),
    names,
  );
  assert.deepEqual(
    now.map(({ train }) => train),
    [4, 2, 6],
  );
  assert.deepEqual(
    now.map(({ validation }) => validation),
    [7, 8, 9],
  );
  const total = 4 * 1 + 2 * 2 + 6 * 3;
  assert.deepEqual(
    now.map(({ share }) => share),
    [4 / total, 4 / total, 18 / total],
  );
});

test('a resume drops exactly the records after the checkpoint it came from', () => {
  const history = historyOf(
    start(0),
    step(1, 1, [1, 1, 1]),
    step(2, 2, [2, 2, 2]),
    epoch(4, [5, 5, 5]),
    step(5, 3, ['NaN', 3, 3]),
    start(6, { step: 2, epoch: 1, seq: 3 }),
    step(7, 3, [4, 4, 4]),
  );
  assert.deepEqual([...history.steps.step.values()], [1, 2, 3]);
  assert.equal(history.steps.losses[0]?.last(), 4);
  assert.equal(history.epochs.length, 0);
  assert.deepEqual(history.steps.notFinite, []);
});

test('marks losses that are not finite', () => {
  const history = historyOf(start(0), step(1, 1, [1, 'NaN', 1]));
  assert.deepEqual(history.steps.notFinite, [[0, 1]]);
});

test('trend: falling, flat, rising', () => {
  const losses = (value: (index: number) => number): LossHistory =>
    historyOf(start(0), ...Array.from({ length: 40 }, (_, index) => step(index + 1, index + 1, [value(index), 1, 1])));
  assert.equal(losses((index) => 1 / (index + 1)).now()[0]?.trend, -1);
  assert.equal(losses(() => 1).now()[0]?.trend, 0);
  assert.equal(losses((index) => index).now()[0]?.trend, 1);
  // Losses below 0 (a log-likelihood) fall and rise as others do; a hundredth of the size is flat.
  assert.equal(losses((index) => -1 - index).now()[0]?.trend, -1);
  assert.equal(losses((index) => -100 + index).now()[0]?.trend, 1);
  assert.equal(losses((index) => -100 + index / 100).now()[0]?.trend, 0);
});

test('smoothing: raw at 0, constant stays constant, gaps stay gaps, within the range of what was seen', () => {
  const values = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(NaN)), {
    minLength: 1,
  });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 0.99, noNaN: true }), (raw, beta) => {
      const result = smooth(raw, beta);
      raw.forEach((value, index) => assert.equal(Number.isNaN(result[index]), Number.isNaN(value)));
      const seen = raw.filter((value) => !Number.isNaN(value));
      const slack = 1e-6 * Math.max(1, ...seen.map(Math.abs));
      for (const value of result) {
        if (Number.isNaN(value)) continue;
        assert.ok(value >= Math.min(...seen) - slack && value <= Math.max(...seen) + slack);
      }
    }),
  );
  assert.deepEqual([...smooth([3, 1, 2], 0)], [3, 1, 2]);
  // Bias-corrected exponential mean by hand: (0.5·0.5·1 + 0.5·3) / (1 − 0.25).
  assert.ok(Math.abs((smooth([1, 3], 0.5)[1] ?? 0) - 1.75 / 0.75) < 1e-12);
});

test('a column grows and shrinks', () => {
  const column = new NumberColumn();
  for (let value = 0; value < 5000; value++) column.push(value);
  assert.equal(column.length, 5000);
  assert.equal(column.at(4999), 4999);
  column.truncate(10);
  assert.equal(column.last(), 9);
  assert.ok(Number.isNaN(column.at(10)));
});

test('thinning keeps the first, the last and the extremes of every curve, in ascending x', () => {
  const spike = 777;
  const history = historyOf(
    start(0),
    ...Array.from({ length: 5000 }, (_, index) => step(index + 1, index + 1, [index === spike ? 100 : 1, 1, 1])),
  );
  const data = chartData(history, { axis: 'step', smoothing: 0, limit: 400 });
  assert.ok(data.x.length <= 400);
  assert.equal(data.x[0], 1);
  assert.equal(data.x.at(-1), 5000);
  assert.ok(data.x.includes(spike + 1));
  assert.equal(Math.max(...(data.tasks[0]?.raw ?? [])), 100);
  assert.ok(data.x.every((x, index) => index === 0 || x > (data.x[index - 1] ?? Infinity)));
});

test('validation stands at the last step of its epoch, also when thinned or zoomed', () => {
  const records = Array.from({ length: 100 }, (_, index) => step(index + 1, index + 1, [1, 1, 1]));
  const history = historyOf(start(0), ...records, epoch(101, [0.5, 0.6, 0.7]));
  const data = chartData(history, { axis: 'step', smoothing: 0, limit: 1000 });
  assert.equal(data.tasks[1]?.validation.at(-1), 0.6);
  assert.equal(data.tasks[1].validation.filter((value) => value !== null).length, 1);
});

test('CSV export quotes names and defuses formulas', () => {
  const history = historyOf(start(0), step(1, 1, [1, null, 3]), epoch(2, [4, 5, 6]));
  const [header, row] = lossesCsv(history).split('\r\n');
  assert.equal(
    header,
    'step,epoch,seconds,total,learningRate,b train,b weight,b validation,10 train,10 weight,10 validation,2 train,2 weight,2 validation',
  );
  assert.equal(row, '1,0.1,1,1,0.1,1,1,4,,2,5,3,3,6');
});

test('lowerBound is the first index that is not below', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 })), fc.integer({ min: -60, max: 60 }), (values, value) => {
      const sorted = [...values].sort((a, b) => a - b);
      const found = lowerBound(sorted, value);
      assert.ok(sorted.slice(0, found).every((each) => each < value));
      assert.ok(sorted.slice(found).every((each) => each >= value));
    }),
  );
});
