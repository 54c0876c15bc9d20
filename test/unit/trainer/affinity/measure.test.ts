/** Lookahead affinity against the same numbers worked out in double precision, and against its first-order limit. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadBatch } from '../../../../src/trainer/prepare/load-batch.ts';
import { measureAffinity } from '../../../../src/trainer/affinity/measure.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { makeSteps } from '../../../../src/trainer/training/make-steps.ts';
import {
  csvOf,
  distance,
  embeddedEngine,
  parameters,
  sampleRows,
  slots,
  trial,
  type Trial,
} from '../training-helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const specOf = (training: object) => ({
  data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } }, split: { column: 'part' } },
  network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
  tasks: {
    value: { type: 'regression', target: 'value', input: 'trunk' },
    other: { type: 'regression', target: 'other', input: 'trunk' },
  },
  weights: { value: 0.2, other: 3 },
  training: { batchSize: 16, epochs: 4, engine: 'wasm', ...training },
});

const rowsWith = (label: (row: number) => boolean) =>
  sampleRows(64).map((row, index) => ({ ...row, other: label(index) ? (row['other'] ?? '') : '', part: 'train' }));

async function trained(training: object, steps: number, label: (row: number) => boolean = () => true): Promise<Trial> {
  const made = await trial(specOf(training), { 'data.csv': csvOf(rowsWith(label)) });
  let count = 0;
  for (const positions of made.training.steps()) {
    if (count++ === steps) break;
    made.training.step(positions);
  }
  return made;
}

/** Z of the batch of these rows at a learning rate. */
function measured({ prepared, training }: Trial, rows: Int32Array, learningRate: number, clipNorm?: number) {
  const { context, executor } = makeSteps({ prepared, optimizer: training.optimizer });
  const names = prepared.tasks.map(({ name }) => name);
  const batch = loadBatch(prepared.data.splits.train, rows, prepared.model.inputs, names);
  const looking = { context, executor, optimizer: training.optimizer, clipNorm };
  const found = measureAffinity(looking, { batches: [batch], step: training.progress.step }, learningRate);
  batch.dispose();
  return found;
}

interface Numbers {
  /** [3 × 2], [2] */
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
  /** By task: [2], [1]. */
  readonly heads: readonly (readonly [kernel: Float32Array, bias: number])[];
  readonly x: readonly Float32Array[];
  readonly y: readonly (readonly number[])[];
}

function numbersOf({ prepared }: Trial, rows: Int32Array): Numbers {
  const values = parameters(prepared);
  const get = (path: string) => values.get(path) ?? new Float32Array();
  const { train } = prepared.data.splits;
  return {
    kernel: Float64Array.from(get('trunk/0/kernel')),
    bias: Float64Array.from(get('trunk/0/bias')),
    heads: ['value', 'other'].map((task) => [get(`tasks/${task}/head/kernel`), get(`tasks/${task}/head/bias`)[0] ?? 0]),
    x: [...rows].map((row) => train.inputs.get('x')?.gather(Int32Array.of(row)) as Float32Array),
    y: ['value', 'other'].map((task) =>
      [...rows].map((row) => train.targets.get(task)?.values.gather(Int32Array.of(row))[0] ?? NaN),
    ),
  };
}

/** Mean squared error of a task and its gradient in the trunk, in double precision. */
function lossOf({ kernel, bias, heads, x, y }: Numbers, task: number): { loss: number; gradient: Float64Array } {
  const [head = new Float32Array(2), offset = 0] = heads[task] ?? [];
  const gradient = new Float64Array(8);
  let loss = 0;
  for (const [row, values] of x.entries()) {
    const hidden = [0, 1].map((unit) =>
      values.reduce((sum, value, input) => sum + value * (kernel[input * 2 + unit] ?? 0), bias[unit] ?? 0),
    );
    const away = hidden.reduce((sum, value, unit) => sum + value * (head[unit] ?? 0), offset) - (y[task]?.[row] ?? 0);
    loss += away ** 2 / x.length;
    for (const unit of [0, 1]) {
      const slope = (2 * away * (head[unit] ?? 0)) / x.length;
      values.forEach(
        (value, input) => (gradient[input * 2 + unit] = (gradient[input * 2 + unit] ?? 0) + slope * value),
      );
      gradient[6 + unit] = (gradient[6 + unit] ?? 0) + slope;
    }
  }
  return { loss, gradient };
}

const moved = (numbers: Numbers, by: (index: number) => number): Numbers => ({
  ...numbers,
  kernel: numbers.kernel.map((value, index) => value + by(index)),
  bias: numbers.bias.map((value, index) => value + by(6 + index)),
});

const rows = Int32Array.from({ length: 16 }, (_, index) => index * 2);
const near = (actual: number | null | undefined, expected: number, tolerance: number): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) <= tolerance, `${String(actual)} for ${expected}`);

for (const clipNorm of [undefined, 0.3]) {
  test(`sgd${clipNorm === undefined ? '' : ', clipped'}: the affinity is that of an explicit step`, async () => {
    const made = await trained({ optimizer: 'sgd', learningRate: 0.05, ...(clipNorm ? { clipNorm } : {}) }, 3);
    const numbers = numbersOf(made, rows);
    const found = measured(made, rows, 0.1, clipNorm);
    for (const i of [0, 1]) {
      const { gradient } = lossOf(numbers, i);
      const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
      const factor = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
      const ahead = moved(numbers, (index) => -0.1 * factor * (gradient[index] ?? 0));
      for (const j of [0, 1]) {
        near(found?.affinity[i]?.[j], 1 - lossOf(ahead, j).loss / lossOf(numbers, j).loss, 2e-5);
      }
    }
    const [first, second] = [lossOf(numbers, 0).gradient, lossOf(numbers, 1).gradient];
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
    near(found?.cosines[0]?.[1], dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second)), 1e-5);
    made.dispose();
  });
}

test('adam: with a copy of the running slots and counters, which stay as they were', async () => {
  const made = await trained({ optimizer: 'adam', learningRate: 0.02 }, 4);
  const numbers = numbersOf(made, rows);
  const [before, memory] = [parameters(made.prepared), slots(made.training)];
  const counts = [...made.training.optimizer.counts()];
  const found = measured(made, rows, 0.02);
  const slot = (name: string): number[] =>
    ['kernel', 'bias'].flatMap((part) => [...(memory.get(`trunk/0/${part}:${name}`) ?? [])]);
  const names = [...new Set([...memory.keys()].map((key) => key.slice(key.lastIndexOf(':') + 1)))];
  const [m, v] = [slot(names[0] ?? ''), slot(names[1] ?? '')];
  assert.equal(m.length, 8);
  for (const i of [0, 1]) {
    const { gradient } = lossOf(numbers, i);
    // Adam, fifth update: β₁ .9, β₂ .999, ε 1e-7.
    const ahead = moved(numbers, (index) => {
      const first = 0.9 * (m[index] ?? 0) + 0.1 * (gradient[index] ?? 0);
      const second = 0.999 * (v[index] ?? 0) + 0.001 * (gradient[index] ?? 0) ** 2;
      return (-0.02 * (first / (1 - 0.9 ** 5))) / (Math.sqrt(second / (1 - 0.999 ** 5)) + 1e-7);
    });
    for (const j of [0, 1]) near(found?.affinity[i]?.[j], 1 - lossOf(ahead, j).loss / lossOf(numbers, j).loss, 5e-5);
  }
  assert.equal(distance(before, parameters(made.prepared)), 0);
  assert.equal(distance(memory, slots(made.training)), 0);
  assert.deepEqual([...made.training.optimizer.counts()], counts);
  made.dispose();
});

test('variables that are not trained stand before the others: each keeps its own count and slots', async () => {
  const linear = { type: 'dense', units: 3 };
  const network = {
    fixed: { input: 'x', layers: [linear, linear], trainable: false },
    trunk: { input: 'fixed', layers: [{ type: 'dense', units: 2 }] },
  };
  const spec = { ...specOf({ optimizer: 'adam', learningRate: 0.02, batchSize: 4, epochs: 4 }), network };
  const made = await trial(spec, { 'data.csv': csvOf(rowsWith((row) => row % 8 === 0)) });
  let taken = 0;
  for (const positions of made.training.steps()) {
    made.training.step(positions);
    if (++taken === 10) break;
  }
  const labeled = Int32Array.from({ length: 8 }, (_, index) => index * 8);
  const values = parameters(made.prepared);
  const through = (input: Float64Array, layer: number): Float64Array =>
    Float64Array.from({ length: 3 }, (_, unit) =>
      input.reduce(
        (sum, value, at) => sum + value * (values.get(`fixed/${String(layer)}/kernel`)?.[at * 3 + unit] ?? NaN),
        values.get(`fixed/${String(layer)}/bias`)?.[unit] ?? NaN,
      ),
    );
  const raw = numbersOf(made, labeled);
  const numbers = {
    ...raw,
    x: raw.x.map((row) => Float32Array.from(through(through(Float64Array.from(row), 0), 1))),
  };
  // Trunk, head of value, head of other: that of other had a label in some steps alone.
  const counts = made.training.optimizer.counts();
  assert.deepEqual(counts.slice(0, 4), [10, 10, 10, 10]);
  assert.ok((counts[4] ?? 0) > 0 && (counts[4] ?? 0) < 10, String(counts[4]));
  const memory = slots(made.training);
  const slot = (name: string): number[] =>
    ['kernel', 'bias'].flatMap((part) => [...(memory.get(`trunk/0/${part}:${name}`) ?? [])]);
  const names = [...new Set([...memory.keys()].map((key) => key.slice(key.lastIndexOf(':') + 1)))];
  const [m, v] = [slot(names[0] ?? ''), slot(names[1] ?? '')];
  const found = measured(made, labeled, 0.02);
  for (const i of [0, 1]) {
    const { gradient } = lossOf(numbers, i);
    const ahead = moved(numbers, (index) => {
      const first = 0.9 * (m[index] ?? NaN) + 0.1 * (gradient[index] ?? NaN);
      const second = 0.999 * (v[index] ?? NaN) + 0.001 * (gradient[index] ?? NaN) ** 2;
      return (-0.02 * (first / (1 - 0.9 ** 11))) / (Math.sqrt(second / (1 - 0.999 ** 11)) + 1e-7);
    });
    for (const j of [0, 1]) near(found?.affinity[i]?.[j], 1 - lossOf(ahead, j).loss / lossOf(numbers, j).loss, 5e-5);
  }
  made.dispose();
});

test('small steps: Z tends to η gᵢ·gⱼ / Lⱼ', async () => {
  const made = await trained({ optimizer: 'sgd' }, 2);
  const numbers = numbersOf(made, rows);
  const rate = 0.002;
  const found = measured(made, rows, rate);
  for (const i of [0, 1]) {
    for (const j of [0, 1]) {
      const [left, right] = [lossOf(numbers, i).gradient, lossOf(numbers, j)];
      const product = left.reduce((sum, value, index) => sum + value * (right.gradient[index] ?? 0), 0);
      near(found?.affinity[i]?.[j], (rate * product) / right.loss, 1e-4);
    }
  }
  made.dispose();
});

test('a task without a label in the batch is no part of the measurement', async () => {
  const made = await trained({ optimizer: 'sgd' }, 1, (row) => row >= 32);
  const unlabeled = Int32Array.from({ length: 16 }, (_, index) => index);
  assert.equal(measured(made, unlabeled, 0.1), null);
  const mixed = measured(made, Int32Array.of(0, 1, 40, 41), 0.1);
  assert.deepEqual(
    mixed?.cosines.map((line) => line?.map((value) => value !== null)),
    [
      [true, true],
      [true, true],
    ],
  );
  made.dispose();
});
