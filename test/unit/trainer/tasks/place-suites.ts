/** Trains a class for each place beside a class for the whole, on both engines, from memory and from disk, and as graphs. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Text } from '../../../../src/common/text.ts';
import { product } from '../../../../src/data/table.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
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
import { addPlaces, removePlaces, type PlaceType } from './places.ts';

export type Files = Readonly<Record<string, Uint8Array | string>>;

/** What is trained: its first task is `places`, with two classes and some labels unknown, of the input `x`. */
export interface PlaceCase extends PlaceType {
  /** `a class for each pixel` */
  readonly title: string;
  readonly labelShape: readonly number[];
  readonly files: Files;
  /** Tables of other types that it needs. */
  readonly add?: () => void;
  readonly remove?: () => void;
  readonly specWith: (more?: object) => object;
}

/** @param memory bytes that the data may take; of little they lie on disk */
export async function preparedFrom(spec: object, files: Files, directory: string, memory?: number): Promise<Prepared> {
  const read = readSpecValue(spec);
  const errors = read.problems.filter(({ code, severity }) => severity === 'error' && code !== 'not-available');
  assert.deepEqual(
    errors.map(({ message }) => message.en),
    [],
  );
  assert.ok(read.spec);
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), content);
  const storage = memory === undefined ? {} : { memory };
  const place = { specFile: path.join(directory, 'spec.mtl.json'), root: directory, allowOutside: false };
  return prepare({ spec: read.spec, hash: 'hash', place, name: 'places' }, () => undefined, storage);
}

export interface Trained {
  /** Losses of the tasks on the validation split after each epoch. */
  readonly losses: readonly (readonly (number | null)[])[];
  readonly accuracy: number | null;
  /** Of the first task by hand, from the model's own outputs: the loss in double precision. */
  readonly byHand: { readonly accuracy: number; readonly loss: number };
  /** All weights at the end. */
  readonly weights: readonly (readonly number[])[];
  readonly graph: boolean;
  readonly refusals: readonly string[];
}

export interface TrainOptions {
  readonly captured?: boolean;
  readonly memory?: number;
  readonly files?: Files;
}

export async function train(
  engine: Engine,
  { files: usual, metric, labelShape }: PlaceCase,
  spec: object,
  { captured = false, memory, files = usual }: TrainOptions = {},
): Promise<Trained> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-places-'));
  const prepared = await preparedFrom(spec, files, directory, memory);
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
    const accuracy = training.evaluate('validation').metrics.get('places')?.get(metric) ?? null;
    training.pull();
    const byHand = judgeByHand(prepared, labelShape);
    const weights = prepared.model.variables.map(({ variable }) => Array.from(variable.dataSync()));
    return { losses, accuracy, byHand, weights, graph: told?.graph ?? false, refusals };
  } finally {
    training.dispose();
    prepared.model.dispose();
    prepared.data.close();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Over the known places of the validation split: the share whose larger logit is of their class, and the mean of
 * ln(e^a + e^b) − y, where y is the logit of the class that is there.
 */
function judgeByHand({ data, model }: Prepared, labelShape: readonly number[]): Trained['byHand'] {
  const { validation } = data.splits;
  const all = Int32Array.from({ length: validation.n }, (_, position) => position);
  const batch = gather(validation, all);
  const input = batch.inputs.get('x');
  const label = batch.targets.get('places');
  assert.ok(input && label?.present);
  const logits = tf.tidy(() => {
    const [raw] = model.forward([tf.tensor(input.data, [...input.shape])], false);
    assert.deepEqual(raw?.shape, [validation.n, ...labelShape, 2]);
    return raw.dataSync().slice();
  });
  let [hits, known, loss] = [0, 0, 0];
  label.data.forEach((truth, at) => {
    if (label.present?.[at] === 0) return;
    known++;
    const [a, b] = [logits[2 * at] ?? NaN, logits[2 * at + 1] ?? NaN];
    if (Number(b > a) === truth) hits++;
    loss += Math.log(Math.exp(a) + Math.exp(b)) - (truth === 1 ? b : a);
  });
  return { accuracy: hits / known, loss: loss / known };
}

export function assertLearns({ losses, accuracy, byHand }: Trained): void {
  const [first, last] = [losses[0] ?? [], losses.at(-1) ?? []];
  assert.ok((last[0] ?? NaN) < 0.7 * (first[0] ?? NaN), `places: ${String(first[0])} → ${String(last[0])}`);
  assert.ok(losses.flat().every((loss) => loss !== null && Number.isFinite(loss)));
  assert.ok(byHand.accuracy > 0.75, String(byHand.accuracy));
  assert.equal(accuracy, byHand.accuracy);
  assert.ok(Math.abs((last[0] ?? NaN) - byHand.loss) < 1e-5, `${String(last[0])}, by hand ${String(byHand.loss)}`);
}

/** How often each of two classes is at a known place. */
function countsIn({ data }: Prepared, part: 'train' | 'validation', size: number): [number, number] {
  const { values, present } = data.splits[part].targets.get('places') ?? assert.fail();
  assert.ok(present);
  const { n } = data.splits[part];
  const [labels, there] = [gatherAll(values, n), gatherAll(present, n)];
  assert.equal(labels.length, n * size);
  const count = (kind: number): number => labels.filter((label, at) => label === kind && there[at] === 1).length;
  return [count(0), count(1)];
}

/** Runs work with the types of a case in the tables, and an engine. */
export function withEngine(of: PlaceCase, name: 'wasm' | 'native', tests: (engine: () => Engine) => void): void {
  let engine: Engine | undefined;
  before(async () => {
    addPlaces(of);
    of.add?.();
    engine = await openEngine(name, {
      assetsDirectory,
      ...(name === 'native' ? { runtimeFolder: installedFolder } : {}),
    });
  });
  after(() => {
    engine?.dispose();
    removePlaces(of);
    of.remove?.();
  });
  tests(() => engine ?? assert.fail('there is no engine'));
}

/** The tests that every such case passes. */
export function placeSuites(of: PlaceCase): void {
  const { title, labelShape, files, specWith } = of;
  describe(title, () => {
    withEngine(of, 'wasm', (engine) => {
      test('labels are stores with a shape and a mask, in memory and on disk', async () => {
        const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-places-'));
        const whole = await preparedFrom(specWith(), files, directory);
        const streamed = await preparedFrom(specWith(), files, directory, 1024);
        try {
          assert.deepEqual([whole.data.storage.streamed, streamed.data.storage.streamed], [false, true]);
          for (const part of ['train', 'validation'] as const) {
            const [a, b] = [whole, streamed].map(({ data }) => {
              const split = data.splits[part];
              const { values, present, mask, weight } = split.targets.get('places') ?? assert.fail();
              assert.deepEqual(values.shape, labelShape);
              assert.ok(present);
              return [gatherAll(values, split.n), gatherAll(present, split.n), mask, weight];
            });
            assert.deepEqual(b, a);
          }
          // Unknown places do not count; the others are of one of two classes.
          const size = product(labelShape);
          const counts = countsIn(whole, 'train', size);
          assert.deepEqual(whole.classCounts.get('places'), counts);
          assert.deepEqual(streamed.classCounts, whole.classCounts);
          const judged = countsIn(whole, 'validation', size);
          const shares = counts.map((count) => count / (counts[0] + counts[1]));
          const byHand = -judged.reduce((sum, count, kind) => sum + count * Math.log(shares[kind] ?? NaN), 0);
          for (const { tasks, data } of [whole, streamed]) {
            const constants = constantLosses(tasks, data.splits.train, data.splits.validation);
            const found = constants.get('places') ?? NaN;
            assert.ok(Math.abs(found - byHand / (judged[0] + judged[1])) < 1e-6, String(found));
          }
        } finally {
          for (const { data, model } of [whole, streamed]) {
            model.dispose();
            data.close();
          }
          fs.rmSync(directory, { recursive: true, force: true });
        }
      });

      test('learns on wasm, from memory and from disk alike', async () => {
        const found = await train(engine(), of, specWith());
        assertLearns(found);
        assert.deepEqual((await train(engine(), of, specWith(), { memory: 1024 })).losses, found.losses);
      });

      test('learns with a gradient for each task', async () => {
        assertLearns(await train(engine(), of, specWith({ strategy: 'pcgrad' })));
      });
    });
  });

  nativeSuite(`${title}, natively`, () => {
    withEngine(of, 'native', (engine) => {
      for (const strategy of ['static', 'pcgrad']) {
        test(`${strategy}: as graphs as operation by operation, from memory and from disk`, async () => {
          const spec = specWith({ strategy });
          const eager = await train(engine(), of, spec);
          const captured = await train(engine(), of, spec, { captured: true });
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
          const streamed = await train(engine(), of, spec, { captured: true, memory: 1024 });
          assert.deepEqual([streamed.graph, streamed.losses], [true, captured.losses]);
        });
      }
    });
  });
}
