// A class of weight 0: what a batch of only such is to the training, and what an evaluation makes of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PreparedSplit } from '../../../../src/samples/contract.ts';
import { loadBatch, toLearnFrom } from '../../../../src/trainer/prepare/load-batch.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { evaluateSplit } from '../../../../src/trainer/training/evaluate-split.ts';
import { eagerInference } from '../../../../src/trainer/step/passes/inference.ts';
import { fullRows, smallTrial, threeTasks, type Overrides } from '../step/helpers.ts';
import { distance, embeddedEngine, parameters, recordsOf, slots, type Row, type Trial } from '../training-helpers.ts';
import { readyStore } from '../../../../src/samples/row-stores.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const tasksWith = (loss: object): object => ({
  ...threeTasks,
  kind: { ...threeTasks.kind, loss: { type: 'weighted-cross-entropy', ...loss } },
});
const weightless = { classWeights: { down: 0 } };
const positionsOf = (kind: string, count: number, from: readonly Row[] = fullRows): Int32Array =>
  Int32Array.from(from.flatMap((row, at) => (row['kind'] === kind ? [at] : [])).slice(0, count));
const lossesOf = ({ records }: Trial): unknown[] => recordsOf(records, 'step').map(({ losses }) => losses.get('kind'));
/** A record each step. */
function stepThrough({ training }: Trial, batches: readonly Int32Array[]): void {
  for (const positions of batches) {
    training.step([positions]);
    training.flush();
  }
}
const training = { optimizer: 'momentum', learningRate: 0.05, conventions: 'pytorch' };

for (const strategy of ['static', 'mgda', 'uncertainty', 'adatask', 'graddrop']) {
  for (const reduction of ['labelled-mean', 'batch-mean']) {
    test(`${strategy}, ${reduction}: a batch of only such is as one without labels of the task`, async () => {
      const overrides: Overrides = { strategy, training: { ...training, reduction } };
      const zero = await smallTrial({ ...overrides, tasks: tasksWith(weightless) }, fullRows);
      // The same with those labels gone.
      const rows = fullRows.map((row) => (row['kind'] === 'down' ? { ...row, kind: '' } : row));
      const gone = await smallTrial({ ...overrides, tasks: tasksWith({ classWeights: { up: 1 } }) }, rows);
      const [mixed, down] = [Int32Array.of(...positionsOf('up', 6)), positionsOf('down', 6)];
      for (const made of [zero, gone]) stepThrough(made, [mixed, down, mixed]);
      assert.equal(distance(parameters(zero.prepared), parameters(gone.prepared)), 0);
      assert.equal(distance(slots(zero.training), slots(gone.training)), 0);
      const losses = lossesOf(zero);
      assert.deepEqual(losses.map((loss) => loss === null), [false, true, false]); // prettier-ignore
      assert.deepEqual(losses, lossesOf(gone));
      // Metrics of the running epoch are those of the labels that are trained on.
      for (const made of [zero, gone]) made.training.endEpoch();
      const [own, other] = [zero, gone].map(({ records }) => recordsOf(records, 'epoch')[0]?.train.metrics.get('kind'));
      assert.ok(own && own.size > 0);
      assert.deepEqual([...own], [...(other ?? [])]);
      for (const made of [zero, gone]) made.dispose();
    });
  }
}

test('with other labels beside them they change the mean by nothing', async () => {
  const zero = await smallTrial({ training, tasks: tasksWith(weightless) }, fullRows);
  const rows = fullRows.map((row) => (row['kind'] === 'down' ? { ...row, kind: '' } : row));
  const gone = await smallTrial({ training, tasks: tasksWith({ classWeights: { up: 1 } }) }, rows);
  const mixed = Int32Array.of(...positionsOf('down', 3), ...positionsOf('up', 3));
  for (const made of [zero, gone]) stepThrough(made, [mixed, mixed, mixed]);
  assert.ok(distance(parameters(zero.prepared), parameters(gone.prepared)) < 1e-6);
  for (const made of [zero, gone]) made.dispose();
});

test('small batches that often have only such do not end as diverged', async () => {
  const made = await smallTrial({ training: { ...training, batchSize: 2 }, tasks: tasksWith(weightless) }, fullRows);
  stepThrough(
    made,
    Array.from({ length: 24 }, (_, at) => Int32Array.of(2 * at, 2 * at + 1)),
  );
  const losses = lossesOf(made);
  assert.ok(losses.includes(null));
  assert.ok(
    losses.every((loss) => loss === null || Number.isFinite(loss)),
    losses.join(),
  );
  made.dispose();
});

test('an evaluation divides once: Σ w (−ln p) / Σ w of all batches, null where no label has a weight', async () => {
  const labelSmoothing = 0.2;
  const rows = [...fullRows, ...fullRows, ...fullRows, ...fullRows, ...fullRows, ...fullRows, ...fullRows]
    .sort((a, b) => String(a['kind']).localeCompare(String(b['kind'])))
    .map((row) => ({ ...row }));
  assert.ok(positionsOf('down', 1000, rows).length < rows.length);
  const made = await smallTrial({ training, tasks: tasksWith({ ...weightless, labelSmoothing }) }, rows);
  const { model, tasks, data } = made.prepared;
  const { losses } = evaluateSplit(model, tasks, data.splits.train);
  const task = tasks.find(({ name }) => name === 'kind');
  const raw = evaluatedHead(made);
  const [up, down] = [rows.filter(({ kind }) => kind === 'up').length, rows.length];
  let sum = 0;
  rows.forEach((_, at) => {
    const target = data.splits.train.targets.get('kind')?.values.gather(Int32Array.of(at))[0] ?? NaN;
    sum += task?.loss.sample(raw.subarray(at * 2, at * 2 + 2), [target]).loss ?? NaN;
  });
  assert.ok(up < down && Math.abs((losses.get('kind') ?? NaN) - sum / up) < 1e-5);
  made.dispose();
});

/** ln p of all rows: a head that gives the same probabilities. */
function evaluatedHead({ prepared }: Trial): Float64Array {
  const { model, tasks, data } = prepared;
  const found: number[] = [];
  for (let from = 0; from < data.splits.train.n; from += 50) {
    const positions = Int32Array.from({ length: Math.min(50, data.splits.train.n - from) }, (_, at) => from + at);
    const batch = loadBatch(data.splits.train, positions, model.inputs, tasks.map(({ name }) => name)); // prettier-ignore
    const { answers } = eagerInference(model, tasks)(batch);
    found.push(...Array.from(answers[0] ?? [], Math.log));
    batch.dispose();
  }
  return Float64Array.from(found);
}

/** Three rows: `some` is labeled in the first two, with a sample weight of 0 in the second; `wide` lacks a number. */
const split: PreparedSplit = {
  n: 3,
  rows: Int32Array.of(0, 1, 2),
  inputs: new Map(),
  targets: new Map([
    [
      'some',
      {
        ...{ values: readyStore(Float32Array.of(7, 8, 0), [1]), mask: Uint8Array.of(1, 1, 0) },
        ...{ weight: Float32Array.of(2, 0, 0), labeled: 2 },
      },
    ],
    [
      'wide',
      {
        ...{ values: readyStore(Float32Array.of(1, 2, 3, 0, 5, 6), [2]), mask: Uint8Array.of(1, 1, 1), labeled: 3 },
        ...{ weight: Float32Array.of(1, 3, 4), present: readyStore(Uint8Array.of(1, 1, 1, 0, 0, 1), [2]) },
      },
    ],
  ]),
};
const tasks = ['some', 'wide'];

test('a batch has the labels of its rows; tensors only where one of them counts', () => {
  const batch = loadBatch(split, Int32Array.of(1, 0), [], tasks);
  const [some, wide] = batch.targets;
  assert.equal(batch.size, 2);
  assert.deepEqual([...(some?.target.dataSync() ?? [])], [8, 7]);
  assert.deepEqual([some?.target.shape, some?.weights.shape], [[2, 1], [2]]); // prettier-ignore
  assert.deepEqual([...(some?.weights.dataSync() ?? [])], [0, 2]);
  // One weight a number where some are missing: the row's, or 0.
  assert.deepEqual([...(wide?.weights.dataSync() ?? [])], [3, 0, 1, 1]);
  assert.deepEqual(wide?.weights.shape, [2, 2]);
  batch.dispose();
  const light = loadBatch(split, Int32Array.of(1, 2), [], tasks);
  assert.equal(light.targets[0], null, 'a label of weight 0 teaches nothing');
  assert.equal(light.labels[0]?.labeled, 1, 'but metrics see it');
  light.dispose();
  const none = loadBatch(split, Int32Array.of(2), [], tasks);
  assert.deepEqual([none.targets[0], none.labels[0]], [null, null]);
  none.dispose();
});

test('for an absent task there are labels without weight, made once and freed with the batch', () => {
  const before = tf.memory().numTensors;
  const batch = loadBatch(split, Int32Array.of(2, 1), [], tasks);
  const made = batch.unlabeled?.(0);
  assert.deepEqual([...(made?.weights.dataSync() ?? [1])], [0, 0]);
  assert.deepEqual(made?.target.shape, [2, 1]);
  assert.equal(batch.unlabeled?.(0), made);
  assert.throws(() => batch.unlabeled?.(5), /The data has no task ""\./);
  batch.dispose();
  assert.equal(tf.memory().numTensors, before);
  assert.throws(() => loadBatch(split, Int32Array.of(0), ['x'], tasks), /The data has no input "x"\./);
  // Where every label counts no task is ever absent.
  const full = { ...split, targets: new Map([...split.targets].slice(1)) };
  const complete = loadBatch(full, Int32Array.of(0), [], ['wide']);
  assert.equal(complete.unlabeled, undefined);
  complete.dispose();
});

test('labels that a loss does not count have no weight to learn from, and a task of only such is absent', () => {
  const batch = loadBatch(split, Int32Array.of(0, 1), [], tasks);
  const learned = (wanted: number | null) =>
    toLearnFrom(batch, [{ loss: wanted === null ? {} : { counts: (label) => label[0] === wanted } }, { loss: {} }]);
  assert.deepEqual([...(learned(7).labels[0]?.weight ?? [])], [2, 0]);
  assert.equal(learned(7).targets[0], batch.targets[0]);
  assert.equal(learned(8).targets[0], null);
  assert.deepEqual([...(learned(8).labels[0]?.mask ?? [])], [1, 1], 'metrics see them all the same');
  assert.equal(learned(null).labels[0], batch.labels[0]);
  assert.equal(learned(9).targets[1], batch.targets[1]);
  batch.dispose();
});
