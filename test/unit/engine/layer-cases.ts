/** Every layer of tfjs that a network may use, and what it gives on a backend, forward and backward. */
import { tf, tfl } from '../../../src/engine/tfjs.ts';
import { random, tensorOf, uniform, type Backend } from './support.ts';

export type Layer = Parameters<ReturnType<typeof tfl.sequential>['add']>[0];

const image = [2, 6, 7, 3];
const sequence = [2, 5, 4];
const table = [3, 6];
const kernel = { kernelSize: 3, filters: 4, kernelInitializer: 'zeros', activation: 'tanh' } as const;

/** Name, shape of the input batch, layer. Weights are overwritten with fixed numbers. */
export const layers: readonly (readonly [name: string, shape: readonly number[], make: () => Layer])[] = [
  ...(
    [
      'linear',
      'relu',
      'relu6',
      'elu',
      'selu',
      'sigmoid',
      'hardSigmoid',
      'softmax',
      'softplus',
      'softsign',
      'tanh',
      'swish',
      'mish',
      'gelu',
    ] as const
  ).map((activation) => [`dense ${activation}`, table, () => tfl.layers.dense({ units: 4, activation })] as const),
  ['conv2d same', image, () => tfl.layers.conv2d({ ...kernel, padding: 'same' })],
  ['conv2d valid, strides 2', image, () => tfl.layers.conv2d({ ...kernel, strides: 2 })],
  [
    'conv2d 1×1, strides 2, same',
    image,
    () => tfl.layers.conv2d({ ...kernel, kernelSize: 1, strides: 2, padding: 'same' }),
  ],
  ['conv2dTranspose', image, () => tfl.layers.conv2dTranspose({ ...kernel, strides: 2, padding: 'same' })],
  ['separableConv2d', image, () => tfl.layers.separableConv2d({ kernelSize: 3, filters: 4, padding: 'same' })],
  ['depthwiseConv2d', image, () => tfl.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 })],
  ['conv1d', sequence, () => tfl.layers.conv1d({ ...kernel, padding: 'same' })],
  ['maxPooling2d', image, () => tfl.layers.maxPooling2d({ poolSize: 2 })],
  ['maxPooling2d overlapping', image, () => tfl.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  ['averagePooling2d', image, () => tfl.layers.averagePooling2d({ poolSize: 2 })],
  ['maxPooling1d', sequence, () => tfl.layers.maxPooling1d({ poolSize: 2 })],
  ['averagePooling1d', sequence, () => tfl.layers.averagePooling1d({ poolSize: 2 })],
  ['globalAveragePooling2d', image, () => tfl.layers.globalAveragePooling2d({})],
  ['globalMaxPooling2d', image, () => tfl.layers.globalMaxPooling2d({})],
  ['globalAveragePooling1d', sequence, () => tfl.layers.globalAveragePooling1d({})],
  ['globalMaxPooling1d', sequence, () => tfl.layers.globalMaxPooling1d({})],
  // One image: the cpu backend's gradient mixes several.
  ['upSampling2d', [1, 3, 4, 2], () => tfl.layers.upSampling2d({ size: [2, 2] })],
  ['zeroPadding2d', image, () => tfl.layers.zeroPadding2d({ padding: 1 })],
  ['flatten', image, () => tfl.layers.flatten()],
  ['reshape', image, () => tfl.layers.reshape({ targetShape: [7, 18] })],
  ['permute', sequence, () => tfl.layers.permute({ dims: [2, 1] })],
  ['repeatVector', table, () => tfl.layers.repeatVector({ n: 3 })],
  ['batchNormalization', image, () => tfl.layers.batchNormalization()],
  ['layerNormalization', table, () => tfl.layers.layerNormalization()],
  ['leakyReLU', table, () => tfl.layers.leakyReLU()],
  ['prelu', table, () => tfl.layers.prelu()],
  ['elu', table, () => tfl.layers.elu()],
  ['softmax', table, () => tfl.layers.softmax()],
  ['lstm', sequence, () => tfl.layers.lstm({ units: 3 })],
  ['gru', sequence, () => tfl.layers.gru({ units: 3, returnSequences: true })],
  ['simpleRNN', sequence, () => tfl.layers.simpleRNN({ units: 3 })],
  [
    'bidirectional lstm',
    sequence,
    () => tfl.layers.bidirectional({ layer: tfl.layers.lstm({ units: 3 }), mergeMode: 'concat' }),
  ],
  ['timeDistributed dense', sequence, () => tfl.layers.timeDistributed({ layer: tfl.layers.dense({ units: 2 }) })],
];

export interface LayerOutcome {
  readonly value: number[];
  readonly gradients: number[][];
}

/** Output and gradients of Σ output² with respect to the input and the layer's weights, which get fixed numbers. */
export async function layerOutcome(
  backend: Backend,
  shape: readonly number[],
  make: () => Layer,
): Promise<LayerOutcome> {
  await tf.setBackend(backend);
  const next = random(7);
  const data = uniform(shape, next);
  const layer = make();
  // The first call builds the layer.
  tf.tidy(() => void layer.apply(tf.zeros([...shape])));
  layer.setWeights(layer.getWeights().map((w) => tf.mul(tensorOf(uniform(w.shape, random(w.size))), 0.4)));
  const result = tf.tidy(() => {
    const x = tf.variable(tensorOf(data));
    const call = (): ReturnType<typeof tf.zeros> => layer.apply(x, { training: true }) as ReturnType<typeof tf.zeros>;
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.square(call())),
      [x, ...layer.trainableWeights.map((w) => (w as unknown as { val: typeof x }).val)],
    );
    const value = [...call().dataSync()];
    x.dispose();
    return { value, gradients: Object.values(grads).map((g) => [...g.dataSync()]) };
  });
  for (const weight of layer.weights) weight.dispose();
  return result;
}
