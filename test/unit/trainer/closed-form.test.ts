/**
 * A linear trunk between fixed heads under mean squared errors is a quadratic in its weights, so that every step is known:
 * θ_k = θ* + (I − ηH)^k (θ₀ − θ*), with momentum the same of a matrix twice as large (conventions 7, H4). Partial labels and
 * l2 are in H. The other side is double precision.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Text } from '../../../src/common/text.ts';
import { CapturedExecutor } from '../../../src/trainer/step/executors/captured/executor.ts';
import { NodeJSKernelBackend } from '../../../src/engine/native/tfjs-node.ts';
import { openEngine } from '../../../src/engine/open.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import { buildModel, type Model } from '../../../src/trainer/model/build.ts';
import { createOptimizer } from '../../../src/trainer/optimizers/optimizer.ts';
import { generator } from '../../../src/numbers/random.ts';
import { eagerExecutor } from '../../../src/trainer/step/executors/eager/executor.ts';
import type { ExecutorFactory } from '../../../src/trainer/step/executors/contract.ts';
import { LossMethod } from '../../../src/trainer/step/methods/losses.ts';
import { mainOptimizer } from '../../../src/trainer/step/methods/learned.ts';
import type { Batch, StepTask } from '../../../src/trainer/step/contract.ts';
import { createUpdate } from '../../../src/trainer/step/passes/update.ts';
import { resolvedOptimizer } from './resolved.ts';
import { createTask } from '../../../src/trainer/tasks/table.ts';
import { createStrategy } from '../../golden/runner/strategies.ts';
import { installedFolder, nativeSuite } from '../engine/native/support.ts';
import { assetsDirectory } from '../engine/support.ts';
import { planOf } from './model/fixture.ts';
import { embeddedEngine } from './training-helpers.ts';

type Matrix = readonly (readonly number[])[];

const [samples, width, units, steps] = [24, 3, 2, 200];
const rate = 0.05;
const random = generator(9, 9, 9, 9);
const normals = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.fround(random.normal())));

const x = normals(samples, width);
const tasks = (['a', 'b', 'c'] as const).map((name, index) => ({
  name,
  weight: [0.5, 0.3, 0.2][index] ?? 0,
  head: normals(units, 1).map(([v]) => v ?? 0),
  y: normals(samples, 1).map(([v]) => v ?? 0),
  // Task a has all labels, the others a half or a third of them.
  mask: Array.from({ length: samples }, (_, row) => Number(row % (index + 1) === 0)),
}));

/** Hessian and linear term of Σ_t w_t/n_t Σ_i m_i (x_i W v_t − y_i)² + λ‖W‖² in θ = vec(W), row by row. */
function quadratic(l2: number): { hessian: number[][]; linear: number[] } {
  const size = width * units;
  const hessian = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) => (i === j ? 2 * l2 : 0)),
  );
  const linear = new Array<number>(size).fill(0);
  for (const { weight, head, y, mask } of tasks) {
    const scale = (2 * weight) / mask.reduce((sum, m) => sum + m, 0);
    x.forEach((row, sample) => {
      if (mask[sample] === 0) return;
      const slope = row.flatMap((value) => head.map((v) => value * v));
      slope.forEach((a, i) => {
        linear[i] = (linear[i] ?? 0) + scale * a * (y[sample] ?? 0);
        slope.forEach((b, j) => ((hessian[i] as number[])[j] = (hessian[i]?.[j] ?? 0) + scale * a * b));
      });
    });
  }
  return { hessian, linear };
}

const times = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0));
const multiply = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, value, k) => sum + value * (b[k]?.[j] ?? 0), 0)));

/** By squaring: no step of the recursion is walked. */
function power(matrix: Matrix, exponent: number): Matrix {
  if (exponent === 1) return matrix;
  const half = power(matrix, Math.floor(exponent / 2));
  const square = multiply(half, half);
  return exponent % 2 === 0 ? square : multiply(square, matrix);
}

/** Gauss–Jordan; the Hessian is positive definite, so no pivoting is needed. */
function solve(matrix: Matrix, right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  rows.forEach((pivot, at) => {
    const divisor = pivot[at] ?? NaN;
    pivot.forEach((value, j) => (pivot[j] = value / divisor));
    rows.forEach((row, i) => {
      const factor = row[at] ?? 0;
      if (i !== at) row.forEach((value, j) => (row[j] = value - factor * (pivot[j] ?? 0)));
    });
  });
  return rows.map((row) => row.at(-1) ?? NaN);
}

/** θ after k steps; velocity u ← μu + g, θ ← θ − ηu. */
function expected(first: readonly number[], l2: number, momentum: number, k: number): number[] {
  const { hessian, linear } = quadratic(l2);
  const optimum = solve(hessian, linear);
  const off = first.map((value, index) => value - (optimum[index] ?? 0));
  const size = first.length;
  const unit = (i: number, j: number): number => Number(i === j);
  // Rows of θ − θ*, then rows of u.
  const companion = Array.from({ length: 2 * size }, (_, i) =>
    Array.from({ length: 2 * size }, (__, j) => {
      const [row, column] = [i % size, j % size];
      const h = j < size ? (hessian[row]?.[column] ?? 0) : momentum * unit(row, column);
      return i < size ? (j < size ? unit(row, column) : 0) - rate * h : h;
    }),
  );
  const state = times(power(companion, k), [...off, ...off.map(() => 0)]);
  return optimum.map((value, index) => value + (state[index] ?? 0));
}

function train(factory: ExecutorFactory, l2: number, momentum: number): { first: number[]; at: Map<number, number[]> } {
  const plan = planOf({
    inputs: { x: { shape: [width] } },
    blocks: { trunk: { input: ['x'], layers: [{ type: 'dense', units, useBias: false }] } },
    tasks: Object.fromEntries(
      tasks.map(({ name }) => [name, { type: 'regression', input: ['trunk'], units: 1, loss: 'mse' } as const]),
    ),
  });
  const built = buildModel(plan, { seed: 1, conventions: 'tf' });
  // The heads stay fixed: the trunk alone is trained.
  const isTrunk = (path: string): boolean => path === 'trunk/0/kernel';
  const fixed = (variables: Model['variables']): Model['variables'] =>
    variables.map((one) => (isTrunk(one.path) ? one : { ...one, trainable: false }));
  const model = { ...built, variables: fixed(built.variables), kept: fixed(built.kept) };
  const trunk = model.variables.find(({ path }) => isTrunk(path));
  assert.ok(trunk);
  for (const { name, head } of tasks) {
    const kernel = model.variables.find(({ path }) => path === `tasks/${name}/head/kernel`);
    tf.tidy(() => kernel?.variable.assign(tf.tensor2d(head, [units, 1])));
  }
  const name = momentum > 0 ? { name: 'momentum', momentum } : { name: 'sgd' };
  const optimizer = createOptimizer(model.variables, { optimizer: resolvedOptimizer(name, 'tf'), conventions: 'tf' });
  const update = createUpdate(model, { optimizer, l1: 0, l2, clipNorm: undefined });
  const context = {
    model,
    reduction: 'labelled-mean' as const,
    seed: 0,
    tasks: tasks.map((task): StepTask => {
      const planned = plan.tasks.get(task.name);
      assert.ok(planned);
      const created = createTask(planned, {});
      return { name: task.name, weight: task.weight, loss: created.loss, answers: (raw) => created.answers(raw) };
    }),
  };
  const strategy = createStrategy('static', { parameters: {}, tasks: tasks.map((task) => task.name) });
  const executor = factory(context, update);
  const method = new LossMethod({ context, executor, strategy }, mainOptimizer(optimizer.rule));
  let state = method.initialState();
  const batch: Batch = {
    size: samples,
    inputs: [tf.tensor2d(x)],
    targets: tasks.map(({ y, mask }) => ({
      target: tf.tensor2d(y, [samples, 1]),
      weights: tf.tensor1d(mask),
    })),
  };
  const first = [...trunk.variable.dataSync()];
  const at = new Map<number, number[]>();
  for (let step = 0; step < steps; step++) {
    const place = { step, epoch: 0, learningRate: rate, measured: false };
    ({ state } = method.run({ batches: [batch], step }, place, state));
    if (![0, 9, steps - 1].includes(step)) continue;
    executor.pull();
    at.set(step + 1, [...trunk.variable.dataSync()]);
  }
  tf.dispose([...batch.inputs, ...batch.targets.flatMap((pair) => (pair ? [pair.target, pair.weights] : []))]);
  optimizer.dispose();
  model.dispose();
  return { first, at };
}

function suite(open: () => Promise<Engine>, factoryOf: (engine: Engine) => ExecutorFactory): void {
  let engine: Engine | undefined;
  before(async () => {
    engine = await open();
  });
  after(() => engine?.dispose());
  for (const [l2, momentum] of [
    [0, 0],
    [0.05, 0],
    [0, 0.8],
    [0.05, 0.8],
  ] as const) {
    test(`l2 ${String(l2)}, momentum ${String(momentum)}`, () => {
      assert.ok(engine);
      const { first, at } = train(factoryOf(engine), l2, momentum);
      assert.deepEqual([...at.keys()], [1, 10, steps]);
      for (const [step, values] of at) {
        const wanted = expected(first, l2, momentum, step);
        values.forEach((value, index) => {
          const apart = Math.abs(value - (wanted[index] ?? NaN));
          assert.ok(apart < 5e-6, `step ${String(step)}, element ${String(index)}: ${String(apart)}`);
        });
      }
    });
  }
}

const native = (): Promise<Engine> => openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });

/** Every step is a graph: nothing may be refused. */
function graphs({ backend }: Engine): ExecutorFactory {
  assert.ok(backend instanceof NodeJSKernelBackend);
  const onRefusal = ({ en }: Text): void => assert.fail(en);
  return (context, update) =>
    new CapturedExecutor({
      ...{ backend, context, onRefusal },
      ...{ update: update.options, eager: eagerExecutor(context, update) },
    });
}

describe('a linear trunk under fixed heads follows its closed form', () => {
  suite(embeddedEngine, () => eagerExecutor);
});
nativeSuite('on the native engine too', () => {
  suite(native, () => eagerExecutor);
});
nativeSuite('and captured', () => {
  suite(native, graphs);
});
