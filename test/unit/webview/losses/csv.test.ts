// The tables of every tab, cell by cell, of a small run whose every number is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LossHistory } from '../../../../src/messages/history.ts';
import type { EventRecord } from '../../../../src/runs/events.ts';
import { affinityCsv, gradientsCsv, lossesCsv, weightsCsv } from '../../../../webview/losses/csv.ts';

const names = ['=b', '10', 'a "b", c'];
type Row<T> = readonly [T, T, T];
const named = <T>(values: Row<T>): Record<string, T> => Object.fromEntries(names.map((name, at) => [name, values[at] as T])); // prettier-ignore
const at = (seq: number) => ({ v: 1 as const, seq, t: 500 + seq * 1000 });

const start: EventRecord = {
  ...{ v: 1, seq: 0, t: 500, kind: 'start', attempt: 1, stepsPerEpoch: 4, epochs: 3, strategy: 'static', seed: 0 },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  tasks: names.map((name) => ({ name, type: '', loss: '', metrics: [], primary: '', higherIsBetter: false })),
  parameters: { total: 0, shared: 0, byTask: {} },
  samples: { train: 0, validation: 0, test: 0, labelled: {} },
};
const step = (seq: number, number: number, losses: Row<number | 'NaN' | 'Infinity' | null>): EventRecord => ({
  ...{ ...at(seq), kind: 'step', step: number, steps: 1, epoch: 1, total: 10 + number, objective: 1, penalty: 0 },
  ...{ learningRate: 0.1, stepsPerSecond: 5, weights: named([1, 2, 3]), losses: named(losses) },
});
const gradients = (seq: number, number: number, observed: Record<string, readonly number[]>): EventRecord => ({
  ...{ ...at(seq), kind: 'gradients', step: number, tasks: ['10', '=b'], norms: [5, 2], observed },
  cosines: [
    [1, -0.5],
    [-0.5, 1],
  ],
});
const affinity = (seq: number, number: number, mean: number): EventRecord => ({
  ...{ ...at(seq), kind: 'affinity', step: number, tasks: names.slice(1), cosines: null },
  ...{ mean: [[9, mean], [0.5, 9]], sd: [[9, null], [0.25, 9]], n: [[9, 1], [2, 9]] }, // prettier-ignore
}) as unknown as EventRecord; // prettier-ignore

const history = new LossHistory();
history.append([
  start,
  step(1, 1, [8, null, 'NaN']),
  gradients(2, 1, { dwa: [1.5, 0.5] }),
  affinity(3, 1, 7),
  affinity(3, 2, 8),
  step(4, 2, ['Infinity', 3, 4]),
  {
    ...{ ...at(5), kind: 'epoch', epoch: 1, seconds: 1, train: { losses: named([9, 9, 9]), metrics: {} } },
    validation: { losses: named<number | string | null>([2.5, null, 'NaN']), metrics: {}, total: 1, skill: 0 },
  } as unknown as EventRecord,
  step(6, 3, [1, 1, 1]),
  gradients(7, 3, { dwa: [1.25, 0.75], mgda: [0.25, 0.125] }),
  affinity(8, 4, 0.75),
]);

const rows = (text: string): string[] => {
  assert.ok(text.endsWith('\r\n'));
  return text.slice(0, -2).split('\r\n');
};
const quoted = (rest: string): string => `"a ""b"", c ${rest}"`;

test('losses: what is absent is empty, what is no number says so', () => {
  assert.deepEqual(rows(lossesCsv(history)), [
    `step,epoch,seconds,total,learningRate,'=b train,'=b weight,'=b validation,10 train,10 weight,10 validation,${['train', 'weight', 'validation'].map(quoted).join(',')}`,
    '1,0.25,1,11,0.1,8,1,,,2,,NaN,3,',
    '2,0.5,4,12,0.1,Infinity,1,2.5,3,2,,4,3,NaN',
    '3,0.75,6,13,0.1,1,1,,1,2,,1,3,',
  ]);
});

test('weights, and what was observed at the steps where it was', () => {
  assert.deepEqual(rows(weightsCsv(history)), [
    `step,epoch,seconds,'=b weight,10 weight,${quoted('weight')},${['dwa', 'mgda'].map((name) => `${name} =b weight,${name} 10 weight,"${name} a ""b"", c weight"`).join(',')}`,
    '1,0.25,1,1,2,3,0.5,1.5,,,,',
    '2,0.5,4,1,2,3,,,,,,',
    '3,0.75,6,1,2,3,0.75,1.25,,0.125,0.25,',
  ]);
});

test('gradients: norms, cosines of every pair and observed weights', () => {
  assert.deepEqual(rows(gradientsCsv(history)), [
    `step,epoch,seconds,'=b norm,10 norm,${quoted('norm')},cosine =b · 10,"cosine =b · a ""b"", c","cosine 10 · a ""b"", c",${['dwa', 'mgda'].map((name) => `${name} =b weight,${name} 10 weight,"${name} a ""b"", c weight"`).join(',')}`,
    '1,0.25,2,2,5,,-0.5,,,0.5,1.5,,,,',
    '3,0.75,7,2,5,,-0.5,,,0.75,1.25,,0.125,0.25,',
  ]);
});

test('affinity: the last record, every ordered pair', () => {
  assert.deepEqual(rows(affinityCsv(history)), [
    'step,from,to,mean,sd,n',
    '4,10,"a ""b"", c",0.75,,1',
    '4,"a ""b"", c",10,0.5,0.25,2',
  ]);
  assert.deepEqual(rows(affinityCsv(new LossHistory())), ['step,from,to,mean,sd,n']);
});

test('a name that a table program would take for a formula is defused', () => {
  for (const sign of ['=', '+', '-', '@']) {
    const [name, one] = [`${sign}x`, new LossHistory()];
    one.append([{ ...start, tasks: [{ ...start.tasks[0], name }] } as EventRecord]);
    assert.match(lossesCsv(one), new RegExp(`,'\\${sign}x train,`));
  }
});
