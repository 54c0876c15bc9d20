import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { isResumable, newestText, linesOf, linesOfResult, linesOfSplit, metricLabel, metricText, primaryMetrics, stateIcons, stateText, statusText } from '../../../../src/editor/runs/run-text.ts'; // prettier-ignore
import { LossHistory } from '../../../../src/messages/history.ts';
import { isLive, runStates, runStateTexts, type RunState } from '../../../../src/common/run-state.ts';
import type { EventRecord } from '../../../../src/runs/events.ts';

const t = (text: string): string => `«${text}»`;
const tasks = ['b', '10'];
const start: EventRecord = {
  ...{ v: 1, seq: 0, t: 0, kind: 'start', attempt: 1, stepsPerEpoch: 4, epochs: 5, strategy: 'static', seed: 0 },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  tasks: tasks.map((name) => ({ name, type: '', loss: '', metrics: [], primary: 'mae', higherIsBetter: false })),
  parameters: { total: 0, shared: 0, byTask: {} },
  samples: { train: 0, validation: 0, test: 0, labelled: {} },
};
const step: EventRecord = {
  ...{ v: 1, seq: 1, t: 1, kind: 'step', step: 1, steps: 1, epoch: 1, total: 12.345, objective: 1, penalty: 0 },
  ...{ learningRate: 0.1, stepsPerSecond: 5, weights: { b: 1, 10: 1 }, losses: { b: 12, 10: 0.345 } },
};
const epoch = (
  seq: number,
  at: number,
  validation: Record<string, Record<string, number | null>> | null,
): EventRecord => ({
  ...{ v: 1, seq, t: seq, kind: 'epoch', epoch: at, seconds: 1, train: { losses: { b: 1, 10: 1 }, metrics: {} } },
  validation: validation === null ? null : { losses: { b: 1, 10: 1 }, metrics: validation, total: 1, skill: 0 },
});
const end: EventRecord = {
  ...{ v: 1, seq: 9, t: 9, kind: 'end', status: 'completed', seconds: 1 },
  test: { losses: { b: 1, 10: 1 }, metrics: { b: { mae: 7 }, 10: { mae: 8 } } },
};
const of = (...records: EventRecord[]): LossHistory => {
  const history = new LossHistory();
  history.append(records);
  return history;
};

test('a state has the same word in the editor as in the terminal, in both languages', () => {
  const bundle = JSON.parse(
    fs.readFileSync(new URL('../../../../l10n/bundle.l10n.zh-cn.json', import.meta.url), 'utf8'),
  ) as Record<string, string>;
  for (const state of runStates) {
    const english = stateText((text) => text, state);
    assert.deepEqual({ en: english, zh: bundle[english] }, runStateTexts[state]);
  }
});

test('numbers: three digits, fewer the larger they are, a dash for none', () => {
  const texts: readonly (readonly [number | null, string])[] = [
    [null, '–'], [0.4512, '0.451'], [9.9994, '9.999'], [10, '10.00'], [-12.345, '-12.35'], [99.99, '99.99'],
    [100, '100.0'], [-248.06, '-248.1'], [NaN, 'NaN'], [Infinity, 'Infinity'], [-Infinity, '-Infinity'],
  ]; // prettier-ignore
  for (const [value, text] of texts) assert.equal(metricText(value), text);
  assert.equal(metricLabel({ task: 'b', metric: 'mae', value: 1.5 }, t), 'b «mae» 1.500');
});

test('primary metrics in the order of the tasks; a task without is left out, one without a value stands with a dash', () => {
  const asked = [{ name: '10', primary: 'f1' }, { name: 'b', primary: 'mae' }, { name: 'constructor', primary: 'name' }]; // prettier-ignore
  assert.deepEqual(primaryMetrics(asked, { b: { rmse: 1, mae: 2 }, 10: { f1: null } }), [
    { task: '10', metric: 'f1', value: null },
    { task: 'b', metric: 'mae', value: 2 },
  ]);
  assert.deepEqual(primaryMetrics(asked, { b: { rmse: 1 } }), []);
  assert.deepEqual(primaryMetrics(asked, undefined), []);
});

test('of a result the first metric of each task on the test split', () => {
  const result = (test: unknown): ReadonlyMap<string, unknown> => new Map([['splits', new Map([['test', test]])]]);
  const metrics = new Map<string, unknown>([['b', new Map<string, unknown>([['mae', 2], ['rmse', 3]])], ['10', new Map([['f1', null]])], ['none', new Map()], ['odd', 4]]); // prettier-ignore
  assert.deepEqual(linesOfResult(result(new Map([['metrics', metrics]]))), [
    { task: 'b', metric: 'mae', value: 2 },
    { task: '10', metric: 'f1', value: null },
  ]);
  for (const other of [null, new Map(), result(3), result(new Map())]) assert.deepEqual(linesOfResult(other), []);
});

test('of a result the metrics that are asked for, on the split that is asked for', () => {
  const split = (values: readonly (readonly [string, unknown])[]) => new Map([['metrics', new Map([['b', new Map(values)]])]]); // prettier-ignore
  const splits = new Map([
    ['validation', split([['mae', 2], ['rmse', 3]])],
    ['test', split([['mae', null], ['rmse', 5]])],
  ]); // prettier-ignore
  const result = new Map([['splits', splits]]);
  const asked = [{ task: 'b', metric: 'rmse' }, { task: 'b', metric: 'mae' }, { task: 'b', metric: 'r2' }, { task: '10', metric: 'mae' }]; // prettier-ignore
  const values = (of: 'validation' | 'test'): unknown => linesOfSplit(result, of, asked).map(({ task, metric, value }) => [task, metric, value]); // prettier-ignore
  assert.deepEqual(values('validation'), [['b', 'rmse', 3], ['b', 'mae', 2]]); // prettier-ignore
  assert.deepEqual(values('test'), [['b', 'rmse', 5], ['b', 'mae', null]]); // prettier-ignore
  assert.deepEqual(linesOfSplit(null, 'test', asked), []);
});

test('what is best known: test, else the latest validation with one, else losses of now', () => {
  const values = (history: LossHistory): unknown => linesOf(history).map(({ task, metric, value }) => [task, metric, value]); // prettier-ignore
  assert.deepEqual(values(of(start)), []);
  assert.deepEqual(values(of(start, step)), [['b', 'loss', 12], ['10', 'loss', 0.345]]); // prettier-ignore
  const trained = [start, step, epoch(2, 1, { b: { mae: 3 }, 10: { mae: 4 } }), epoch(3, 2, { b: { mae: 5 } })];
  assert.deepEqual(values(of(...trained)), [['b', 'mae', 5]]);
  assert.deepEqual(values(of(...trained, epoch(4, 3, null))), [['b', 'mae', 5]]);
  assert.deepEqual(values(of(...trained, end)), [['b', 'mae', 7], ['10', 'mae', 8]]); // prettier-ignore
  const one = { ...end, test: { losses: { b: 1 }, metrics: { b: { mae: 7 } } } };
  assert.deepEqual(values(of(...trained, one)), [['b', 'mae', 7]]);
});

test('every state has its word and its icon', () => {
  const states = Object.keys(stateIcons) as RunState[];
  assert.equal(states.length, 9);
  for (const state of states) assert.equal(stateText(t, state), state === 'idle' ? '«not started»' : `«${state}»`);
  // What is going on now is no last run.
  const newest = states.map((state) => newestText((text, word) => text.replace('{0}', String(word)), state));
  for (const [at, state] of states.entries()) {
    assert.equal(newest[at]?.startsWith('last run: '), !isLive(state) && state !== 'idle', newest[at]);
  }
  assert.ok(newest.includes('training now') && newest.includes('last run: failed'));
  assert.equal(new Set(Object.values(stateIcons)).size, 8);
  const { idle, stopped, failed, crashed } = stateIcons;
  assert.deepEqual([idle, stopped, failed, crashed], ['circle-outline', 'circle-slash', 'error', 'warning']);
  assert.deepEqual(states.filter(isResumable), ['stopped', 'failed', 'crashed']);
  assert.deepEqual(states.filter(isLive), ['preparing', 'running', 'paused', 'stopping']);
});

test('the status bar: epoch of all, the latest total, and the state only where it is not plain running', () => {
  const running = of(start, step, epoch(2, 3, null));
  assert.equal(statusText(t, 'running', running), '$(sync~spin) «Multi-task» 3/5 · 12.35');
  assert.equal(statusText(t, 'completed', running), '$(pass) «Multi-task» 3/5 · 12.35');
  assert.equal(statusText(t, 'paused', running), '$(debug-pause) «Multi-task» 3/5 · 12.35 · «paused»');
  assert.equal(statusText(t, 'stopping', running), '$(loading~spin) «Multi-task» 3/5 · 12.35 · «stopping»');
  assert.equal(statusText(t, 'running', of(start)), '$(sync~spin) «Multi-task» 0/5');
  assert.equal(statusText(t, 'running', of()), '$(sync~spin) «Multi-task» · «preparing»');
  assert.equal(statusText(t, 'preparing', running), '$(loading~spin) «Multi-task» · «preparing»');
  assert.equal(statusText(t, 'running', of(start, epoch(1, 7, null))), '$(sync~spin) «Multi-task» 5/5');
});
