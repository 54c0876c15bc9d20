/** Losses at initialization against those of a run that learns nothing: the same batches, masks and means. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../../../src/engine/contract.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { initialLosses } from '../../../../src/trainer/suggest/initial.ts';
import { assetsDirectory } from '../../engine/support.ts';
import { csvOf, embeddedEngine, recordsOf, sampleRows, trainThrough, trial } from '../training-helpers.ts';

let engine: Engine;
before(async () => (engine = await embeddedEngine()));
after(() => engine.dispose());

/** 32 rows, of which one has a label of `rare`. */
const rows = sampleRows(32).map((row, at) => ({ ...row, rare: at === 20 ? 3 : '', always: 'train' }));
const specOf = (steps: number, layers: readonly object[]): object => ({
  data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } }, split: { column: 'always' } },
  network: { trunk: { input: 'x', layers } },
  tasks: {
    kind: { type: 'classification', target: 'kind', input: 'trunk' },
    value: { type: 'regression', target: 'value', input: 'trunk' },
    rare: { type: 'regression', target: 'rare', input: 'trunk', normalize: 'none' },
  },
  // Steps of nearly nothing: in 32 bits no parameter moves.
  training: { engine: 'wasm', batchSize: 8, steps, learningRate: 1e-30, optimizer: 'sgd' },
});
const dropping = [{ type: 'dense', units: 6 }, { type: 'dropout', rate: 0.5 }]; // prettier-ignore

async function both(batches: number, layers: readonly object[]) {
  const run = await trial(specOf(4, layers), { 'data.csv': csvOf(rows) });
  try {
    const { numTensors } = tf.memory();
    const losses = Object.fromEntries(await initialLosses(run.prepared, batches, assetsDirectory));
    assert.equal(tf.memory().numTensors, numTensors, 'nothing is left behind');
    return losses;
  } finally {
    run.dispose();
  }
}

async function trained(steps: number, layers: readonly object[]): Promise<Readonly<Record<string, unknown>>> {
  const run = await trial(specOf(steps, layers), { 'data.csv': csvOf(rows) });
  try {
    trainThrough(run.training);
    const [epoch] = recordsOf(run.records, 'epoch');
    return Object.fromEntries(epoch?.train.losses ?? []);
  } finally {
    run.dispose();
  }
}

const near = (actual: unknown, expected: unknown): void =>
  assert.ok(
    Math.abs(Number(actual ?? NaN) - Number(expected ?? NaN)) < 1e-5,
    `${String(actual)} for ${String(expected)}`,
  );

test('the first batches, with the units left out as a run leaves them out', async () => {
  const [one, all] = [await both(1, dropping), await both(4, dropping)];
  const [first, epoch] = [await trained(1, dropping), await trained(4, dropping)];
  for (const task of ['kind', 'value']) {
    near(one[task], first[task]);
    near(all[task], epoch[task]);
    assert.notEqual(one[task], all[task]);
  }
  // Only one batch has a label of it: that is looked for, and counts alone.
  near(one['rare'], epoch['rare']);
  near(all['rare'], epoch['rare']);
  const without = await both(4, dropping.slice(0, 1));
  assert.ok(Math.abs((without['value'] ?? NaN) - (all['value'] ?? NaN)) > 1e-4, 'units are left out');
  // More than there are is all of them.
  near((await both(9, dropping))['value'], all['value']);
});
