// From a run's records to its ledger: norms, the weights of the step, and cosines, with nothing where there is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LossHistory } from '../../../src/messages/history.ts';
import { ledgerOf } from '../../../src/messages/ledger.ts';
import type { EventRecord } from '../../../src/runs/events.ts';
import { startBody } from '../experiment/bodies.ts';

const specWeights = new Map([['kind', 0.25], ['y', 4]]); // prettier-ignore
let seq = 0;
const at = (body: object): EventRecord => ({ v: 1, seq: seq++, t: 1000 * seq, ...body }) as EventRecord;
const step = (number: number, weights: Readonly<Record<string, unknown>> | null): EventRecord =>
  at({ kind: 'step', step: number, steps: 10, epoch: 1, losses: { kind: 1, y: 2 }, weights, total: 1, objective: 1, penalty: 0, learningRate: 0.1, stepsPerSecond: 1 }); // prettier-ignore
const gradients = (number: number, tasks: readonly string[], norms: readonly unknown[], cosine: number | null): EventRecord =>
  at({ kind: 'gradients', step: number, tasks, norms, cosines: tasks.map((_, i) => tasks.map((__, j) => (i === j ? 1 : cosine))) }); // prettier-ignore

function historyOf(...records: readonly EventRecord[]): LossHistory {
  const history = new LossHistory([...specWeights]);
  const start = startBody(1, 1, undefined);
  history.append([at(start), ...records]);
  return history;
}

test('the weights are those of the record that covers the step', () => {
  const history = historyOf(step(10, { kind: 0.5, y: 1.5 }), step(20, { kind: 0.7, y: 1.3 }), gradients(10, ['kind', 'y'], [2, 3], -0.5), gradients(11, ['kind', 'y'], [2, 3], 0.25), gradients(25, ['kind', 'y'], [2, 3], 0)); // prettier-ignore
  const { tasks, records } = ledgerOf(history, specWeights, false);
  assert.deepEqual(tasks, ['kind', 'y']);
  assert.deepEqual(records.map(({ step: one, weights }) => [one, weights]), [[10, [0.5, 1.5]], [11, [0.7, 1.3]], [25, [0.7, 1.3]]]); // prettier-ignore
  const three = historyOf(...[10, 20, 30].map((number) => step(number, { kind: number, y: 1 })), gradients(11, ['kind', 'y'], [2, 3], 0)); // prettier-ignore
  assert.deepEqual(ledgerOf(three, specWeights, false).records[0]?.weights, [20, 1]);
  assert.deepEqual(records[0]?.norms, [2, 3]);
  assert.deepEqual(records[0].cosines, [[1, -0.5], [-0.5, 1]]); // prettier-ignore
  assert.equal(records[0].epoch, 10 / Math.max(1, history.start?.stepsPerEpoch ?? 1));
});

test('a task that was absent has no norm, weight or cosine; norms that are no numbers are none', () => {
  const { records } = ledgerOf(historyOf(step(10, { kind: 0.5, y: 1.5 }), gradients(10, ['y'], [3], null), gradients(12, ['kind', 'y'], ['NaN', 1], null)), specWeights, true); // prettier-ignore
  assert.deepEqual([records[0]?.norms, records[0]?.weights], [[null, 3], [null, 1.5]]); // prettier-ignore
  assert.deepEqual(records[0]?.cosines, [[1, null], [null, 1]]); // prettier-ignore
  assert.deepEqual(records[1]?.norms, [null, 1]);
});

test('without recorded weights those of the spec count under a strategy that leaves them alone, and none otherwise', () => {
  const history = historyOf(step(10, null), gradients(10, ['kind', 'y'], [2, 3], 0));
  assert.deepEqual(ledgerOf(history, specWeights, true).records[0]?.weights, [0.25, 4]);
  assert.deepEqual(ledgerOf(history, new Map(), true).records[0]?.weights, [1, 1]);
  assert.deepEqual(ledgerOf(history, specWeights, false).records[0]?.weights, [null, null]);
  const before = historyOf(gradients(1, ['kind', 'y'], [2, 3], 0));
  assert.deepEqual(ledgerOf(before, specWeights, false).records[0]?.weights, [null, null]);
});

test('no records, an empty ledger', () => {
  assert.deepEqual(ledgerOf(historyOf(), specWeights, true).records, []);
});

test('what records tell of single blocks is there under their names, in the order of the run’s tasks', () => {
  const one = at({ kind: 'gradients', step: 10, tasks: ['y', 'kind'], norms: [3, 2], cosines: [[1, 0], [0, 1]], blocks: { trunk: { norms: [2.5, 1], agreement: [-0.5, -0.5] }, branch: { norms: [1, null], agreement: [null, null] } } }); // prettier-ignore
  const { blocks, records } = ledgerOf(historyOf(step(10, null), gradients(9, ['kind', 'y'], [2, 3], 0), one), specWeights, true); // prettier-ignore
  assert.deepEqual(blocks, ['trunk', 'branch']);
  assert.deepEqual(records[0]?.blocks, {});
  assert.deepEqual(records[1]?.blocks, {
    trunk: { norms: [1, 2.5], agreement: [-0.5, -0.5] },
    branch: { norms: [null, 1], agreement: [null, null] },
  });
});
