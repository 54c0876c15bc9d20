/** The whole path of a step, an evaluation, a checkpoint and a saved model leaves nothing behind, however often. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Engine } from '../../../src/trainer/engine/types.ts';
import { tf } from '../../../src/trainer/engine/tfjs.ts';
import { evaluateSplit } from '../../../src/trainer/evaluation.ts';
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
  /** MiB. */
  readonly heap: number;
  readonly resident: number;
}

function held(): Held {
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  const { wasm } = engine.backend as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
  return {
    tensors: tf.memory().numTensors,
    data: engine.backend.numDataIds(),
    engine: wasm.HEAPU8.byteLength,
    heap: heapUsed / 2 ** 20,
    resident: rss / 2 ** 20,
  };
}

function assertFlat(before: Held, what: string): void {
  const now = held();
  assert.equal(now.tensors, before.tensors, `${what}: tensors`);
  assert.equal(now.data, before.data, `${what}: entries of the engine`);
  assert.equal(now.engine, before.engine, `${what}: memory of the engine`);
  const [heap, resident] = [now.heap - before.heap, now.resident - before.resident];
  assert.ok(heap < 8, `${what}: the heap grew by ${heap.toFixed(1)} MiB`);
  assert.ok(resident < 64, `${what}: the process grew by ${resident.toFixed(1)} MiB`);
}

test('5,000 steps of all kinds', () => {
  take(1000);
  const start = held();
  take(5000);
  assertFlat(start, 'steps');
});

test('200 evaluations and epochs', () => {
  const { model, tasks, data } = made.prepared;
  made.training.endEpoch();
  const start = held();
  for (let round = 0; round < 100; round++) {
    evaluateSplit(model, tasks, data.splits.validation);
    made.training.endEpoch();
  }
  assertFlat(start, 'evaluations');
});

test('checkpoints and saved models', async () => {
  await made.training.checkpoint();
  const start = held();
  for (let round = 0; round < 10; round++) await made.training.checkpoint();
  assertFlat(start, 'checkpoints');
});
