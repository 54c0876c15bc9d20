/**
 * Gradients of tf.layers' layers against finite differences of their own forward pass, on any engine. What backends of one
 * library agree on may be wrong all the same.
 */
import assert from 'node:assert/strict';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { tf, tfl } from '../../../src/engine/tfjs.ts';
import { inSteps } from '../../../src/trainer/model/dilated-convolution.ts';
import { layers, type Layer } from './layer-cases.ts';
import { random, tensorOf, uniform, type Backend } from './support.ts';

type LayerCase = readonly [name: string, shape: readonly number[], make: () => Layer];

/** Odd, and no two extents alike. */
const image = [2, 7, 5, 3];
const sequence = [2, 7, 3];
const kernel = { kernelSize: [3, 2] as [number, number], filters: 4, activation: 'tanh' } as const;

const windows: readonly LayerCase[] = (['valid', 'same'] as const).flatMap((padding): readonly LayerCase[] => [
  [`conv2d ${padding}, strides 2×3`, image, () => tfl.layers.conv2d({ ...kernel, padding, strides: [2, 3] })],
  [
    `conv2d ${padding}, dilation 2×3`,
    image,
    () => inSteps(tfl.layers.conv2d({ ...kernel, activation: 'linear', padding, dilationRate: [2, 3] })),
  ],
  [
    `conv1d ${padding}, strides 2`,
    sequence,
    () => tfl.layers.conv1d({ kernelSize: 3, filters: 4, padding, strides: 2 }),
  ],
  [
    `conv1d ${padding}, dilation 2`,
    sequence,
    () => tfl.layers.conv1d({ kernelSize: 3, filters: 4, padding, dilationRate: 2 }),
  ],
  [
    `conv2dTranspose ${padding}, strides 2×3`,
    image,
    () => tfl.layers.conv2dTranspose({ ...kernel, padding, strides: [2, 3] }),
  ],
  [
    `separableConv2d ${padding}, strides 2`,
    image,
    () => tfl.layers.separableConv2d({ kernelSize: [3, 2], filters: 4, padding, strides: 2, depthMultiplier: 2 }),
  ],
  [
    `separableConv2d ${padding}, dilation 2`,
    image,
    () => tfl.layers.separableConv2d({ kernelSize: [3, 2], filters: 4, padding, dilationRate: [2, 2] }),
  ],
  [
    `depthwiseConv2d ${padding}, strides 2`,
    image,
    () => tfl.layers.depthwiseConv2d({ kernelSize: [3, 2], padding, strides: [2, 2], depthMultiplier: 2 }),
  ],
  ...([1, 2, 3] as const).flatMap((stride): readonly LayerCase[] => [
    [
      `averagePooling2d ${padding}, 3×2, strides ${String(stride)}`,
      image,
      () => tfl.layers.averagePooling2d({ poolSize: [3, 2], padding, strides: [stride, 2] }),
    ],
    [
      `maxPooling2d ${padding}, 2×3, strides ${String(stride)}`,
      image,
      () => tfl.layers.maxPooling2d({ poolSize: [2, 3], padding, strides: [stride, 1] }),
    ],
    [
      `averagePooling1d ${padding}, strides ${String(stride)}`,
      sequence,
      () => tfl.layers.averagePooling1d({ poolSize: 3, padding, strides: stride }),
    ],
    [
      `maxPooling1d ${padding}, strides ${String(stride)}`,
      sequence,
      () => tfl.layers.maxPooling1d({ poolSize: 2, padding, strides: stride }),
    ],
  ]),
  [
    `pooling of single elements ${padding}`,
    image,
    () => tfl.layers.averagePooling2d({ poolSize: 1, padding, strides: [2, 3] }),
  ],
  [
    `maxPooling of single elements ${padding}`,
    image,
    () => tfl.layers.maxPooling2d({ poolSize: 1, padding, strides: 2 }),
  ],
]);

const others: readonly LayerCase[] = [
  ['upSampling2d nearest', [2, 3, 4, 2], () => tfl.layers.upSampling2d({ size: [2, 3] })],
  ['upSampling2d bilinear', [2, 3, 4, 2], () => tfl.layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' })],
  ['layerNormalization of maps', image, () => tfl.layers.layerNormalization({ epsilon: 0.01 })],
  ['lstm backwards', sequence, () => tfl.layers.lstm({ units: 3, goBackwards: true, recurrentActivation: 'sigmoid' })],
  ['gru backwards', sequence, () => tfl.layers.gru({ units: 3, goBackwards: true, returnSequences: true })],
  [
    'bidirectional gru',
    sequence,
    () => tfl.layers.bidirectional({ layer: tfl.layers.gru({ units: 2, returnSequences: true }), mergeMode: 'mul' }),
  ],
];

export const slopeCases: readonly LayerCase[] = [...layers, ...windows, ...others];

/** Fewest of the outputs that must be free of kinks along a direction. */
const least = 0.8;

/** Σ weights · output has these gradients with respect to the input and each weight of the layer. */
export async function assertLayerSlopes(backend: Backend, [name, shape, make]: LayerCase): Promise<void> {
  await tf.setBackend(backend);
  const layer = make();
  // The first call builds the layer.
  tf.tidy(() => void layer.apply(tf.zeros([...shape])));
  layer.setWeights(layer.getWeights().map((w) => tf.mul(tensorOf(uniform(w.shape, random(w.size + 1))), 0.4)));
  const x = tf.variable(tensorOf(uniform(shape, random(11))));
  const call = (): Tensor => layer.apply(x, { training: true }) as Tensor;
  const own = layer.trainableWeights.map((weight) => (weight as unknown as { val: Variable }).val);
  [x, ...own].forEach((variable, place) => {
    for (const seed of [1, 2]) assertSlope(call, variable, seed + 10 * place, `${name}, operand ${String(place)}`);
  });
  x.dispose();
  for (const weight of layer.weights) weight.dispose();
}

function assertSlope(call: () => Tensor, variable: Variable, seed: number, what: string): void {
  const step = 2 ** -10;
  const next = random(seed);
  const direction = Float32Array.from({ length: variable.size }, () => (next() < 0.5 ? -1 : 1));
  const before = variable.dataSync().slice() as Float32Array;
  const at = (sign: number): Float32Array => {
    const moved = before.map((value, place) => value + sign * step * (direction[place] ?? 0));
    return tf.tidy(() => {
      variable.assign(tf.tensor(moved, variable.shape));
      return call().dataSync().slice() as Float32Array;
    });
  };
  // The last leaves the variable where it was.
  const [low, high, middle] = [at(-1), at(1), at(0)];
  // An output whose two one-sided slopes differ is at a kink: it has no weight.
  const weights = middle.map((value, place) => {
    const bend = Math.abs((high[place] ?? 0) - 2 * value + (low[place] ?? 0));
    return bend > 3e-4 ? 0 : next() * 2 - 1;
  });
  const smooth = weights.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0);
  assert.ok(
    smooth >= least * weights.length,
    `${what}: ${String(smooth)} of ${String(weights.length)} outputs are smooth`,
  );
  const gradient = tf.tidy(() => {
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(tf.reshape(call(), [weights.length]), tf.tensor1d(weights))),
      [variable],
    );
    return Object.values(grads)[0]?.dataSync() ?? [];
  });
  const got = direction.reduce((sum, value, place) => sum + value * (gradient[place] ?? NaN), 0);
  const slopes = weights.map((weight, place) => (weight * ((high[place] ?? 0) - (low[place] ?? 0))) / (2 * step));
  const wanted = slopes.reduce((sum, value) => sum + value, 0);
  assert.ok(
    Math.abs(got - wanted) <= 2e-3 * Math.hypot(...slopes) + 2e-3,
    `${what}: the gradient says ${String(got)} along direction ${String(seed)}, finite differences ${String(wanted)}`,
  );
}
