/**
 * Thirty real steps (forward, partial labels, an absent task, static weights, l2, clipping, Adam, batch normalization)
 * against the same training in PyTorch, on the plain cpu backend and on the embedded engine.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PlanTask } from '../../../../src/plan/plan.ts';
import { openEngine } from '../../../../src/engine/open.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { buildModel, type Model } from '../../../../src/trainer/model/build.ts';
import { createOptimizer } from '../../../../src/trainer/optimizers/optimizer.ts';
import { eagerExecutor } from '../../../../src/trainer/step/executors/eager/executor.ts';
import { LossMethod } from '../../../../src/trainer/step/methods/losses.ts';
import { mainOptimizer } from '../../../../src/trainer/step/methods/learned.ts';
import type { MethodContext } from '../../../../src/trainer/step/methods/statistics.ts';
import type { Batch, StepTask } from '../../../../src/trainer/step/contract.ts';
import { createUpdate } from '../../../../src/trainer/step/passes/update.ts';
import { createTask } from '../../../../src/trainer/tasks/table.ts';
import { assertClose, vectors } from '../tasks/vectors.ts';
import { resolvedOptimizer } from '../resolved.ts';
import { type LoosePlan, planOf } from './fixture.ts';

interface ReferenceBatch {
  readonly x: number[][][][];
  readonly targets: Readonly<Record<string, { readonly target: number[][]; readonly weight: number[] }>>;
}

interface Reference {
  readonly settings: {
    readonly l2: number;
    readonly clipNorm: number;
    readonly learningRate: number;
    readonly weights: Readonly<Record<string, number>>;
  };
  readonly start: Readonly<Record<string, number[]>>;
  readonly end: Readonly<Record<string, number[]>>;
  readonly batches: ReferenceBatch[];
  readonly steps: { readonly losses: Readonly<Record<string, number | null>>; readonly norm: number }[];
}

const reference = vectors<Reference>('training');
const { settings } = reference;

const loose: LoosePlan = {
  inputs: { x: { shape: [6, 6, 1] } },
  blocks: {
    特征: {
      input: ['x'],
      layers: [
        { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
        { type: 'batchNormalization' },
        { type: 'maxPooling2d' },
        { type: 'flatten' },
        { type: 'dense', units: 6, activation: 'tanh' },
      ],
    },
  },
  tasks: {
    分类: { type: 'classification', input: ['特征'], units: 3, loss: 'cross-entropy' },
    回归: { type: 'regression', input: ['特征'], units: 2, loss: 'mse' },
    检测: { type: 'box', input: ['特征'], units: 4, loss: 'giou' },
  },
};

function assign(model: Model): void {
  for (const { path, variable } of model.variables) {
    tf.tidy(() => {
      variable.assign(tf.tensor(reference.start[path] ?? [], variable.shape));
    });
  }
}

function batchOf({ x, targets }: ReferenceBatch): Batch {
  return {
    size: x.length,
    inputs: [tf.tensor4d(x)],
    targets: Object.keys(settings.weights).map((name) => {
      const { target = [], weight = [] } = targets[name] ?? {};
      if (weight.every((value) => value === 0)) return null;
      return { target: tf.tensor2d(target), weights: tf.tensor1d(weight) };
    }),
  };
}

/** One step; gives the losses in task order, null where absent. */
function trainStep(method: LossMethod, step: number): (number | null)[] {
  tf.engine().startScope();
  const batch = batchOf(reference.batches[step] as ReferenceBatch);
  const place = { step, epoch: 0, learningRate: settings.learningRate, measured: false };
  const { forward } = method.run({ batches: [batch], step }, place, method.initialState());
  tf.engine().endScope();
  return forward.losses.map((loss) => (loss === null ? null : loss.sum / loss.weight));
}

function lossOf(task: PlanTask): Pick<StepTask, 'loss' | 'answers'> {
  const created = createTask(task, {});
  return { loss: created.loss, answers: (raw) => created.answers(raw) };
}

function trainAll(): void {
  const plan = planOf(loose);
  const model = buildModel(plan, { seed: 0, conventions: 'pytorch' });
  assign(model);
  const optimizer = createOptimizer(model.variables, {
    optimizer: resolvedOptimizer({ name: 'adam' }, 'pytorch'),
    conventions: 'pytorch',
  });
  const update = createUpdate(model, { optimizer, l1: 0, l2: settings.l2, clipNorm: settings.clipNorm });
  const tasks = [...plan.tasks.values()].map((task) => ({
    name: task.name,
    ...lossOf(task),
    weight: settings.weights[task.name] ?? 0,
  }));
  const strategy = {
    needs: 'losses' as const,
    initialState: null,
    weigh: ({ weights }: { readonly weights: readonly number[] }) => ({ weights, state: null }),
  };
  const context: MethodContext = { model, tasks, reduction: 'labelled-mean', seed: 0 };
  const method = new LossMethod(
    { context, executor: eagerExecutor(context, update), strategy },
    mainOptimizer(optimizer.rule),
  );
  for (const [step, expected] of reference.steps.entries()) {
    const losses = trainStep(method, step);
    for (const [index, { name }] of tasks.entries()) {
      const value = expected.losses[name] ?? null;
      const seen = losses[index] ?? null;
      if (value === null || seen === null) assert.equal(seen, value, `${name} at step ${String(step)}`);
      else assertClose([seen], [value], 1e-4, `${name} at step ${String(step)}`);
    }
  }
  for (const { path, variable } of model.variables)
    assertClose(variable.dataSync(), reference.end[path] ?? [], 1e-4, path);
  optimizer.dispose();
  model.dispose();
}

describe('training as PyTorch does', () => {
  it('on the plain cpu backend', async () => {
    await tf.setBackend('cpu');
    trainAll();
  });

  it('on the embedded engine, without a leaked tensor', async () => {
    const directory = new URL('../../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url);
    const engine = await openEngine('wasm', { assetsDirectory: fileURLToPath(directory) });
    const held = tf.memory().numTensors;
    trainAll();
    assert.equal(tf.memory().numTensors, held);
    engine.dispose();
  });
});
