/** Losses that are no finite numbers: marked in the chart, said in the table, kept in the export. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LossHistory } from '../../../../src/messages/history.ts';
import type { EventRecord, JsonNumber } from '../../../../src/runs/events.ts';
import { lossesCsv } from '../../../../webview/losses/csv.ts';
import { firstBroken, marksOf, wordOf } from '../../../../webview/charts/series.ts';
import { allTasks } from '../../../../webview/charts/source.ts';
import { lossesBelowLog, lossSource } from '../../../../webview/losses/sources.ts';
import { logNote, stringsFor } from '../../../../webview/losses/strings.ts';

const names = ['a', 'b'];
const named = (values: readonly (JsonNumber | null)[]): Record<string, JsonNumber | null> =>
  Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));

function historyOf(...records: readonly object[]): LossHistory {
  const history = new LossHistory();
  const start = {
    ...{ kind: 'start', attempt: 1, stepsPerEpoch: 10, epochs: 3, strategy: 'static', seed: 0 },
    engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
    tasks: names.map((name) => ({ name, type: '', loss: '', metrics: [], primary: '', higherIsBetter: false })),
    parameters: { total: 0, shared: 0, byTask: {} },
    samples: { train: 0, validation: 0, test: 0, labelled: {} },
  };
  history.append(
    [start, ...records].map((record, seq) => ({ v: 1, seq, t: 1000 * seq, ...record })) as unknown as EventRecord[],
  );
  return history;
}

const step = (number: number, losses: readonly (JsonNumber | null)[], total: JsonNumber = 1): object => ({
  ...{ kind: 'step', step: number, steps: 1, epoch: 1, total, objective: 1, penalty: 0 },
  ...{ learningRate: 0.1, stepsPerSecond: 5, weights: named([1, 1]), losses: named(losses) },
});

const epoch = (validation: readonly (JsonNumber | null)[]): object => ({
  ...{ kind: 'epoch', epoch: 1, seconds: 1 },
  train: { losses: named([9, 9]), metrics: {} },
  validation: { losses: named(validation), metrics: {}, total: 1, skill: 0 },
});

const diverging = [
  step(1, [1, 0]),
  step(2, [null, 'NaN'], 'NaN'),
  step(3, ['Infinity', null]),
  epoch(['-Infinity', 'NaN']),
  step(4, [2, null]),
];

test('the last value is told, not the last finite one; an absent task keeps what it had', () => {
  const now = historyOf(...diverging).now();
  assert.deepEqual(
    now.map(({ train }) => train),
    [2, NaN],
  );
  assert.deepEqual(
    now.map(({ validation }) => validation),
    [-Infinity, NaN],
  );
  // A share of what is no number is none.
  assert.equal(now[1]?.share, null);
  assert.equal(historyOf(step(1, [1, 1]), step(2, ['Infinity', 1])).now()[0]?.train, Infinity);
  assert.equal(historyOf(step(1, [1, 1]), epoch([null, 1])).now()[0]?.validation, null);
});

test('each place is marked with its word; the first step of each task is known', () => {
  const history = historyOf(...diverging);
  assert.deepEqual(marksOf(history, 'step', null), [
    { x: 2, task: 1, word: 'NaN' },
    { x: 3, task: 0, word: '∞' },
    { x: 3, task: 1, word: 'NaN' },
  ]);
  assert.deepEqual(
    [...firstBroken(history)],
    [
      ['b', { step: 2, word: 'NaN' }],
      ['a', { step: 3, word: '∞' }],
    ],
  );
  assert.deepEqual(marksOf(history, 'step', { from: 1, to: 2 }).length, 1);
  assert.deepEqual(marksOf(history, 'epoch', null).map(({ x }) => x), [0.2, 0.3, 0.3]); // prettier-ignore
  assert.deepEqual(marksOf(history, 'time', null).map(({ x }) => x), [2, 3, 3]); // prettier-ignore
  // How close is too close goes by how much is shown, not by where it is.
  const late = historyOf(...Array.from({ length: 11 }, (_, index) => step(1000 + index, [1, 'NaN'])));
  assert.equal(marksOf(late, 'step', null).length, 11);
  // An evaluation may break before the training does; an epoch without one says nothing.
  const evaluated = historyOf(step(1, [1, 1]), epoch([null, '-Infinity']), { ...epoch([]), validation: null }, step(2, [1, 'NaN'])); // prettier-ignore
  assert.deepEqual([...firstBroken(evaluated)], [['b', { step: 1, word: '−∞' }]]); // prettier-ignore
  assert.deepEqual(marksOf(evaluated, 'step', null).map(({ x }) => x), [1, 2]); // prettier-ignore
  assert.deepEqual(firstBroken(historyOf(step(1, [1, null]))).size, 0);
  assert.deepEqual([NaN, Infinity, -Infinity].map(wordOf), ['NaN', '∞', '−∞']);
});

test('a run that diverged long ago has some hundreds of marks, not one a step', () => {
  const steps = Array.from({ length: 5000 }, (_, index) => step(index + 1, [1, 'NaN']));
  const marks = marksOf(historyOf(...steps), 'step', null);
  assert.ok(marks.length > 100 && marks.length <= 201, String(marks.length));
  assert.equal(marks[0]?.x, 1);
});

test('the picture has gaps there, and marks', () => {
  const strings = stringsFor('en');
  const options = { axis: 'step', log: true, hidden: new Set<string>(), strings, smoothing: 0 } as const;
  const picture = lossSource(historyOf(...diverging), options).picture(100, null);
  assert.equal(picture.marks.length, 3);
  const [raw] = picture.curves.filter(({ task }) => task === 1);
  assert.deepEqual(Array.from(raw?.values ?? []), [0, NaN, NaN, NaN]);
  const source = lossSource(historyOf(...diverging), options);
  const readings = [0, 1, 3].map((index) => source.readings(picture, index)[1]?.values);
  assert.deepEqual(readings, [[0, 0, null], ['NaN', 'NaN', null], [null, null, null]]); // prettier-ignore
});

test('values that a log scale has no place for are counted: training and validation, of what is drawn', () => {
  const history = historyOf(step(1, [1, 0]), step(2, [-1, 0]), epoch([0, 1]), step(3, ['NaN', null]));
  assert.deepEqual(lossesBelowLog(history, new Set()), { zeros: 3, negative: 1 });
  assert.deepEqual(lossesBelowLog(history, new Set(['a'])), { zeros: 2, negative: 0 });
  const totals = historyOf(step(1, [1, 1], 0), step(2, [1, 1], -1), { ...epoch([1, 1]) });
  assert.deepEqual(lossesBelowLog(totals, new Set()), { zeros: 1, negative: 1 });
  assert.deepEqual(lossesBelowLog(totals, new Set([allTasks])), { zeros: 0, negative: 0 });
  const [en, zh] = [stringsFor('en'), stringsFor('zh-cn')];
  assert.equal(logNote(en, { zeros: 0, negative: 0 }), '');
  assert.equal(logNote(en, { zeros: 1, negative: 0 }), '1 zero not shown on the log scale.');
  assert.equal(logNote(en, { zeros: 4, negative: 1 }), '4 zeros and 1 negative value not shown on the log scale.');
  assert.equal(logNote(en, { zeros: 0, negative: 2 }), '2 negative values not shown on the log scale.');
  assert.equal(logNote(zh, { zeros: 0, negative: 0 }), '');
  assert.equal(logNote(zh, { zeros: 4, negative: 0 }), '对数坐标上不显示 4 个零。');
  assert.equal(logNote(zh, { zeros: 4, negative: 1 }), '对数坐标上不显示 4 个零和 1 个负值。');
  assert.equal(en.notFinite('b', 'NaN', 2), 'The loss of “b” is NaN, first at step 2.');
  assert.equal(zh.notFinite('b', 'NaN', 2), '“b”的损失为 NaN，最早出现于第 2 步。');
});

test('the export keeps them apart from what is absent', () => {
  const lines = lossesCsv(historyOf(...diverging))
    .trim()
    .split('\r\n');
  assert.equal(
    lines[0],
    'step,epoch,seconds,total,learningRate,a train,a weight,a validation,b train,b weight,b validation',
  );
  // Columns 3: total; 5, 7: a; 8, 10: b.
  const cells = lines.slice(1).map((line) => [3, 5, 7, 8, 10].map((place) => line.split(',')[place]));
  assert.deepEqual(cells, [
    ['1', '1', '', '0', ''],
    ['NaN', '', '', 'NaN', ''],
    ['1', 'Infinity', '-Infinity', '', 'NaN'],
    ['1', '2', '', '', ''],
  ]);
});
