import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NumberColumn } from '../../../src/messages/columns.ts';
import { GradientHistory, lastKnown, pairsOf } from '../../../src/messages/gradients.ts';
import { LossHistory } from '../../../src/messages/history.ts';
import type { EventRecord, GradientsEvent } from '../../../src/runs/events.ts';

const tasks = ['b', '10', 'constructor'];
const moment = (seq: number) => ({ seq, epoch: seq / 10, seconds: seq });
const record = (
  cosines: readonly [number | null, number | null, number | null],
  further: Partial<GradientsEvent> = {},
): GradientsEvent => {
  const [ab, ac, bc] = cosines;
  return {
    kind: 'gradients',
    step: 1,
    tasks,
    norms: [1, 2, 3],
    cosines: [
      [1, ab, ac],
      [ab, 1, bc],
      [ac, bc, 1],
    ],
    ...further,
  };
};

test('pairs are those above the diagonal, in one order', () => {
  assert.deepEqual(pairsOf(3), [
    { first: 0, second: 1 },
    { first: 0, second: 2 },
    { first: 1, second: 2 },
  ]);
  assert.deepEqual(pairsOf(0), []);
});

test('counts the conflicting records of each pair, and leaves out those without a number', () => {
  const history = new GradientHistory(tasks);
  [record([-0.5, 0.5, 0]), record([-0.25, null, 0.5]), record([0.75, 0.25, -1])].forEach((one, seq) =>
    history.append(one, moment(seq)),
  );
  const [first, second, third] = history.conflicts();
  assert.deepEqual(first, { first: 0, second: 1, records: 3, conflicting: 2, share: 2 / 3, mean: 0 });
  assert.deepEqual(second, { first: 0, second: 2, records: 2, conflicting: 0, share: 0, mean: 0.375 });
  // Orthogonal is no conflict.
  assert.equal(third?.conflicting, 1);
  assert.deepEqual(history.matrix(0), [
    [1, -0.5, 0.5],
    [-0.5, 1, 0],
    [0.5, 0, 1],
  ]);
  assert.equal(history.matrix(2, 2)[0]?.[1], 0.25);
  // A record without a number is passed over.
  assert.deepEqual([history.matrix(2, 3)[0]?.[2], history.matrix(1)[0]?.[2]], [0.375, NaN]);
});

test('means over all records: of cosines on both sides of the diagonal, of norms that are finite', () => {
  const history = new GradientHistory(tasks);
  history.append(record([-0.5, 0.5, null]), moment(0));
  history.append(record([0.25, null, null], { norms: [3, 'Infinity', 'NaN'] }), moment(1));
  assert.deepEqual(history.meanMatrix(), [
    [1, -0.125, 0.5],
    [-0.125, 1, NaN],
    [0.5, NaN, 1],
  ]);
  assert.deepEqual(history.meanNorms(), [2, 2, 3]);
});

test('what is known of a task that is absent is looked for in the last 200 records', () => {
  const column = new NumberColumn();
  column.push(7);
  for (let more = 1; more < 200; more++) column.push(NaN);
  assert.equal(lastKnown(column), 7);
  column.push(NaN);
  assert.ok(Number.isNaN(lastKnown(column)));
});

test('after a resume the next record stands where the first superseded one stood, in every column', () => {
  const history = new GradientHistory(tasks);
  for (const seq of [0, 1, 2]) history.append(record([0, 0, 0], { step: seq, observed: { dwa: [seq, 0, 0] }, blocks: { low: { norms: [seq, 0, 0], agreement: [0, 0, 0] } } }), moment(seq)); // prettier-ignore
  history.dropAfter(0);
  history.append(record([1, 1, 1], { step: 8, norms: [5, 5, 5], observed: { dwa: [9, 0, 0] } }), moment(10));
  assert.deepEqual(history.blocks.map((byName) => byName.get('low')?.norms[0]), [0, undefined]); // prettier-ignore
  const { seq, step, epoch, seconds, norms, cosines, observed } = history;
  const columns = [seq, step, epoch, seconds, norms[0], cosines[0], observed.get('dwa')?.[0]];
  assert.deepEqual(columns.map((column) => [column?.length, column?.at(1)]), [[2, 10], [2, 8], [2, 1], [2, 10], [2, 5], [2, 1], [2, 9]]); // prettier-ignore
});

test('a record names the tasks that were present, in any order', () => {
  const history = new GradientHistory(tasks);
  const partial: GradientsEvent = {
    kind: 'gradients',
    step: 3,
    tasks: ['constructor', 'b'],
    norms: [7, 'Infinity'],
    cosines: [
      [1, -0.5],
      [-0.5, 1],
    ],
    observed: { mgda: [0.25, 0.75] },
  };
  history.append(record([0, 0, 0]), moment(0));
  history.append(partial, moment(1));
  assert.deepEqual(
    history.norms.map((column) => column.at(1)),
    [Infinity, NaN, 7],
  );
  assert.deepEqual(
    history.cosines.map((column) => column.at(1)),
    [NaN, -0.5, NaN],
  );
  assert.deepEqual(history.lastNorms(), [Infinity, 2, 7]);
  const observed = history.observed.get('mgda')?.map((column) => [column.length, column.at(0), column.at(1)]);
  assert.deepEqual(observed, [
    [2, NaN, 0.75],
    [2, NaN, NaN],
    [2, NaN, 0.25],
  ]);
});

test('a matrix that is smaller than its list of tasks leaves gaps and breaks nothing', () => {
  const history = new GradientHistory(tasks);
  history.append({ kind: 'gradients', step: 1, tasks, norms: [], cosines: [[1]] }, moment(0));
  assert.deepEqual(
    history.conflicts().map(({ records, share }) => [records, share]),
    [
      [0, NaN],
      [0, NaN],
      [0, NaN],
    ],
  );
});

test('dropping what a resume supersedes equals never having had it', () => {
  const cosine = fc.option(fc.float({ min: -1, max: 1, noNaN: true }), { nil: null });
  const records = fc.array(fc.tuple(cosine, cosine, cosine), { maxLength: 20 });
  fc.assert(
    fc.property(records, fc.nat(20), (all, kept) => {
      const whole = new GradientHistory(tasks);
      const part = new GradientHistory(tasks);
      all.forEach((values, seq) => {
        const one = record(values, { observed: { mgda: [seq, 0, 1] } });
        whole.append(one, moment(seq));
        if (seq <= kept) part.append(one, moment(seq));
      });
      whole.dropAfter(kept);
      assert.equal(whole.length, part.length);
      assert.deepEqual(whole.conflicts(), part.conflicts());
      const observed = (history: GradientHistory) =>
        history.observed.get('mgda')?.map((column) => [...column.values()]);
      if (part.length > 0) assert.deepEqual(observed(whole), observed(part));
    }),
  );
});

const header = (seq: number) => ({ v: 1 as const, seq, t: seq * 1000 });
const start: EventRecord = {
  ...header(0),
  ...{ kind: 'start', attempt: 1, stepsPerEpoch: 10, epochs: 3, strategy: 'pcgrad', seed: 0 },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  tasks: tasks.map((name) => ({ name, type: '', loss: '', metrics: [], primary: '', higherIsBetter: false })),
  parameters: { total: 0, shared: 0, byTask: {} },
  samples: { train: 0, validation: 0, test: 0, labelled: {} },
};
const stepWith = (seq: number, weights: readonly number[] | null): EventRecord => ({
  ...header(seq),
  ...{ kind: 'step', step: seq, steps: 1, epoch: 1, total: 1, objective: 1, penalty: 0, learningRate: 0.1 },
  stepsPerSecond: 1,
  losses: Object.fromEntries(tasks.map((task) => [task, 1])),
  weights: weights && Object.fromEntries(tasks.map((task, index) => [task, weights[index] ?? 0])),
});

test('the history gives the share of weight times gradient norm, and no effective weight where there was none', () => {
  const history = new LossHistory(tasks.map((task) => [task, 1]));
  history.append([start, { ...header(1), ...record([-0.5, 0, 0], { step: 1 }) }, stepWith(2, [3, 1, 1])]);
  // 3·1, 1·2, 1·3 of 8.
  assert.deepEqual(
    history.now().map(({ effective, gradientShare }) => [effective, gradientShare]),
    [
      [3, 3 / 8],
      [1, 2 / 8],
      [1, 3 / 8],
    ],
  );
  // A task that is pushed away from counts by how far; one without a finite norm has no share.
  history.append([stepWith(3, [-3, 1, 1])]);
  assert.deepEqual(
    history.now().map(({ gradientShare }) => gradientShare),
    [3 / 8, 2 / 8, 3 / 8],
  );
  history.append([{ ...header(4), ...record([0, 0, 0], { norms: ['Infinity', 2, 3] }) }, stepWith(5, [1, 1, 1])]);
  assert.deepEqual(
    history.now().map(({ gradientShare }) => gradientShare),
    [null, 2 / 5, 3 / 5],
  );
  history.append([{ ...header(6), ...record([0, 0, 0], { norms: ['Infinity', 0, 0] }) }, stepWith(7, [1, 1, 1])]);
  assert.deepEqual(
    history.now().map(({ gradientShare }) => gradientShare),
    [null, null, null],
  );
  history.append([stepWith(8, null)]);
  assert.deepEqual(
    history.now().map(({ effective, gradientShare, weight }) => [effective, gradientShare, weight]),
    [
      [null, null, 1],
      [null, null, 1],
      [null, null, 1],
    ],
  );
  assert.equal(history.gradients.epoch.at(0), 0.1);
});

test('a resume drops gradients and affinities that it supersedes', () => {
  const history = new LossHistory();
  const affinity: EventRecord = { ...header(3), kind: 'affinity', step: 3, tasks, mean: [], sd: [], n: [] };
  history.append([start, { ...header(1), ...record([-1, 0, 0]) }, { ...header(2), ...record([-1, 0, 0]) }, affinity]);
  assert.deepEqual([history.gradients.length, history.affinity.length], [2, 1]);
  history.append([{ ...start, ...header(4), resumedFrom: { step: 1, epoch: 0, seq: 1 } }]);
  assert.deepEqual([history.gradients.length, history.affinity.length], [1, 0]);
  assert.equal(history.gradients.conflicts()[0]?.records, 1);
});
