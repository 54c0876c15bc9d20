/** Whole runs inside one process: what must not change a run, what must change it, and by how much (conventions 1, H5). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readSpec } from '../../../../src/spec/index.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import {
  csvOf,
  distance,
  embeddedEngine,
  parameters,
  recordsOf,
  sampleRows,
  slots,
  trainThrough,
  trial,
  type Row,
  type Trial,
} from '../training-helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const kind = { type: 'classification', target: 'kind', classes: ['down', 'up'], input: 'trunk' };
const value = { type: 'regression', target: 'value', input: 'trunk' };

interface Overrides {
  readonly tasks?: object;
  readonly weights?: object;
  readonly layers?: readonly object[];
  readonly training?: object;
}

function specOf({ tasks = { kind, value }, weights, layers, training }: Overrides): object {
  return {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } }, split: { column: 'part' } },
    network: { trunk: { input: 'x', layers: layers ?? [{ type: 'dense', units: 6, activation: 'tanh' }] } },
    tasks,
    ...(weights ? { weights } : {}),
    training: { optimizer: 'sgd', learningRate: 0.1, batchSize: 16, epochs: 4, seed: 3, ...training },
  };
}

/** 64 training rows and 16 for validation; a third of each label missing. */
const partial: readonly Row[] = sampleRows(80).map((row, index) => ({
  ...row,
  kind: index % 3 === 0 ? '' : (row['kind'] ?? ''),
  value: index % 3 === 1 ? '' : (row['value'] ?? ''),
  never: '',
  part: index < 64 ? 'train' : 'validation',
}));

async function through(overrides: Overrides, rows: readonly Row[] = partial): Promise<Trial> {
  const made = await trial(specOf(overrides), { 'data.csv': csvOf(rows) });
  trainThrough(made.training);
  return made;
}

/** The variables that `names` names, of another run's. */
function among(all: ReadonlyMap<string, Float32Array>, names: Iterable<string>): Map<string, Float32Array> {
  return new Map([...names].map((name) => [name, all.get(name) ?? new Float32Array()]));
}

const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);

describe('a task without a label in a batch', () => {
  const rows: readonly Row[] = sampleRows(32).map((row, index) => ({
    ...row,
    value: index < 16 ? (row['value'] ?? '') : '',
    part: 'train',
  }));
  const own = [{ type: 'dense', units: 4, activation: 'relu' }, { type: 'batchNormalization' }];
  for (const optimizer of ['momentum', 'adam', 'adamw'] as const) {
    test(`leaves its layers, statistics and ${optimizer} slots bit for bit as they are, and has no loss`, async () => {
      const tasks = { kind, value: { ...value, layers: own } };
      const training = { optimizer, l2: 0.01, clipNorm: 5 };
      const {
        training: run,
        prepared,
        records,
        dispose,
      } = await trial(specOf({ tasks, training }), {
        'data.csv': csvOf(rows),
      });
      run.step([range(0, 16)]);
      const [values, remembered, counts] = [parameters(prepared), slots(run), run.optimizer.counts()];
      records.length = 0;
      run.step([range(16, 32)]);
      run.flush();
      const exclusive = [...values.keys()].filter((name) => name.startsWith('tasks/value/'));
      assert.ok(exclusive.some((name) => name.endsWith('moving_mean')));
      const later = parameters(prepared);
      for (const name of exclusive) assert.deepEqual(later.get(name), values.get(name), name);
      assert.notDeepEqual(later.get('trunk/0/kernel'), values.get('trunk/0/kernel'));
      assert.notDeepEqual(later.get('tasks/kind/head/kernel'), values.get('tasks/kind/head/kernel'));
      const slotsLater = slots(run);
      let checked = 0;
      for (const [name, slot] of remembered) {
        if (!name.startsWith('tasks/value/')) continue;
        assert.deepEqual(slotsLater.get(name), slot, name);
        checked++;
      }
      assert.ok(checked > 0);
      const trainable = prepared.model.variables.filter((variable) => variable.trainable);
      trainable.forEach(({ path }, index) => {
        const moved = (run.optimizer.counts()[index] ?? 0) - (counts[index] ?? 0);
        assert.equal(moved, path.startsWith('tasks/value/') ? 0 : 1, path);
      });
      const [record] = recordsOf(records, 'step');
      assert.equal((record?.losses as ReadonlyMap<string, number | null>).get('value'), null);
      assert.ok(Number.isFinite((record?.losses as ReadonlyMap<string, number | null>).get('kind')));
      dispose();
    });
  }

  test('a batch without any label moves nothing, is counted as a step and tells no loss', async () => {
    const empty = rows.map((row, index) => ({ ...row, kind: index < 16 ? (row['kind'] ?? '') : '' }));
    const made = await trial(specOf({ training: { optimizer: 'adam', l2: 0.01 } }), { 'data.csv': csvOf(empty) });
    made.training.step([range(0, 16)]);
    const before = parameters(made.prepared);
    made.training.step([range(16, 32)]);
    made.training.flush();
    assert.deepEqual(parameters(made.prepared), before);
    assert.equal(made.training.progress.step, 2);
    made.dispose();
  });
});

test('a task that is never labeled changes no number of the run (H5)', async () => {
  const layers = [
    { type: 'dense', units: 6, activation: 'tanh' },
    { type: 'batchNormalization' },
    { type: 'dropout', rate: 0.3 },
  ];
  const training = { optimizer: 'adam', learningRate: 0.01, l2: 0.001, clipNorm: 0.5 };
  const without = await through({ layers, training, weights: { kind: 0.6, value: 0.4 } });
  const never = { ...value, target: 'never' };
  const added = await through({
    layers,
    training,
    tasks: { kind, never, value },
    weights: { kind: 0.6, never: 3, value: 0.4 },
  });
  const [ours, theirs] = [parameters(without.prepared), parameters(added.prepared)];
  for (const [name, values] of ours) assert.deepEqual(theirs.get(name), values, name);
  const [epochs, others] = [recordsOf(without.records, 'epoch'), recordsOf(added.records, 'epoch')];
  assert.equal(others.length, epochs.length);
  epochs.forEach((epoch, index) => {
    const other = others[index];
    assert.equal(other?.validation?.total, epoch.validation?.total);
    assert.equal(other?.validation?.skill, epoch.validation?.skill);
    const losses = epoch.validation?.losses as ReadonlyMap<string, number>;
    const more = other?.validation?.losses as ReadonlyMap<string, number | null>;
    for (const [task, loss] of losses) assert.equal(more.get(task), loss);
    assert.equal(more.get('never'), null);
  });
  without.dispose();
  added.dispose();
});

test('the order of the tasks changes nothing but rounding (H5)', async () => {
  const training = { optimizer: 'momentum', learningRate: 0.05, clipNorm: 1 };
  const weights = { kind: 0.7, value: 0.3 };
  const one = await through({ training, weights });
  const other = await through({ training, weights: { value: 0.3, kind: 0.7 }, tasks: { value, kind } });
  assert.ok(distance(parameters(one.prepared), parameters(other.prepared)) < 2e-6);
  one.dispose();
  other.dispose();
});

test('two half batches that accumulate are the whole batch (H5), labels counted', async () => {
  for (const reduction of ['labelled-mean', 'batch-mean']) {
    const training = { optimizer: 'momentum', learningRate: 0.05, reduction, l2: 0.01, clipNorm: 1 };
    const weights = { kind: 0.7, value: 0.3 };
    const whole = await through({ weights, training });
    const halves = await through({ weights, training: { ...training, batchSize: 8, accumulate: 2 } });
    assert.equal(halves.training.progress.step, whole.training.progress.step);
    const apart = distance(parameters(whole.prepared), parameters(halves.prepared));
    assert.ok(apart < 1e-6, `${reduction}: ${String(apart)}`);
    whole.dispose();
    halves.dispose();
  }
});

test('batches that accumulate see the same dropout in both passes, and move statistics once', async () => {
  const dropped = [
    { type: 'dense', units: 6, activation: 'tanh' },
    { type: 'dropout', rate: 0.5 },
  ];
  const once = await through({ layers: dropped, training: { batchSize: 16, accumulate: 4, epochs: 3 } });
  const [steps, epochs] = [recordsOf(once.records, 'step'), recordsOf(once.records, 'epoch')];
  // The step tells the losses of the first pass, the epoch those of the second.
  assert.deepEqual(
    steps.map(({ losses }) => losses),
    epochs.map(({ train }) => train.losses),
  );
  const normalized = [{ type: 'dense', units: 6 }, { type: 'batchNormalization' }];
  const still = { learningRate: 1e-12, epochs: 1, batchSize: 16 };
  const single = await through({ layers: normalized, training: still });
  const joined = await through({ layers: normalized, training: { ...still, accumulate: 2 } });
  const statistics = ({ prepared }: Trial): unknown =>
    among(parameters(prepared), ['trunk/1/moving_mean', 'trunk/1/moving_variance']);
  assert.deepEqual(statistics(joined), statistics(single));
  for (const made of [once, single, joined]) made.dispose();
});

test('an epoch whose last step accumulates fewer batches loses none, also from its middle', async () => {
  const made = await trial(specOf({ training: { batchSize: 8, accumulate: 3 } }), { 'data.csv': csvOf(partial) });
  const sizes = [...made.training.steps()].map((step) => step.map((batch) => batch.length));
  assert.deepEqual(sizes, [
    [8, 8, 8],
    [8, 8, 8],
    [8, 8],
  ]);
  assert.equal(made.training.stepsPerEpoch, 3);
  const all = [...made.training.steps()].map((step) => step.map((batch) => [...batch]));
  made.training.progress = { ...made.training.progress, stepInEpoch: 1 };
  assert.deepEqual(
    [...made.training.steps()].map((step) => step.map((batch) => [...batch])),
    all.slice(1),
  );
  made.dispose();
});

test('batches with disjoint labels are steps of single tasks by turns (H5)', async () => {
  const rows: readonly Row[] = sampleRows(64).map((row, index) => ({
    ...row,
    kind: index % 32 < 16 ? (row['kind'] ?? '') : '',
    value: index % 32 < 16 ? '' : (row['value'] ?? ''),
    part: 'train',
  }));
  const files = { 'data.csv': csvOf(rows) };
  const weights = { kind: 0.6, value: 0.4 };
  const both = await trial(specOf({ weights }), files);
  const kinds = await trial(specOf({ tasks: { kind }, weights: { kind: 0.6 } }), files);
  const values = await trial(specOf({ tasks: { value }, weights: { value: 0.4 } }), files);
  let [single, next] = [kinds, values];
  for (let step = 0; step < 4; step++) {
    const positions = [range(step * 16, step * 16 + 16)];
    both.training.step(positions);
    single.training.step(positions);
    for (const { path, variable } of next.prepared.model.variables) {
      const shared = single.prepared.model.variables.find((candidate) => candidate.path === path);
      if (shared && path.startsWith('trunk/')) variable.assign(shared.variable);
    }
    [single, next] = [next, single];
  }
  const all = parameters(both.prepared);
  for (const alone of [kinds, values]) {
    for (const [name, numbers] of parameters(alone.prepared)) assert.deepEqual(all.get(name), numbers, name);
  }
  for (const made of [both, kinds, values]) made.dispose();
});

test('batch-mean weighs by label: it is labelled-mean with weights times the labeled share', async () => {
  const rows: readonly Row[] = sampleRows(16).map((row, index) => ({
    ...row,
    value: index % 4 === 0 ? (row['value'] ?? '') : '',
    part: 'train',
  }));
  const training = { epochs: 1, reduction: 'batch-mean' };
  const byLabel = await through({ weights: { kind: 0.5, value: 0.8 }, training }, rows);
  const byTask = await through({ weights: { kind: 0.5, value: 0.2 }, training: { epochs: 1 } }, rows);
  const apart = distance(parameters(byLabel.prepared), parameters(byTask.prepared));
  assert.ok(apart < 1e-7, String(apart));
  // What is told is the unweighted loss per label in both.
  const told = [byLabel, byTask].map(({ records }) => recordsOf(records, 'step')[0]?.losses);
  assert.deepEqual(told[0], told[1]);
  byLabel.dispose();
  byTask.dispose();
});

test('penalties are added before clipping, and only kernels have them', async () => {
  const rate = 0.1;
  const [l1, l2, clipNorm] = [0.02, 0.03, 0.25];
  const base = { epochs: 1, batchSize: 64, learningRate: rate };
  const start = await trial(specOf({ training: base }), { 'data.csv': csvOf(partial) });
  const first = parameters(start.prepared);
  start.dispose();
  const plain = await through({ training: base });
  const full = await through({ training: { ...base, l1, l2, clipNorm } });
  const gradients = new Map(
    [...parameters(plain.prepared)].map(([name, values]) => [
      name,
      Array.from(values, (after, index) => {
        const before = first.get(name)?.[index] ?? NaN;
        const penalty = name.endsWith('kernel') ? 2 * l2 * before + l1 * Math.sign(before) : 0;
        return (before - after) / rate + penalty;
      }),
    ]),
  );
  const norm = Math.sqrt([...gradients.values()].flat().reduce((sum, g) => sum + g * g, 0));
  assert.ok(norm > clipNorm, 'the test must clip');
  for (const [name, values] of parameters(full.prepared)) {
    values.forEach((after, index) => {
      const g = ((gradients.get(name)?.[index] ?? NaN) * clipNorm) / norm;
      assert.ok(Math.abs(after - ((first.get(name)?.[index] ?? NaN) - rate * g)) < 1e-6, name);
    });
  }
  const penalty = [...first]
    .filter(([name]) => name.endsWith('kernel'))
    .flatMap(([, values]) => [...values])
    .reduce((sum, w) => sum + l1 * Math.abs(w) + l2 * w * w, 0);
  const [record] = recordsOf(full.records, 'step');
  const [unpenalized] = recordsOf(plain.records, 'step');
  assert.ok(Math.abs(Number(record?.penalty) - penalty) < 1e-5 * penalty);
  assert.ok(Math.abs(Number(record?.objective) - Number(unpenalized?.objective) - penalty) < 1e-5);
  assert.equal(record?.total, unpenalized?.total, 'the total holds no penalty');
  plain.dispose();
  full.dispose();
});

test('another head changes no first value, no order and no dropout mask of the others', async () => {
  const layers = [
    { type: 'dense', units: 6, activation: 'tanh' },
    { type: 'dropout', rate: 0.4 },
  ];
  const other = { ...value, target: 'other' };
  const tasks = { other, kind, value };
  const files = { 'data.csv': csvOf(partial) };
  const two = await trial(specOf({ layers }), files);
  const three = await trial(specOf({ layers, tasks, weights: { other: 0, kind: 1, value: 1 } }), files);
  const names = parameters(two.prepared).keys();
  const common = [...names];
  assert.deepEqual(among(parameters(three.prepared), common), parameters(two.prepared));
  const order = ({ training }: Trial): number[] => [...training.steps()].flatMap((step) => [...(step[0] ?? [])]);
  assert.deepEqual(order(three), order(two));
  trainThrough(two.training);
  trainThrough(three.training);
  // With a weight of 0 the third head adds exactly nothing to the shared gradient.
  assert.deepEqual(among(parameters(three.prepared), common), parameters(two.prepared));
  const seeded = await trial(specOf({ layers, training: { seed: 4 } }), files);
  assert.notDeepEqual(order(seeded), order(two));
  for (const made of [two, three, seeded]) made.dispose();
});

test('schedules reach the steps: cosine by its formula, plateau by the monitor', async () => {
  const rates = ({ records }: Trial): number[] =>
    recordsOf(records, 'step').map((record) => Number(record.learningRate));
  const cosine = await through({ training: { batchSize: 64, epochs: 5, schedule: 'cosine' } });
  rates(cosine).forEach((rate, step) => {
    assert.ok(Math.abs(rate - 0.05 * (1 + Math.cos((Math.PI * step) / 5))) < 1e-12);
  });
  const schedule = { name: 'plateau', factor: 0.5, patience: 1, minDelta: 100 };
  const plateau = await through({ training: { batchSize: 64, epochs: 4, schedule } });
  assert.equal(rates(plateau)[0], 0.1);
  assert.ok((rates(plateau)[3] ?? 1) <= 0.05);
  cosine.dispose();
  plateau.dispose();
});

test('training by steps ends in the middle of an epoch, which is then told', async () => {
  const { epochs: _, ...training } = { epochs: 0, steps: 6 };
  const spec = specOf({ training }) as { training: Record<string, unknown> };
  delete spec.training['epochs'];
  const made = await trial(spec, { 'data.csv': csvOf(partial) });
  trainThrough(made.training);
  assert.equal(made.training.progress.step, 6);
  assert.deepEqual(
    recordsOf(made.records, 'epoch').map(({ epoch }) => epoch),
    [1, 2],
  );
  made.dispose();
});

test('a last update that breaks the parameters is no success', async () => {
  const training = { batchSize: 64, epochs: 1, learningRate: 1e39 };
  const made = await trial(specOf({ training }), { 'data.csv': csvOf(partial) });
  assert.throws(() => trainThrough(made.training), { code: 'diverged' });
  made.dispose();
});

test('a task named like a property of every object is refused, or trains like any other', async () => {
  const { problems } = readSpec(JSON.stringify(specOf({ tasks: { constructor: kind, value } })));
  assert.ok(problems.some(({ severity }) => severity === 'error'));
  const made = await through({ tasks: { toString: kind, '10': value }, training: { epochs: 1 } });
  const [epoch] = recordsOf(made.records, 'epoch');
  assert.deepEqual([...(epoch?.validation?.losses as ReadonlyMap<string, number>).keys()].sort(), ['10', 'toString']);
  made.dispose();
});

test('all that was made is freed again', () => {
  assert.equal(tf.memory().numTensors, 0);
});
