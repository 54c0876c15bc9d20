/** The whole path of a step, an evaluation, a checkpoint and a saved model leaves nothing behind, however often. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Engine } from '../../../src/engine/contract.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import { evaluateSplit } from '../../../src/trainer/training/evaluate-split.ts';
import { csvOf, embeddedEngine, sampleRows, trial, type Trial } from './training-helpers.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let engine: Engine;
let made: Trial;
before(async () => {
  engine = await embeddedEngine();
  const rows = sampleRows(48).map((row, index) => ({
    ...row,
    // The first batch has both labels, the second one, the third none.
    kind: index % 24 < 16 ? (row['kind'] ?? '') : '',
    value: index % 24 < 8 ? (row['value'] ?? '') : '',
    part: index < 24 ? 'train' : 'validation',
  }));
  const dense = { type: 'dense', units: 8, activation: 'relu' };
  const spec = {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } }, split: { column: 'part' } },
    network: {
      trunk: { input: 'x', layers: [dense, { type: 'batchNormalization' }, { type: 'dropout', rate: 0.2 }, dense] },
    },
    tasks: {
      kind: { type: 'classification', target: 'kind', classes: ['down', 'up'], input: 'trunk', layers: [dense] },
      value: { type: 'regression', target: 'value', input: 'trunk' },
    },
    training: { optimizer: 'adam', batchSize: 8, epochs: 100000, l1: 1e-5, l2: 1e-4, clipNorm: 1, accumulate: 2 },
  };
  made = await trial(spec, { 'data.csv': csvOf(rows) });
});
after(() => {
  made.dispose();
  assert.equal(tf.memory().numTensors, 0);
  engine.dispose();
});

const batches = [0, 8, 16].map((from) => Int32Array.from({ length: 8 }, (_, index) => from + index));
const [both, one, none] = batches as [Int32Array, Int32Array, Int32Array];
/** Steps of one batch and of several, with all, some and no tasks. */
const kinds = [[both], [one], [none], [both, one], [none, both]];

function take(steps: number): void {
  for (let step = 1; step <= steps; step++) {
    made.training.step(kinds[step % kinds.length] ?? []);
    // Some metrics remember all answers of an epoch.
    if (step % 250 === 0) made.training.endEpoch();
  }
  made.records.length = 0;
}

interface Held {
  readonly tensors: number;
  readonly data: number;
  /** Bytes of the engine's own memory: it only ever grows. */
  readonly engine: number;
  readonly heap: number;
  readonly resident: number;
}

function held(): Held {
  collect();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  const { wasm } = engine.backend as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
  const [tensors, data] = [tf.memory().numTensors, engine.backend.numDataIds()];
  return { tensors, data, engine: wasm.HEAPU8.byteLength, heap, resident };
}

const blocks = 5;

/**
 * Does a work in blocks of equal length. What it keeps each time grows in every block; what the machine, the compiler and the
 * collector do on the side does not, so the block that grew least is looked at, by what it grew each time.
 *
 * @param each times a block
 * @param weight small objects that one time may leave behind before it counts as a leak: as many as it takes steps
 */
async function assertFlat(what: string, each: number, work: () => void | Promise<void>, weight: number): Promise<void> {
  const stages = [held()];
  for (let block = 0; block < blocks; block++) {
    for (let turn = 0; turn < each; turn++) await work();
    stages.push(held());
  }
  const [first, last] = [stages[0], stages.at(-1)];
  assert.ok(first !== undefined && last !== undefined);
  assert.equal(last.tensors, first.tensors, `${what}: tensors`);
  assert.equal(last.data, first.data, `${what}: entries of the engine`);
  assert.equal(last.engine, first.engine, `${what}: memory of the engine`);
  const least = (of: (stage: Held) => number): number =>
    Math.min(...stages.slice(1).map((stage, at) => of(stage) - of(stages[at] ?? first))) / each;
  const [heap, resident] = [least(({ heap: bytes }) => bytes), least(({ resident: bytes }) => bytes)];
  // One small object a time is 64 bytes, one small array of the system's 1 KiB.
  assert.ok(heap < 64 * weight, `${what}: the heap grows by ${heap.toFixed(0)} bytes each time`);
  assert.ok(resident < 1024 * weight, `${what}: the process grows by ${resident.toFixed(0)} bytes each time`);
}

test('steps of all kinds', async () => {
  take(1000);
  await assertFlat('steps', 4, () => take(250), 250);
});

test('evaluations and epochs', async () => {
  const { model, tasks, data } = made.prepared;
  made.training.endEpoch();
  await assertFlat(
    'evaluations',
    20,
    () => {
      evaluateSplit(model, tasks, data.splits.validation);
      made.training.endEpoch();
      // The records are the test's own.
      made.records.length = 0;
    },
    16,
  );
});

test('checkpoints and saved models', async () => {
  await made.save();
  await assertFlat('checkpoints', 2, () => made.save(), 1024);
});
