/**
 * TensorFlow.js on Node as its packages are: tfjs-node's backend and kernels, tfjs's gradients and optimizer, none of the
 * workbench's. Only the native library underneath is the installed runtime's.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Rank, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { currentRuntime, trustedAddon } from '../../../src/runtime/installed.ts';
import { prepareForRuntime } from '../../../src/engine/native/environment.ts';
import { NodeJSKernelBackend, type TFJSBinding } from '../../../src/engine/native/tfjs-node.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import { serve } from './child.ts';
import type { Answer, Exported, Load } from './protocol.ts';
import { batchPositions, lossWeights, workloads, type WorkloadName } from './workloads.ts';

const [runtimeFolder = ''] = process.argv.slice(2);
let opened = false;

function open(): void {
  if (opened) return;
  const runtime = currentRuntime(runtimeFolder);
  if (runtime === null) throw new Error('the native engine is not installed');
  prepareForRuntime(runtime);
  const found: { exports: unknown } = { exports: {} };
  process.dlopen(found, trustedAddon(runtime), os.constants.dlopen.RTLD_LAZY);
  const binding = found.exports as TFJSBinding;
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu'), 3);
  void tf.setBackend('tensorflow');
  tf.backend();
  opened = true;
}

interface Network {
  readonly variables: ReadonlyMap<string, Variable>;
  forward(x: Tensor): Tensor2D[];
}

type Get = (name: string) => Variable;

const apply = (x: Tensor, layer: string, get: Get): Tensor2D =>
  tf.add(tf.matMul(x as Tensor2D, get(`${layer}/kernel`) as unknown as Tensor2D), get(`${layer}/bias`));
const dense = (x: Tensor, layer: string, get: Get): Tensor2D => tf.relu(apply(x, layer, get));
const conv = (x: Tensor, layer: string, padding: 'same' | 'valid', get: Get): Tensor4D =>
  tf.relu(
    tf.add(tf.conv2d(x as Tensor4D, get(`${layer}/kernel`) as unknown as Tensor4D, 1, padding), get(`${layer}/bias`)),
  );
const flat = (x: Tensor): Tensor2D => tf.reshape(x, [x.shape[0], -1]);
const taskNames = ['kind', 'value', 'corners'] as const;
const heads = (x: Tensor, get: Get): Tensor2D[] => taskNames.map((task) => apply(x, `tasks/${task}/head`, get));

const forwards: Readonly<Record<WorkloadName, (x: Tensor, get: Get) => Tensor2D[]>> = {
  mlp: (x, get) => heads(dense(dense(x, 'trunk/0', get), 'trunk/1', get), get),
  cnn: (x, get) => heads(dense(flat(conv(x, 'trunk/0', 'valid', get)), 'trunk/2', get), get),
  cnn64: (x, get) => {
    const first = tf.maxPool(conv(x, 'trunk/0', 'same', get), 2, 2, 'valid');
    const second = tf.maxPool(conv(first, 'trunk/2', 'same', get), 2, 2, 'valid');
    return heads(dense(flat(second), 'trunk/5', get), get);
  },
  mmoe: (x, get) => {
    const experts = tf.stack(
      [0, 1, 2, 3].map((expert) => dense(x, `trunk/experts/${String(expert)}/0`, get)),
      1,
    );
    return taskNames.map((task) => {
      const gate = tf.expandDims(tf.softmax(apply(x, `trunk/gates/task:${task}/0`, get)), 2);
      return apply(dense(tf.sum(tf.mul(experts, gate), 1), `tasks/${task}/0`, get), `tasks/${task}/head`, get);
    });
  },
};

interface Trial {
  readonly network: Network;
  readonly x: Tensor;
  readonly targets: readonly Tensor[];
  readonly batches: readonly Int32Array[];
  readonly optimizer: ReturnType<typeof tf.train.adam>;
  step: number;
}

const trials = new Map<string, Trial>();

function floats(folder: string, name: string): Float32Array {
  const bytes = fs.readFileSync(path.join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function load({ folder, workload, batch, strategy, variant }: Load): Answer {
  if (strategy !== 'static') return { ok: false, reason: 'tfjs has no gradients by task' };
  open();
  const about = JSON.parse(fs.readFileSync(path.join(folder, 'exported.json'), 'utf8')) as Exported;
  const variables = new Map(
    about.weights.map(({ path: name, shape }, index) => [
      name,
      tf.variable<Rank>(tf.tensor(floats(folder, `weight-${String(index)}.f32`), [...shape])),
    ]),
  );
  const get: Get = (name) => {
    const found = variables.get(name);
    if (!found) throw new Error(`there is no weight ${name} among ${[...variables.keys()].join(', ')}`);
    return found;
  };
  const [kind, value, corners] = about.targets.map(({ name, width }) =>
    tf.tensor2d(floats(folder, `target-${name}.f32`), [about.samples, width]),
  );
  if (!kind || !value || !corners) throw new Error('three targets');
  const labels = tf.oneHot(tf.cast(tf.reshape<Rank.R1>(kind, [-1]), 'int32'), 10);
  trials.set(variant, {
    network: { variables, forward: (x) => forwards[workload](x, get) },
    x: tf.tensor(floats(folder, 'inputs.f32'), [about.samples, ...about.shape]),
    targets: [tf.cast(labels, 'float32'), value, corners],
    batches: batchPositions(workloads[workload], batch),
    optimizer: tf.train.adam(1e-3),
    step: 0,
  });
  return { ok: true, about: `tfjs-node 4.22 on TensorFlow ${tf.env().getBool('PROD') ? '(production mode)' : ''}` };
}

function oneStep(trial: Trial): number[] {
  return tf.tidy(() => {
    const positions = trial.batches[trial.step++ % trial.batches.length];
    if (!positions) throw new Error('there are no batches');
    const index = tf.tensor1d(positions, 'int32');
    const x = tf.gather(trial.x, index);
    const targets = trial.targets.map((target) => tf.gather(target, index));
    const losses: Tensor[] = [];
    const { grads } = tf.variableGrads(() => {
      const outputs = trial.network.forward(x);
      outputs.forEach((output, task) => {
        const target = targets[task];
        if (!target) throw new Error('a target for each head');
        const of = task === 0 ? tf.losses.softmaxCrossEntropy : tf.losses.meanSquaredError;
        losses.push(tf.keep(of(target, output)));
      });
      return tf.addN<Tensor<Rank.R0>>(losses.map((loss, task) => tf.mul(loss, lossWeights[task] ?? 0)));
    }, [...trial.network.variables.values()]);
    trial.optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    const numbers = tf.stack(losses).dataSync();
    tf.dispose(losses);
    return [...numbers];
  });
}

function trialOf(variant: string): Trial {
  const found = trials.get(variant);
  if (!found) throw new Error(`${variant} is not loaded`);
  return found;
}

function time(variant: string, milliseconds: number): number[] {
  const trial = trialOf(variant);
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  do {
    const start = performance.now();
    oneStep(trial);
    times.push(performance.now() - start);
  } while (performance.now() < end);
  return times;
}

function unload(): void {
  for (const { network, x, targets, optimizer } of trials.values()) {
    tf.dispose([x, ...targets, ...network.variables.values()]);
    optimizer.dispose();
  }
  trials.clear();
}

void serve((request): Answer => {
  switch (request.do) {
    case 'load':
      return load(request);
    case 'losses': {
      const trial = trialOf(request.variant);
      return { ok: true, losses: Array.from({ length: request.steps }, () => oneStep(trial)) };
    }
    case 'time':
      return { ok: true, times: time(request.variant, request.milliseconds) };
    case 'unload':
      unload();
      return { ok: true };
    case 'export':
    case 'profile':
      return { ok: false, reason: 'not for this process' };
  }
});
