import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LossHistory } from '../../../src/messages/history.ts';
import { smooth } from '../../../src/messages/smooth.ts';
import { NumberColumn } from '../../../src/messages/columns.ts';
import type { EventRecord } from '../../../src/runs/events.ts';
import { lossesCsv } from '../../../webview/losses/csv.ts';
import { chartData, lowerBound } from '../../../webview/charts/series.ts';

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
  // A step without a number says nothing; the others around it do.
  assert.equal(losses((index) => (index % 2 === 0 ? NaN : index)).now()[0]?.trend, 1);
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

const other = (kind: 'best' | 'warning' | 'end' | 'progress', seq: number): EventRecord =>
  ({ v: 1, seq, t: seq * 1000, kind, ...(kind === 'end' ? { status: 'completed', seconds: 1 } : {}) }) as EventRecord;

test('everything that is recorded has its place, and its time since the first record', () => {
  const history = historyOf(
    { ...start(0), t: 5000 },
    other('progress', 6),
    step(7, 5, [1, 2, 3]),
    epoch(8, [4, 5, 6]),
    other('best', 9),
    other('warning', 10),
    other('end', 11),
  );
  const { steps, epochs, best, warnings, end, progress } = history;
  const row = [steps.seq, steps.step, steps.epoch, steps.seconds, steps.total, steps.learningRate];
  assert.deepEqual(row.map((column) => column.last()), [7, 5, 0.5, 2, 1, 0.1]); // prettier-ignore
  assert.deepEqual(steps.weights.map((column) => column.last()), [1, 2, 3]); // prettier-ignore
  assert.deepEqual([epochs[0]?.seq, epochs[0]?.step, epochs[0]?.seconds], [8, 5, 3]);
  assert.deepEqual([best?.seq, warnings[0]?.seq, end?.seq, progress?.seq], [9, 10, 11, 6]);
  assert.deepEqual([history.points, history.stepsPerSecond], [1, 5]);
  const two = historyOf(start(0), other('warning', 1), other('warning', 2));
  assert.deepEqual(two.warnings.map((one) => one.seq), [1, 2]); // prettier-ignore
  const once = { ...start(0), stepsPerEpoch: 1 } as EventRecord;
  assert.equal(historyOf(once, step(1, 5, [1, 1, 1])).steps.epoch.last(), 5, 'of one step an epoch each is one');
});

test('a resume keeps what came up to its checkpoint, of every kind; the end and the progress are void', () => {
  const before = [start(0), step(1, 1, [1, 'NaN', 1]), epoch(2, [1, 1, 1]), other('best', 3), other('warning', 4)];
  const after = [
    step(5, 2, ['NaN', 2, 2]),
    epoch(6, [2, 2, 2]),
    other('warning', 7),
    other('progress', 8),
    other('end', 9),
  ];
  const resumed = historyOf(...before, ...after, start(10, { step: 1, epoch: 0, seq: 4 }));
  assert.deepEqual([...resumed.steps.seq.values()], [1]);
  assert.deepEqual(resumed.steps.notFinite, [[0, 1]]);
  assert.deepEqual(resumed.epochs.map(({ seq }) => seq), [2]); // prettier-ignore
  assert.deepEqual(resumed.warnings.map(({ seq }) => seq), [4]); // prettier-ignore
  assert.deepEqual(
    [resumed.best?.seq, resumed.end, resumed.progress, resumed.start?.resumedFrom?.step],
    [3, null, null, 1],
  );
  assert.equal(historyOf(...before, start(10, { step: 1, epoch: 0, seq: 2 })).best, null);
  // The record that the checkpoint stands at is kept, of whatever kind it is.
  const affinity = { ...other('warning', 1), kind: 'affinity' } as unknown as EventRecord;
  const at = (...records: EventRecord[]): LossHistory =>
    historyOf(...records, start(10, { step: 1, epoch: 0, seq: 1 }));
  assert.equal(at(start(0), step(1, 1, [1, 1, 1]), step(2, 2, [2, 2, 2])).points, 1);
  assert.equal(at(start(0), epoch(1, [1, 1, 1])).epochs.length, 1);
  assert.equal(at(start(0), other('best', 1)).best?.seq, 1);
  assert.equal(at(start(0), affinity).affinity.length, 1);
  assert.equal(at(start(0)).points, 0);
  assert.deepEqual(historyOf(other('warning', 0), start(1)).warnings, []);
  const later = { ...step(11, 3, [7, 7, 7]), total: 21, learningRate: 0.5 } as EventRecord;
  const goesOn = historyOf(...before, ...after, start(10, { step: 1, epoch: 0, seq: 4 }), later);
  const { seq, step: number, epoch: share, seconds, total, learningRate } = goesOn.steps;
  const columns = [seq, number, share, seconds, total, learningRate];
  assert.deepEqual(columns.map((column) => [...column.values()][1]), [11, 3, 0.3, 11, 21, 0.5]); // prettier-ignore
  // From the beginning nothing is kept, nor where the tasks are others.
  const anew = historyOf(...before, ...after, start(10));
  assert.deepEqual([anew.points, anew.epochs, anew.warnings, anew.best], [0, [], [], null]);
  const fewer = start(10, { step: 1, epoch: 0, seq: 4 }) as Extract<EventRecord, { kind: 'start' }>;
  const cut = historyOf(...before, { ...fewer, tasks: fewer.tasks.slice(1) });
  assert.deepEqual([cut.points, cut.steps.losses.length, cut.gradients.tasks], [0, 2, ['10', '2']]);
});

test('a loss that is long gone is not the latest: the epoch’s is', () => {
  const absent = (count: number): LossHistory =>
    historyOf(
      start(0),
      step(1, 1, [4, 1, 1]),
      ...Array.from({ length: count }, (_, index) => step(index + 2, index + 2, [null, 1, 1])),
      epoch(count + 2, [1, 1, 1]),
    );
  assert.equal(absent(198).now()[0]?.train, 4);
  assert.equal(absent(199).now()[0]?.train, 9);
  assert.deepEqual(historyOf(start(0)).now()[0], {
    ...{ train: null, validation: null, weight: null, share: null, effective: null, gradientShare: null, trend: 0 },
  });
  // One that is no number is the latest, too, also before the first.
  assert.ok(Number.isNaN(historyOf(start(0), step(1, 1, ['NaN', 1, 1]), step(2, 2, [null, 1, 1])).now()[0]?.train));
  assert.equal(historyOf(start(0), step(1, 1, ['NaN', 1, 1]), step(2, 2, [3, 1, 1])).now()[0]?.train, 3);
});

test('the weights of the spec stand in where none are recorded; a share is one of what is finite', () => {
  const history = new LossHistory([['2', 0.5], ['b', 4]]); // prettier-ignore
  const bare = { ...step(1, 1, [2, 3, 4]), weights: null } as EventRecord;
  history.append([start(0), bare]);
  assert.deepEqual(history.now().map(({ weight, effective }) => [weight, effective]), [[4, null], [null, null], [0.5, null]]); // prettier-ignore
  assert.deepEqual(history.now().map(({ share }) => share), [0.8, null, 0.2]); // prettier-ignore
  const broken = historyOf(start(0), step(1, 1, ['NaN', 1, 1]));
  assert.deepEqual(broken.now().map(({ share }) => share), [null, 0.4, 0.6]); // prettier-ignore
  const nothing = historyOf(start(0), step(1, 1, [0, 0, 0]));
  assert.deepEqual(nothing.now().map(({ share }) => share), [null, null, null]); // prettier-ignore
});

test('a trend compares tenths: of few points the last two, of many fifty each', () => {
  const trend = (losses: readonly (number | null)[]): unknown =>
    historyOf(start(0), ...losses.map((loss, index) => step(index + 1, index + 1, [loss, 1, 1]))).now()[0]?.trend;
  assert.equal(trend([5]), 0);
  assert.equal(trend([9, 1, 2]), 1);
  assert.equal(trend([1, 9, 2]), -1);
  assert.equal(trend([1, 100, 101]), 0, 'a hundredth is flat');
  assert.equal(trend([1, 100, 101.1]), 1);
  assert.equal(trend([1, 100, 98.9]), -1);
  assert.equal(trend([1, 0, 0.005]), 1, 'beside nothing everything is a change');
  assert.equal(trend([2, null, 1]), 0, 'with nothing before there is no trend');
  // Of 20 points two and two: 3 before, 2 after; the last of all rises.
  assert.equal(trend([...Array.from({ length: 16 }, () => 0), 4, 2, 1, 3]), -1);
  // Of 1000 points fifty and fifty.
  const long = Array.from({ length: 1000 }, (_, index) => (index >= 950 ? 2 : index >= 900 ? 3 : 0));
  assert.equal(trend(long), -1);
});
