/**
 * Every layer that can be trained, with every argument away from its default, through the trainer's own path: the change
 * that one step of plain gradient descent makes is compared with finite differences of the forward pass, whose loss is
 * summed in double precision here; and some steps more must bring the loss down.
 */
import assert from 'node:assert/strict';
import { readSpec } from '../../../../src/spec/index.ts';
import { loadBatch } from '../../../../src/trainer/prepare/load-batch.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { layerTypes } from '../../../../src/trainer/model/layers.ts';
import type { ModelVariable } from '../../../../src/trainer/model/variable.ts';
import type { layers } from '../../../../src/spec/schema/layers.ts';
import { half, takeSteps, type Half } from '../step/executors/captured/pair.ts';
import { random } from '../../engine/support.ts';
import { variantsOf, type Arguments, type Variant } from './arguments.ts';
import { imageFiles } from './images.ts';

/** Few, so that few units are near a kink. */
const rows = 8;
/** Odd, and longer than wide. */
const files = imageFiles(rows, [7, 5, 2]);

/** Where a layer stands: what comes before it, so that it passes a gradient on, and after it. */
interface Example {
  readonly before: readonly object[];
  readonly arguments: Arguments;
  readonly after: readonly object[];
  readonly categories?: boolean;
}

const flatten = { type: 'flatten' };
const convolution = { type: 'conv2d', filters: 3, kernelSize: 2, padding: 'same', activation: 'tanh' };
const vector = [flatten, { type: 'dense', units: 6, activation: 'tanh' }];
const onMap = (given: Arguments = {}): Example => ({ before: [convolution], arguments: given, after: [flatten] });

const examples: Readonly<Record<string, Example>> = {
  dense: { before: vector, arguments: { units: 3 }, after: [] },
  conv2d: onMap({ filters: 2, kernelSize: [2, 2] }),
  maxPooling2d: onMap(),
  averagePooling2d: onMap(),
  globalAveragePooling2d: { ...onMap(), after: [] },
  globalMaxPooling2d: { ...onMap(), after: [] },
  flatten: { before: [convolution], arguments: {}, after: [] },
  activation: { before: vector, arguments: { activation: 'linear' }, after: [] },
  dropout: { before: vector, arguments: { rate: 0.4 }, after: [] },
  batchNormalization: onMap(),
  embedding: { before: [], arguments: { outputDim: 3, inputDim: 4 }, after: [flatten], categories: true },
};

export interface LayerCase {
  readonly name: string;
  readonly spec: object;
}

function specOf(type: string, { before, after, categories }: Example, { arguments: given }: Variant): object {
  const x = categories
    ? { type: 'category', from: 'kind', encoding: 'index' }
    : { type: 'image', from: 'x', normalize: 'none' };
  return {
    data: { source: 'data.npz', inputs: { x }, split: { train: 1, validation: 0, test: 0 } },
    network: { trunk: { input: 'x', layers: [...before, { type, ...given }, ...after] } },
    tasks: { value: { type: 'regression', input: 'trunk', target: 'value', loss: 'mse' } },
    training: { batchSize: rows, steps: 1000, seed: 5, optimizer: 'sgd', learningRate: rate },
  };
}

/** A power of two: parameters and their changes then give the gradient back to seven digits of the parameter. */
const rate = 2 ** -6;

/** All cases; a layer type without an example fails. */
export function layerCases(): readonly LayerCase[] {
  return layerTypes.flatMap((type) => {
    const example = examples[type];
    assert.ok(example, `the layer ${type} has no example in walk.ts`);
    return variantsOf(type as keyof typeof layers, example.arguments).map((variant) => {
      const spec = specOf(type, example, variant);
      const { problems } = readSpec(JSON.stringify(spec));
      const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message.en);
      assert.deepEqual(errors, [], `${type}, ${variant.name}`);
      return { name: `${type}, ${variant.name}`, spec };
    });
  });
}

/** Mean squared error and penalties of the first step's batch, with the weights of now, in double precision. */
function objective({ prepared }: Half, positions: Int32Array): number {
  const { data, model, tasks } = prepared;
  const names = tasks.map(({ name }) => name);
  const batch = loadBatch(data.splits.train, positions, model.inputs, names);
  model.setStep(0, { updateStatistics: false });
  const raw = tf.tidy(() => model.forward(batch.inputs, true)[0]?.dataSync() ?? []);
  const wanted = batch.labels[0]?.data ?? [];
  batch.dispose();
  let loss = 0;
  for (let at = 0; at < raw.length; at++) loss += ((raw[at] ?? NaN) - (wanted[at] ?? NaN)) ** 2 / raw.length;
  for (const { variable, l1, l2 } of model.variables) {
    if (l1 === 0 && l2 === 0) continue;
    for (const value of variable.dataSync()) loss += l1 * Math.abs(value) + l2 * value * value;
  }
  return loss;
}

/** The rows of the first step, in its order: dropout masks go by the place in the batch. */
function firstBatch({ training }: Half): Int32Array {
  for (const [positions] of training.steps()) if (positions) return positions;
  throw new Error('there is no step');
}

/** (f(w + hd) − f(w − hd)) / 2h along a direction d of one variable. */
function slope(
  of: Half,
  positions: Int32Array,
  { variable }: ModelVariable,
  direction: Float32Array,
  step: number,
): number {
  const before = variable.dataSync().slice() as Float32Array;
  const at = (sign: number): number => {
    const moved = before.map((value, place) => value + sign * step * (direction[place] ?? 0));
    tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
    return objective(of, positions);
  };
  const result = (at(1) - at(-1)) / (2 * step);
  tf.tidy(() => variable.assign(tf.tensor(before, variable.shape)));
  return result;
}

const trainable = ({ prepared }: Half): readonly ModelVariable[] =>
  prepared.model.variables.filter((variable) => variable.trainable);

function valuesOf(of: Half): readonly Float32Array[] {
  return trainable(of).map(({ variable }) => variable.dataSync().slice() as Float32Array);
}

interface Slopes {
  readonly path: string;
  readonly direction: Float32Array;
  readonly slope: number;
  /** By how much the slope depends on the step's length. */
  readonly doubt: number;
}

/**
 * Two random directions for each variable: of several those along which fewest units cross a kink. Where one does (another
 * value of a window becomes the largest, a rectified unit turns on), the slope depends on the step's length.
 */
function slopesOf(of: Half, positions: Int32Array): readonly Slopes[] {
  return trainable(of).flatMap((variable, place) => {
    const tried = [1, 2, 3].map((seed) => {
      const next = random(seed * 131 + place);
      const direction = Float32Array.from({ length: variable.variable.size }, () => (next() < 0.5 ? -1 : 1));
      const [long = NaN, short = NaN] = [2 ** -10, 2 ** -12].map((step) =>
        slope(of, positions, variable, direction, step),
      );
      return { path: variable.path, direction, slope: long, doubt: Math.abs(long - short) };
    });
    return tried.sort((one, other) => one.doubt - other.doubt).slice(0, 2);
  });
}

/** One step's change of the weights, divided by the learning rate, must be what the slopes say. */
function assertStep(of: Half, slopes: readonly Slopes[], name: string): void {
  const before = valuesOf(of);
  takeSteps(of, 1);
  const after = valuesOf(of);
  trainable(of).forEach(({ path }, place) => {
    const gradient = Array.from(before[place] ?? [], (value, at) => (value - (after[place]?.[at] ?? NaN)) / rate);
    const length = Math.hypot(...gradient);
    for (const { direction, slope: wanted, doubt } of slopes.filter((entry) => entry.path === path)) {
      const got = gradient.reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0);
      assert.ok(
        Math.abs(got - wanted) <= 0.02 * length + 1e-3 + 2 * doubt,
        `${name}: along a direction of ${path} the step went by ${String(got)}, finite differences say ${String(wanted)}`,
      );
    }
  });
}

/** Halves to be compared with the finite differences of the first, which runs operation by operation. */
export async function checkLayer(engine: Engine, { name, spec }: LayerCase, captured: boolean): Promise<void> {
  const eager = await half(engine, spec, files, false);
  const halves = captured ? [eager, await half(engine, spec, files, true)] : [eager];
  try {
    const positions = firstBatch(eager);
    const slopes = slopesOf(eager, positions);
    const first = objective(eager, positions);
    assert.ok(Number.isFinite(first), name);
    for (const of of halves) {
      const who = `${name}, ${of.graph ? 'captured' : 'eager'}`;
      assertStep(of, slopes, who);
      takeSteps(of, 12);
      const last = objective(of, positions);
      assert.ok(last < first, `${who}: the loss goes from ${String(first)} to ${String(last)}`);
    }
    if (captured) assert.ok(halves[1]?.graph, `${name} is not captured: ${halves[1]?.detail ?? ''}`);
    assert.deepEqual([...engine.fallbacks()], [], `${name}: no operation falls back to the cpu backend`);
  } finally {
    for (const of of halves) of.dispose();
  }
}
