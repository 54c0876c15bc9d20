/** A label per pixel trains beside a class, on both engines and as graphs: the border is wide enough for labels of any shape. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Text } from '../../../../src/common/text.ts';
import { zipSync } from 'fflate';
import type { Engine } from '../../../../src/engine/types.ts';
import { openEngine } from '../../../../src/engine/open.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { gather } from '../../../../src/samples/gather.ts';
import { gatherAll } from '../../../../src/samples/row-stores.ts';
import { readSpecValue } from '../../../../src/spec/index.ts';
import { prepare, type Prepared } from '../../../../src/trainer/prepare/prepare.ts';
import { chooseExecutor } from '../../../../src/trainer/step/executors/table.ts';
import { constantLosses } from '../../../../src/trainer/training/scores.ts';
import { Training } from '../../../../src/trainer/training/training.ts';
import { Warnings } from '../../../../src/trainer/training/warnings.ts';
import { assetsDirectory } from '../../engine/support.ts';
import { installedFolder, nativeSuite } from '../../engine/native/support.ts';
import { npy } from '../../samples/helpers.ts';
import { addPixels, removePixels } from './pixels.ts';

const [rows, height, width] = [24, 4, 6];
const size = height * width;

/** Bright pixels are of class 1, dark ones of class 0; some are unknown. Of an image the class is whether most are bright. */
function files(): Record<string, Uint8Array | string> {
  const images = new Uint8Array(rows * size);
  const masks = new Float32Array(rows * size);
  const kinds = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let bright = 0;
    for (let at = 0; at < size; at++) {
      const place = row * size + at;
      images[place] = (place * 7919 + row * 31) % 251;
      const label = (images[place] ?? 0) > 100 + 50 * (row % 2) ? 1 : 0;
      bright += label;
      masks[place] = place % 11 === 3 ? -1 : label;
    }
    kinds[row] = bright > size / 2 ? 1 : 0;
  }
  const part = Array.from({ length: rows }, (_, row) => `${String(row)},${row % 4 === 3 ? 'val' : 'train'}`);
  return {
    'a.npz': zipSync({
      'images.npy': npy([rows, height, width], images),
      'masks.npy': npy([rows, height, width], masks),
      'kinds.npy': npy([rows], kinds),
    }),
    's.csv': ['row,part', ...part, ''].join('\n'),
  };
}

const specWith = (more: object = {}) => ({
  data: { source: 'a.npz', inputs: { x: { type: 'image', from: 'images' } }, split: { file: 's.csv' } },
  network: { trunk: { input: 'x', layers: [{ type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same' }] } },
  tasks: {
    pixels: { type: 'segmentation', input: 'trunk', target: 'masks', classes: 2, metrics: ['pixelAccuracy'] },
    kind: { type: 'classification', input: 'trunk', layers: ['flatten'], target: 'kinds', metrics: ['accuracy'] },
  },
  training: { epochs: 12, batchSize: 6, learningRate: 0.05, seed: 3 },
  ...more,
});

/** @param memory bytes that the data may take; of little they lie on disk */
async function preparedFrom(spec: object, directory: string, memory?: number): Promise<Prepared> {
  const read = readSpecValue(spec);
  const errors = read.problems.filter(({ code, severity }) => severity === 'error' && code !== 'not-available');
  assert.deepEqual(
    errors.map(({ message }) => message.en),
    [],
  );
  assert.ok(read.spec);
  for (const [name, content] of Object.entries(files())) fs.writeFileSync(path.join(directory, name), content);
  const storage = memory === undefined ? {} : { memory };
  const place = { specFile: path.join(directory, 'spec.mtl.json'), root: directory, allowOutside: false };
  return prepare({ spec: read.spec, hash: 'hash', place, name: 'pixels' }, () => undefined, storage);
}

interface Trained {
  /** Losses of the two tasks on the validation split after each epoch. */
  readonly losses: readonly (readonly (number | null)[])[];
  readonly accuracy: number | null;
  /** The same by hand, from the model's own predictions. */
  readonly byHand: number;
  readonly graph: boolean;
  readonly refusals: readonly string[];
}

async function train(engine: Engine, captured: boolean, spec: object, memory?: number): Promise<Trained> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-pixels-'));
  const prepared = await preparedFrom(spec, directory, memory);
  const append = (): void => undefined;
  const refusals: string[] = [];
  const onRefusal = ({ en }: Text): void => void refusals.push(en);
  const chosen = captured ? await chooseExecutor(engine, { onRefusal, always: true }) : null;
  const executor = chosen ? { executor: chosen.factory } : {};
  const training = new Training({ prepared, append, warnings: new Warnings(append), ...executor });
  try {
    const told = chosen?.rehearse(() => training.tryStep());
    const losses: (number | null)[][] = [];
    while (!training.isDone()) {
      for (const positions of training.steps()) {
        training.step(positions);
        if (training.isDone()) break;
      }
      training.endEpoch();
      losses.push([...training.evaluate('validation').losses.values()]);
    }
    const accuracy = training.evaluate('validation').metrics.get('pixels')?.get('pixelAccuracy') ?? null;
    training.pull();
    const byHand = handAccuracy(prepared);
    return { losses, accuracy, byHand, graph: told?.graph ?? false, refusals };
  } finally {
    training.dispose();
    prepared.model.dispose();
    prepared.data.close();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** Share of known pixels of the validation split whose larger logit is of their class. */
function handAccuracy({ data, model }: Prepared): number {
  const { validation } = data.splits;
  const all = Int32Array.from({ length: validation.n }, (_, position) => position);
  const batch = gather(validation, all);
  const input = batch.inputs.get('x');
  const label = batch.targets.get('pixels');
  assert.ok(input && label?.present);
  const logits = tf.tidy(() => {
    const [raw] = model.forward([tf.tensor(input.data, [...input.shape])], false);
    assert.deepEqual(raw?.shape, [validation.n, height, width, 2]);
    return raw.dataSync().slice();
  });
  let [hits, known] = [0, 0];
  label.data.forEach((truth, at) => {
    if (label.present?.[at] === 0) return;
    known++;
    if (Number((logits[2 * at + 1] ?? 0) > (logits[2 * at] ?? 0)) === truth) hits++;
  });
  return hits / known;
}

function assertLearns({ losses, accuracy, byHand }: Trained): void {
  const [first, last] = [losses[0] ?? [], losses.at(-1) ?? []];
  assert.ok((last[0] ?? NaN) < 0.7 * (first[0] ?? NaN), `pixels: ${String(first[0])} → ${String(last[0])}`);
  assert.ok(losses.flat().every((loss) => loss !== null && Number.isFinite(loss)));
  assert.ok(byHand > 0.75, String(byHand));
  assert.equal(accuracy, byHand);
}

describe('a class for each pixel', () => {
  let engine: Engine;
  before(async () => {
    addPixels();
    engine = await openEngine('wasm', { assetsDirectory });
  });
  after(() => {
    engine.dispose();
    removePixels();
  });

  test('labels are stores with a shape and a mask, in memory and on disk', async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-pixels-'));
    const whole = await preparedFrom(specWith(), directory);
    const streamed = await preparedFrom(specWith(), directory, 1024);
    try {
      assert.deepEqual([whole.data.storage.streamed, streamed.data.storage.streamed], [false, true]);
      for (const part of ['train', 'validation'] as const) {
        const [a, b] = [whole, streamed].map(({ data }) => {
          const split = data.splits[part];
          const { values, present, mask, weight } = split.targets.get('pixels') ?? assert.fail();
          assert.deepEqual(values.shape, [height, width]);
          assert.ok(present);
          return [gatherAll(values, split.n), gatherAll(present, split.n), mask, weight];
        });
        assert.deepEqual(b, a);
      }
      // Unknown pixels do not count; the other 11 of 12 are of one of two classes.
      const counts = whole.classCounts.get('pixels') ?? [];
      const { values, present } = whole.data.splits.train.targets.get('pixels') ?? assert.fail();
      assert.ok(present);
      const there = gatherAll(present, 18);
      const ones = gatherAll(values, 18).filter((label, at) => label === 1 && there[at] === 1).length;
      assert.deepEqual(counts, [there.filter((one) => one === 1).length - ones, ones]);
      assert.deepEqual(streamed.classCounts, whole.classCounts);
      const constants = constantLosses(whole.tasks, whole.data.splits.train, whole.data.splits.validation);
      assert.ok((constants.get('pixels') ?? NaN) > 0.5 && (constants.get('pixels') ?? NaN) < 0.8);
    } finally {
      for (const { data, model } of [whole, streamed]) {
        model.dispose();
        data.close();
      }
      fs.rmSync(directory, { recursive: true, force: true });
    }
  });

  test('learns on wasm, from memory and from disk alike', async () => {
    const found = await train(engine, false, specWith());
    assertLearns(found);
    assert.deepEqual((await train(engine, false, specWith(), 1024)).losses, found.losses);
  });

  test('learns with a gradient for each task', async () => {
    assertLearns(await train(engine, false, specWith({ strategy: 'pcgrad' })));
  });
});

nativeSuite('a class for each pixel, natively', () => {
  let engine: Engine;
  before(async () => {
    addPixels();
    engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
  });
  after(() => {
    engine.dispose();
    removePixels();
  });

  for (const strategy of ['static', 'pcgrad']) {
    test(`${strategy}: as graphs as operation by operation`, async () => {
      const spec = specWith({ strategy });
      const eager = await train(engine, false, spec);
      const captured = await train(engine, true, spec);
      assertLearns(eager);
      assertLearns(captured);
      assert.deepEqual([captured.graph, captured.refusals], [true, []]);
      for (const [epoch, losses] of captured.losses.entries()) {
        for (const [task, loss] of losses.entries())
          assert.ok(
            Math.abs((loss ?? NaN) - (eager.losses[epoch]?.[task] ?? NaN)) < 1e-3,
            `${String(epoch)} ${String(loss)}`,
          );
      }
    });
  }
});
