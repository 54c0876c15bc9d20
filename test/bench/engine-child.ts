/** One variant of the embedded engine in a process of its own; engine.ts tells it what to time. */
import path from 'node:path';
import type { Rank, Tensor, Variable } from '@tensorflow/tfjs-core';
import { openEngine } from '../../src/engine/open.ts';
import { tf, wasm } from '../../src/engine/tfjs.ts';
import { adamUpdate } from '../../src/engine/updates.ts';
import { installKernels } from '../../src/engine/wasm/install.ts';
import { wasmKernels } from '../../src/engine/wasm/kernels.ts';

export type Variant = 'ours' | 'stock' | 'cpu';
export type Workload = 'cnn' | 'mlp';

export interface Ask {
  readonly workload: Workload;
  /** Times steps until this many milliseconds are over, at least one step. */
  readonly milliseconds: number;
}

const batch = 64;
const units = [10, 1, 4] as const;

async function openVariant(variant: Variant, assetsDirectory: string): Promise<void> {
  if (variant === 'ours') {
    await openEngine('wasm', { assetsDirectory });
    return;
  }
  if (variant === 'stock') {
    // Unmodified tfjs-backend-wasm cannot train a convolution at all: only the kernels it lacks are added.
    installKernels(
      wasmKernels.filter(({ reason, name }) => reason === 'missing' && name !== 'ReluGrad' && name !== 'AdamUpdate'),
    );
    wasm.setWasmPaths(assetsDirectory + path.sep);
  }
  await tf.setBackend(variant === 'cpu' ? 'cpu' : 'wasm');
}

let seed = 1;
function weights<R extends Rank>(shape: number[], scale: number): Variable<R> {
  return tf.variable(tf.randomNormal(shape as never, 0, scale, 'float32', seed++)) as unknown as Variable<R>;
}

interface Dense {
  readonly kernel: Variable<Rank.R2>;
  readonly bias: Variable<Rank.R1>;
}

function dense(inputs: number, outputs: number): Dense {
  return { kernel: weights([inputs, outputs], Math.sqrt(2 / inputs)), bias: tf.variable(tf.zeros<Rank.R1>([outputs])) };
}

function parts({ kernel, bias }: Dense): Variable[] {
  return [kernel, bias];
}

function apply(x: Tensor, { kernel, bias }: Dense): Tensor {
  return tf.add(tf.matMul(x as Tensor<Rank.R2>, kernel), bias);
}

/** A trunk's last activations → the three heads' losses, weighted as in the article. */
function headLosses(x: Tensor, heads: readonly Dense[], targets: readonly Tensor[]): Tensor<Rank.R0> {
  const [classes, value, box] = heads.map((head) => apply(x, head));
  const [y0, y1, y2] = targets;
  if (!classes || !value || !box || !y0 || !y1 || !y2) throw new Error('three heads and three targets');
  return tf.addN<Tensor<Rank.R0>>([
    tf.mul(tf.losses.softmaxCrossEntropy(y0, classes), 0.5),
    tf.mul(tf.losses.meanSquaredError(y1, value), 0.3),
    tf.mul(tf.losses.meanSquaredError(y2, box), 0.2),
  ]);
}

function targetsOf(): Tensor[] {
  const labels = tf.tensor1d(
    Array.from({ length: batch }, (_, i) => i % 10),
    'int32',
  );
  return [tf.cast(tf.oneHot(labels, 10), 'float32'), tf.randomNormal([batch, 1]), tf.randomNormal([batch, 4])];
}

/** 64-128-128 with relu, heads 10/1/4. */
function mlp(): () => void {
  const x = tf.randomNormal([batch, 64]);
  const [first, second] = [dense(64, 128), dense(128, 128)];
  const heads = units.map((n) => dense(128, n));
  const targets = targetsOf();
  const loss = (): Tensor<Rank.R0> => headLosses(tf.relu(apply(tf.relu(apply(x, first)), second)), heads, targets);
  return stepper(loss, [first, second, ...heads].flatMap(parts));
}

/** The article's network: 28×28×1, conv 3×3×10 relu, flatten, dense 50 relu, heads 10/1/4. */
function cnn(): () => void {
  const x = tf.randomNormal<Rank.R4>([batch, 28, 28, 1]);
  const filter = weights<Rank.R4>([3, 3, 1, 10], 0.3);
  const bias = tf.variable(tf.zeros<Rank.R1>([10]));
  const hidden = dense(26 * 26 * 10, 50);
  const heads = units.map((n) => dense(50, n));
  const targets = targetsOf();
  const loss = (): Tensor<Rank.R0> => {
    const features = tf.relu(tf.add(tf.conv2d(x, filter, 1, 'valid'), bias));
    return headLosses(tf.relu(apply(tf.reshape(features, [batch, 6760]), hidden)), heads, targets);
  };
  return stepper(loss, [filter, bias, ...[hidden, ...heads].flatMap(parts)] as Variable[]);
}

/** One step with Adam: in one pass where the backend can, tfjs's own optimizer elsewhere. */
function stepper(loss: () => Tensor<Rank.R0>, variables: readonly Variable[]): () => void {
  const optimizer = tf.train.adam(1e-3);
  const moments = variables.map((v) => [tf.variable(tf.zerosLike(v)), tf.variable(tf.zerosLike(v))] as const);
  let count = 0;
  return () => {
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, [...variables]);
      count++;
      const root = Math.sqrt(1 - 0.999 ** count);
      const stepSize = (1e-3 * root) / (1 - 0.9 ** count);
      const step = { beta1: 0.9, beta2: 0.999, stepSize, epsilon: 1e-7 * root, keep: 1 };
      const left = variables.flatMap((variable, i) => {
        const gradient = grads[variable.name];
        const [mean, square] = moments[i] ?? [];
        if (gradient === undefined || mean === undefined || square === undefined) return [];
        const next = adamUpdate({ value: variable, gradient, mean, square }, step);
        if (next === undefined) return [{ name: variable.name, tensor: gradient }];
        variable.assign(next.value);
        mean.assign(next.mean);
        square.assign(next.square);
        return [];
      });
      if (left.length > 0) optimizer.applyGradients(left);
      value.dataSync();
    });
  };
}

const steppers = new Map<Workload, () => void>();

function time({ workload, milliseconds }: Ask): number[] {
  const step = steppers.get(workload) ?? (workload === 'cnn' ? cnn() : mlp());
  steppers.set(workload, step);
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  do {
    const start = performance.now();
    step();
    times.push(performance.now() - start);
  } while (performance.now() < end);
  return times;
}

const [variant, assetsDirectory] = process.argv.slice(2);
if (process.send !== undefined && variant !== undefined && assetsDirectory !== undefined) {
  await openVariant(variant as Variant, assetsDirectory);
  process.on('message', (ask: Ask) => process.send?.(time(ask)));
  process.send('ready');
}
