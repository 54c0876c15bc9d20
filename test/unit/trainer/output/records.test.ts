/** The records a run begins and ends with, from parts that can be counted by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../../src/trainer/model/build.ts';
import {
  countParameters,
  sampleCounts,
  splitRecord,
  splitSummary,
  startRecord,
  type StartFacts,
} from '../../../../src/trainer/output/records.ts';
import type { Task } from '../../../../src/trainer/tasks/contract.ts';

const model = {
  tasks: ['10', '2', 'c'],
  variables: [
    { variable: { size: 100 }, tasks: ['10', '2', 'c'] },
    { variable: { size: 40 }, tasks: ['2', 'c'] },
    { variable: { size: 7 }, tasks: ['10'] },
    { variable: { size: 3 }, tasks: ['10'] },
    { variable: { size: 5 }, tasks: ['2'] },
  ],
} as unknown as Model;
const tasks = [
  {
    ...{ name: '10', type: 'classification', metrics: ['accuracy', 'f1'], lossName: 'cross-entropy' },
    primary: { name: 'accuracy', higherIsBetter: true },
  },
  {
    ...{ name: '2', type: 'regression', metrics: ['mae'], lossName: 'huber' },
    primary: { name: 'mae', higherIsBetter: false },
  },
] as unknown as readonly Task[];
const samples = {
  ...{ train: 70, validation: 20, test: 10 },
  labeled: { 10: { train: 7, validation: 2, test: 1 } },
};

test('parameters: all, those of several tasks, those of one alone', () => {
  const { total, shared, byTask } = countParameters(model);
  assert.deepEqual([total, shared], [155, 140]);
  assert.deepEqual([...byTask], [['10', 10], ['2', 5], ['c', 0]]); // prettier-ignore
});

test('samples: of each split, and the labels of each task in the order of the tasks', () => {
  const { labelled, ...splits } = sampleCounts(samples, [...tasks].reverse());
  assert.deepEqual(splits, { train: 70, validation: 20, test: 10 });
  assert.deepEqual([...labelled], [['2', { train: 0, validation: 0, test: 0 }], ['10', { train: 7, validation: 2, test: 1 }]]); // prettier-ignore
  const strange = sampleCounts(samples, [{ name: 'toString' }] as unknown as readonly Task[]);
  assert.deepEqual(strange.labelled.get('toString'), { train: 0, validation: 0, test: 0 });
});

test('the start: what was found, and what a resume adds', () => {
  const engine: StartFacts['engine'] = {
    name: 'wasm',
    ...{ device: 'cpu', detail: { en: 'embedded', zh: '内置' }, graph: false, threads: 1 },
    deterministic: true,
  };
  const facts: StartFacts = {
    ...{ attempt: 2, engine, tasks, model, samples, stepsPerEpoch: 9, epochs: 5, strategy: 'dwa', seed: 4 },
    storage: { streamed: true, memory: 1, disk: 2 },
    ...{ data: { columns: new Map() }, spec: { data: {}, tasks: new Map() } as unknown as StartFacts['spec'] },
    accepted: [],
    resumedFrom: null,
    fork: undefined,
  };
  const record = startRecord(facts);
  assert.deepEqual(
    { ...record, samples: null, parameters: null },
    {
      engine: { ...engine, detail: 'embedded', zh: '内置' },
      ...{ kind: 'start', attempt: 2, stepsPerEpoch: 9, epochs: 5, strategy: 'dwa', seed: 4 },
      tasks: [
        {
          ...{ name: '10', type: 'classification', loss: 'cross-entropy', metrics: ['accuracy', 'f1'] },
          ...{ primary: 'accuracy', higherIsBetter: true },
        },
        { name: '2', type: 'regression', loss: 'huber', metrics: ['mae'], primary: 'mae', higherIsBetter: false },
      ],
      storage: { streamed: true, memory: 1, disk: 2 },
      ...{ samples: null, parameters: null },
    },
  );
  assert.deepEqual(record.samples, sampleCounts(samples, tasks));
  assert.deepEqual(record.parameters, countParameters(model));
  const resumedFrom = { step: 5, epoch: 1, seq: 8 };
  assert.deepEqual(startRecord({ ...facts, resumedFrom }).resumedFrom, resumedFrom);
  assert.equal('acceptedChanges' in startRecord({ ...facts, resumedFrom }), false);
  const accepted = [{ kind: 'engine', was: 'a', is: 'b' }] as unknown as StartFacts['accepted'];
  assert.equal(startRecord({ ...facts, accepted }).acceptedChanges?.length, 1);
});

test('a split’s numbers are handed on, its summary with the number of rows', () => {
  const losses = new Map([['10', 0.5]]);
  const metrics = new Map([['10', new Map([['accuracy', 1]])]]);
  assert.deepEqual(splitRecord({ losses, metrics }), { losses, metrics });
  assert.deepEqual(splitSummary(12, { losses, metrics, results: new Map() }), { n: 12, losses, metrics });
});

test('the start tells sizes that only the rows told, under the key of what they follow from', () => {
  const spec = { data: { source: {} }, tasks: new Map() } as unknown as StartFacts['spec'];
  const data = { columns: new Map(), inputShapes: new Map([['x', [5]]]), classes: new Map([['a', ['u', 'v', 'w']]]) };
  const engine: StartFacts['engine'] = {
    ...{ name: 'wasm', device: 'cpu', detail: { en: '', zh: '' } },
    ...{ graph: false, threads: 1, deterministic: true },
  };
  const { sizes } = startRecord({
    ...{ attempt: 1, engine, tasks, model, samples, stepsPerEpoch: 1, epochs: 1, strategy: 'static', seed: 1 },
    ...{
      storage: { streamed: false, memory: 0, disk: 0 },
      accepted: [],
      resumedFrom: null,
      fork: undefined,
      data,
      spec,
    },
  });
  assert.match(sizes?.key ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual([...(sizes?.inputs ?? [])], [['x', [5]]]);
  assert.deepEqual([...(sizes?.classes ?? [])], [['a', 3]]);
});
