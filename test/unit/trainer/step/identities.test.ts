// What theory says of strategies, in the real training loop (conventions 7): T identical tasks (H2), stationary identities (H3),
// absent tasks, accumulation.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Engine } from '../../../../src/engine/contract.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { strategyNames } from '../../../../src/spec/index.ts';
import { distance, embeddedEngine, parameters, sampleRows, type Row, type Trial } from '../training-helpers.ts';
import { fullRows, smallTrial, threeTasks, type Fields } from './helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
const sgd = { optimizer: 'sgd', learningRate: 0.1, batchSize: 16 };
const value = { type: 'regression', target: 'value', input: 'trunk' };

/** All heads alike, so that tasks with one target are one task. */
function alikeHeads({ prepared }: Trial): void {
  const { variables } = prepared.model;
  for (const { path, variable } of variables) {
    if (!path.startsWith('tasks/') || !path.endsWith('kernel')) continue;
    tf.tidy(() => {
      variable.assign(
        tf.tensor(
          Float32Array.from({ length: variable.size }, (_, i) => 0.3 - 0.2 * i),
          variable.shape,
        ),
      );
    });
  }
}

/** By how much one step moved the trunk's parameters. */
async function trunkStep(strategy: Fields, copies: number): Promise<Float32Array> {
  const tasks = Object.fromEntries(Array.from({ length: copies }, (_, i) => [`t${String(i)}`, value]));
  const made = await smallTrial({ strategy, tasks, training: sgd }, fullRows);
  alikeHeads(made);
  const start = parameters(made.prepared);
  made.training.step(strategy['name'] === 'modo' ? [range(0, 16), range(16, 32), range(0, 16)] : [range(0, 16)]);
  const end = parameters(made.prepared);
  made.dispose();
  const trunk = [...start].filter(([path]) => path.startsWith('trunk/'));
  return Float32Array.from(
    trunk.flatMap(([path, values]) => [...values].map((v, i) => (end.get(path)?.[i] ?? NaN) - v)),
  );
}

const norm = (v: Float32Array): number => Math.hypot(...v);

describe('T identical tasks move the trunk as one task does, times a known factor (H2)', () => {
  const [T, c] = [3, 0.4];
  const cases: readonly (readonly [Fields, number | ((g: number) => number)])[] = [
    ...['sum', 'unitary', 'pcgrad', 'gradvac', 'config'].map((name) => [{ name }, T] as const),
    [{ name: 'graddrop' }, T],
    [{ name: 'aligned-mtl', convention: 'sum' }, T],
    ...['mean', 'mgda', 'imtl-g', 'upgrad', 'dualproj', 'krum'].map((name) => [{ name }, 1] as const),
    [{ name: 'trimmed-mean' }, 1],
    [{ name: 'cagrad', c, rescale: 0 }, 1 + c],
    [{ name: 'cagrad', c: 0 }, 1],
    [{ name: 'nash-mtl', maxNorm: 0 }, (g) => Math.sqrt(T) / g],
    [{ name: 'mgda', scale: 'sum' }, T],
    [{ name: 'pcgrad', scale: 'mean' }, 1],
  ];
  for (const [strategy, factor] of cases) {
    test(JSON.stringify(strategy), async () => {
      const single = await trunkStep({ name: 'sum' }, 1);
      const many = await trunkStep(strategy, T);
      const times = typeof factor === 'number' ? factor : factor(norm(single) / sgd.learningRate);
      const apart = many.map((v, i) => v - times * (single[i] ?? NaN));
      assert.ok(norm(apart) < 2e-5 * times * norm(single) + 1e-8, String(norm(apart) / norm(single)));
    });
  }
});

describe('at the first step strategies with stationary scales share the direction Σ∇l/l (H3)', () => {
  /** One step of the trunk under two tasks, as a unit vector. */
  async function direction(strategy: Fields): Promise<Float32Array> {
    const tasks = { value, other: threeTasks.other };
    const made = await smallTrial({ strategy, tasks, training: { ...sgd, learningRate: 1e-3 } }, fullRows);
    const start = parameters(made.prepared);
    made.training.step([range(0, 16)]);
    const moved = [...parameters(made.prepared)]
      .filter(([path]) => path.startsWith('trunk/'))
      .flatMap(([path, values]) => [...values].map((v, i) => v - (start.get(path)?.[i] ?? NaN)));
    made.dispose();
    const all = Float32Array.from(moved);
    const length = norm(all);
    return all.map((v) => v / length);
  }
  for (const name of ['uncertainty-optimal', 'geometric', 'famo']) {
    test(`${name} as log`, async () => {
      const [log, found] = [await direction({ name: 'log' }), await direction({ name })];
      assert.ok(norm(log.map((v, i) => v - (found[i] ?? NaN))) < 2e-3);
    });
  }
});

/** Facts and primary tasks aside: strategies that know nothing of a task that has no label in the batch. */
const indifferent = strategyNames
  .filter((name) => !['complexity', 'data-size', 'initial-loss', 'pcd', 'cr-mogm', 'modo', 'sdmgrad'].includes(name))
  .map((name): Fields => (name === 'gradnorm' ? { name, measured: 'shared' } : { name }));

describe('a task without a label in the batch is as if it were not there', () => {
  // The third task has labels in the second half of the rows alone.
  const rows: readonly Row[] = sampleRows(48).map((row, index) => ({
    ...row,
    other: index < 24 ? '' : (row['other'] ?? ''),
    part: 'train',
  }));
  for (const strategy of indifferent) {
    test(JSON.stringify(strategy), async () => {
      const { other: _, ...two } = threeTasks;
      const all: Map<string, Float32Array>[] = [];
      for (const tasks of [threeTasks, two]) {
        const made = await smallTrial({ strategy, tasks, training: { batchSize: 12 } }, rows);
        const start = parameters(made.prepared);
        for (const from of [0, 12]) made.training.step([range(from, from + 12)]);
        const end = parameters(made.prepared);
        for (const [path, values] of start)
          if (path.startsWith('tasks/other/')) assert.deepEqual(end.get(path), values, path);
        all.push(new Map([...end].filter(([path]) => !path.startsWith('tasks/other/'))));
        made.dispose();
      }
      const [three, without] = all;
      assert.ok(three && without);
      assert.equal(distance(three, without), 0);
    });
  }
});

describe('two half batches that accumulate are the whole batch', () => {
  for (const strategy of indifferent) {
    if (['moml', 'auto-lambda', 'forum'].includes(String(strategy['name']))) continue;
    test(JSON.stringify(strategy), async () => {
      const all: Map<string, Float32Array>[] = [];
      for (const [accumulate, batchSize] of [[1, 16] as const, [2, 8] as const]) {
        const made = await smallTrial({ strategy, training: { ...sgd, accumulate, batchSize } });
        for (const from of [0, 16]) {
          const halves = [range(from, from + 8), range(from + 8, from + 16)];
          made.training.step(accumulate === 1 ? [range(from, from + 16)] : halves);
        }
        all.push(parameters(made.prepared));
        made.dispose();
      }
      const [whole, halves] = all;
      assert.ok(whole && halves);
      assert.ok(distance(whole, halves) < 2e-5, String(distance(whole, halves)));
    });
  }
});
