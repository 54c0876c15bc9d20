import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, input as symbolicInput, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { applyLayer, countOf, layerRules, summaryOf } from '../../../src/plan/layers/table.ts';
import { isMistake } from '../../../src/plan/layers/contract.ts';
import type { LayerSpec } from '../../../src/spec/index.ts';

before(async () => {
  await tf.setBackend('cpu');
});

type Arguments = Readonly<Record<string, unknown>>;
type RealLayer = ReturnType<typeof layers.dense>;

/** The default, orthogonal, needs chained operators, which the node build does not register. */
const plainStart = { recurrentInitializer: 'zeros' };

/** The real layer of tf.layers; `bidirectional` holds another one. */
function realLayer(type: string, { layer, ...args }: Arguments): RealLayer {
  const make = (layers as unknown as Record<string, (args: object) => RealLayer>)[type];
  assert.ok(make, `tf.layers has no ${type}`);
  if (layer === undefined) return make({ ...structuredClone(args), ...plainStart });
  const { type: inner, ...innerArguments } = layer as { type: string };
  return make({ ...args, layer: realLayer(inner, innerArguments) });
}

/** Shapes and counts of ours and of tf.layers for the same layer on the same input. */
function compare(type: string, args: Arguments, shape: readonly number[], index = false): void {
  const spec = { type, ...args } as unknown as LayerSpec;
  const flow = index ? { shape, indices: { vocabulary: (args['inputDim'] as number | undefined) ?? 7 } } : { shape };
  const ours = applyLayer(spec, flow);
  assert.ok(!isMistake(ours), `${type} ${JSON.stringify(args)} on ${JSON.stringify(shape)}: ${JSON.stringify(ours)}`);
  const layer = realLayer(type, args);
  const output = layer.apply(symbolicInput({ shape: [...shape] })) as SymbolicTensor;
  // The symbolic shape of a reshape leaves the free entry open, since the batch is unknown; the real one below does not.
  if (type !== 'reshape')
    assert.deepEqual(ours.output.shape, output.shape.slice(1), `${type} ${JSON.stringify(args)} shape`);
  assert.equal(countOf(ours.weights, 'all'), layer.countParams(), `${type} ${JSON.stringify(args)} count`);
  const trainable = layer.trainableWeights.reduce(
    (total, weight) => total + tf.util.sizeFromShape(weight.shape as number[]),
    0,
  );
  assert.equal(countOf(ours.weights, 'trainable'), trainable, `${type} ${JSON.stringify(args)} trainable`);
  assert.deepEqual(
    ours.weights.map((weight) => weight.shape),
    layer.weights.map((weight) => weight.shape),
    `${type} ${JSON.stringify(args)} weights`,
  );
  tf.tidy(() => {
    const real = layer.apply(tf.zeros([2, ...shape])) as tf.Tensor;
    assert.deepEqual(ours.output.shape, real.shape.slice(1), `${type} ${JSON.stringify(args)} real shape`);
  });
  layer.dispose();
  assert.ok(summaryOf(spec).startsWith(type));
}

const size = fc.integer({ min: 1, max: 9 });
const kernel = fc.integer({ min: 1, max: 4 });
const units = fc.integer({ min: 1, max: 6 });
const stride = fc.integer({ min: 1, max: 3 });
const bool = fc.boolean();
const activation = fc.constantFrom('linear', 'relu', 'tanh', 'sigmoid');
const pair = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | readonly T[]> => fc.oneof(one, fc.tuple(one, one));
const padding = fc.constantFrom('valid', 'same');
const map = fc.tuple(size, size, units);
const sequence = fc.tuple(size, units);
const anyShape: fc.Arbitrary<readonly number[]> = fc.oneof(fc.tuple(units), sequence, map);

function partial(
  shape: Record<string, fc.Arbitrary<unknown>>,
  required: readonly string[] = [],
): fc.Arbitrary<Arguments> {
  return fc.record(shape, { requiredKeys: [...required] });
}

interface Case {
  readonly args: fc.Arbitrary<Arguments>;
  readonly shape: fc.Arbitrary<readonly number[]>;
  readonly index?: boolean;
}

const convolutional = { filters: units, strides: pair(stride), padding, useBias: bool, activation };
const recurrent = { units, returnSequences: bool, useBias: bool };
const axisNormalization = { center: bool, scale: bool };

/** Arguments and inputs for every layer that tf.layers has. */
const cases: Readonly<Record<string, Case>> = {
  dense: { args: partial({ units, useBias: bool, activation }, ['units']), shape: anyShape },
  conv1d: {
    args: partial({ ...convolutional, strides: stride, kernelSize: kernel, padding: padding }, [
      'filters',
      'kernelSize',
    ]),
    shape: sequence,
  },
  conv2d: { args: partial({ ...convolutional, kernelSize: pair(kernel) }, ['filters', 'kernelSize']), shape: map },
  separableConv2d: {
    args: partial({ ...convolutional, strides: stride, kernelSize: pair(kernel), depthMultiplier: stride }, [
      'filters',
      'kernelSize',
    ]),
    shape: map,
  },
  depthwiseConv2d: {
    args: partial({ strides: stride, padding, useBias: bool, kernelSize: pair(kernel), depthMultiplier: stride }, [
      'kernelSize',
    ]),
    shape: map,
  },
  conv2dTranspose: {
    args: partial({ ...convolutional, kernelSize: pair(kernel) }, ['filters', 'kernelSize']),
    shape: map,
  },
  upSampling2d: { args: partial({ size: fc.tuple(stride, stride) }), shape: map },
  maxPooling1d: { args: partial({ poolSize: kernel, strides: stride, padding }), shape: sequence },
  averagePooling1d: { args: partial({ poolSize: kernel, strides: stride, padding }), shape: sequence },
  maxPooling2d: { args: partial({ poolSize: pair(kernel), strides: pair(stride), padding }), shape: map },
  averagePooling2d: { args: partial({ poolSize: pair(kernel), strides: pair(stride), padding }), shape: map },
  globalAveragePooling1d: { args: partial({}), shape: sequence },
  globalMaxPooling1d: { args: partial({}), shape: sequence },
  globalAveragePooling2d: { args: partial({}), shape: map },
  globalMaxPooling2d: { args: partial({}), shape: map },
  flatten: { args: partial({}), shape: fc.oneof(sequence, map) },
  dropout: { args: fc.constant({ rate: 0.5 }), shape: anyShape },
  spatialDropout1d: { args: fc.constant({ rate: 0.5 }), shape: sequence },
  activation: { args: partial({ activation }, ['activation']), shape: anyShape },
  batchNormalization: { args: partial(axisNormalization), shape: anyShape },
  layerNormalization: { args: partial(axisNormalization), shape: anyShape },
  embedding: {
    args: partial({ inputDim: units, outputDim: units }, ['inputDim', 'outputDim']),
    shape: fc.tuple(size),
    index: true,
  },
  simpleRNN: { args: partial(recurrent, ['units']), shape: sequence },
  gru: { args: partial(recurrent, ['units']), shape: sequence },
  lstm: { args: partial(recurrent, ['units']), shape: sequence },
  bidirectional: {
    args: fc.record({
      mergeMode: fc.constantFrom('concat', 'sum', 'ave', 'mul'),
      layer: partial({ type: fc.constantFrom('lstm', 'gru', 'simpleRNN'), ...recurrent }, ['type', 'units']),
    }),
    shape: sequence,
  },
};

/** Ours alone: tf.layers has no such layer. */
const own = ['multiHeadAttention', 'residual', 'positionalEncoding', 'reshape'];

test('every layer has a comparison with tf.layers', () => {
  assert.deepEqual([...Object.keys(cases), ...own].sort(), Object.keys(layerRules).sort());
});

for (const [type, { args, shape, index }] of Object.entries(cases)) {
  test(`${type}: shape, weights and counts equal tf.layers`, () => {
    fc.assert(
      fc.property(args, shape, (values, dims) => {
        fc.pre(fits(type, values, dims));
        compare(type, values, dims, index === true);
      }),
      { numRuns: 40 },
    );
  });
}

/** A window larger than its input is a mistake of its own; tf.layers would go on with sizes of 0 and less. */
function fits(type: string, values: Arguments, dims: readonly number[]): boolean {
  const outcome = applyLayer({ type, ...values } as unknown as LayerSpec, { shape: dims, indices: { vocabulary: 9 } });
  return !isMistake(outcome) || outcome.code !== 'kernel-too-large';
}

test('dilated convolutions equal tf.layers', () => {
  fc.assert(
    fc.property(stride, stride, kernel, padding, (dilationRate, filters, kernelSize, pad) => {
      compare('conv2d', { filters, kernelSize, dilationRate, padding: pad }, [14, 13, 2]);
      compare('conv1d', { filters, kernelSize, dilationRate, padding: pad }, [14, 2]);
    }),
    { numRuns: 30 },
  );
});

test('no convolution has both strides and dilation', () => {
  const codeOf = (type: string, shape: number[], values: Arguments): string | null => {
    const outcome = applyLayer({ type, filters: 2, kernelSize: 2, ...values } as unknown as LayerSpec, { shape });
    return isMistake(outcome) ? outcome.code : null;
  };
  for (const type of ['conv2d', 'separableConv2d']) {
    assert.equal(codeOf(type, [9, 9, 2], { strides: [2, 1], dilationRate: [1, 2] }), 'strides-and-dilation');
    assert.equal(codeOf(type, [9, 9, 2], { strides: [2, 1] }), null);
    assert.equal(codeOf(type, [9, 9, 2], { dilationRate: [1, 2] }), null);
  }
  assert.equal(codeOf('conv1d', [9, 2], { strides: 2, dilationRate: 2 }), 'strides-and-dilation');
});

test('reshape equals tf.layers, with one free entry', () => {
  for (const targetShape of [[6, 4], [-1, 4], [2, -1, 3], [24], [-1]]) {
    compare('reshape', { targetShape }, [4, 3, 2]);
  }
});

test('reshape refuses another number of values and two free entries', () => {
  for (const targetShape of [
    [5, 5],
    [-1, 7],
    [-1, -1],
  ]) {
    const outcome = applyLayer({ type: 'reshape', targetShape } as unknown as LayerSpec, { shape: [4, 3, 2] });
    assert.ok(isMistake(outcome));
    assert.equal(outcome.code, 'shape-mismatch');
  }
});

test('unknown sizes flow through every layer', () => {
  for (const [type, { args, shape }] of Object.entries(cases)) {
    const dims = fc.sample(shape, { numRuns: 5, seed: 1 });
    const values = fc.sample(args, { numRuns: 5, seed: 1 });
    for (const [index, known] of dims.entries()) {
      const unknown = known.map(() => null);
      const spec = { type, ...values[index] } as unknown as LayerSpec;
      const outcome = applyLayer(spec, { shape: unknown, indices: { vocabulary: null } });
      assert.ok(!isMistake(outcome), type);
      const measured = applyLayer(spec, { shape: known.map(() => 9), indices: { vocabulary: 9 } });
      assert.ok(!isMistake(measured), type);
      assert.equal(outcome.output.shape.length, measured.output.shape.length, type);
      for (const [axis, size] of outcome.output.shape.entries()) {
        if (size !== null) assert.equal(size, measured.output.shape[axis], type);
      }
    }
  }
});

test('a window larger than its input is named with both sizes', () => {
  const spec = { type: 'conv2d', filters: 4, kernelSize: 5 } as unknown as LayerSpec;
  const outcome = applyLayer(spec, { shape: [3, 3, 1] });
  assert.ok(isMistake(outcome));
  assert.equal(outcome.code, 'kernel-too-large');
  assert.match(outcome.message.en, /5×5.*3×3/);
  assert.match(outcome.message.zh, /5×5.*3×3/);
});

test('a layer on the wrong number of axes says what it takes', () => {
  const outcome = applyLayer({ type: 'conv2d', filters: 4, kernelSize: 3 } as unknown as LayerSpec, { shape: [50] });
  assert.ok(isMistake(outcome));
  assert.equal(outcome.code, 'shape-mismatch');
  assert.match(outcome.message.en, /\[height, width, channels\].*\[50\]/);
});

test('our own layers: closed forms', () => {
  const attention = applyLayer({ type: 'multiHeadAttention', heads: 4, keyDim: 8 } as unknown as LayerSpec, {
    shape: [10, 16],
  });
  assert.ok(!isMistake(attention));
  assert.deepEqual(attention.output.shape, [10, 16]);
  assert.equal(countOf(attention.weights, 'all'), 3 * (16 * 32 + 32) + (32 * 16 + 16));
  const dense = { type: 'residual', layers: [{ type: 'dense', units: 16 }] } as unknown as LayerSpec;
  const residual = applyLayer(dense, { shape: [16] });
  assert.ok(!isMistake(residual));
  assert.equal(countOf(residual.weights, 'all'), 16 * 16 + 16);
  const projected = applyLayer(dense, { shape: [8] });
  assert.ok(!isMistake(projected));
  assert.equal(countOf(projected.weights, 'all'), 8 * 16 + 16 + 8 * 16);
  const flat = { type: 'residual', layers: [{ type: 'flatten' }] } as unknown as LayerSpec;
  assert.ok(isMistake(applyLayer(flat, { shape: [4, 8] })));
  const learned = applyLayer({ type: 'positionalEncoding', kind: 'learned' } as unknown as LayerSpec, {
    shape: [10, 16],
  });
  assert.ok(!isMistake(learned));
  assert.equal(countOf(learned.weights, 'all'), 160);
});
