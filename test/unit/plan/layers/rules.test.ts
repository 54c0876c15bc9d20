// Every layer's shape, weights and phrase by hand; that they agree with tf.layers is asked in test/unit/plan/layers.test.ts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyLayer, countOf, layerRules, summaryOf } from '../../../../src/plan/layers/table.ts';
import { isMistake, type Flow, type LayerOutcome, type ShapeMistake } from '../../../../src/plan/layers/contract.ts';
import type { LayerSpec } from '../../../../src/spec/index.ts';

type Size = number | null;
const spec = (type: string, args: object = {}): LayerSpec => ({ type, ...args }) as unknown as LayerSpec;

function apply(type: string, args: object, shape: readonly Size[], rest: Partial<Flow> = {}): LayerOutcome {
  const outcome = applyLayer(spec(type, args), { shape, ...rest });
  assert.ok(!isMistake(outcome), JSON.stringify(outcome));
  return outcome;
}
function refused(type: string, args: object, shape: readonly Size[]): ShapeMistake {
  const outcome = applyLayer(spec(type, args), { shape });
  assert.ok(isMistake(outcome), JSON.stringify(outcome));
  return outcome;
}
const out = (...given: Parameters<typeof apply>): readonly Size[] => apply(...given).output.shape;
/** `gamma [3]`, with a ~ before those that are not trained. */
const weights = (...given: Parameters<typeof apply>): string[] =>
  apply(...given).weights.map(({ name, shape, trainable }) => `${trainable ? '' : '~'}${name} [${shape.join(' ')}]`);

describe('normalization', () => {
  const shape = [5, 3];

  test('has gamma where it scales, beta where it centers; batch normalization keeps two more that are not trained', () => {
    const kept = ['~moving_mean [3]', '~moving_variance [3]'];
    const both = ['gamma [3]', 'beta [3]'];
    for (const [args, own] of [
      [{}, both],
      [{ scale: true, center: true }, both],
      [{ scale: false }, ['beta [3]']],
      [{ center: false }, ['gamma [3]']],
      [{ scale: false, center: false }, []],
    ] as const) {
      assert.deepEqual(weights('batchNormalization', args, shape), [...own, ...kept]);
      assert.deepEqual(weights('layerNormalization', args, shape), own);
      assert.deepEqual(out('batchNormalization', args, shape), shape);
      assert.deepEqual(out('layerNormalization', args, shape), shape);
    }
    const { weights: all } = apply('batchNormalization', {}, shape);
    assert.deepEqual([countOf(all, 'all'), countOf(all, 'trainable')], [12, 6]);
    assert.equal(countOf(apply('layerNormalization', {}, [5, null]).weights, 'all'), null);
    assert.deepEqual(weights('layerNormalization', {}, []), ['gamma []', 'beta []']);
  });
});

describe('dense, embedding and what only rearranges', () => {
  test('dense works on the last axis', () => {
    assert.deepEqual(out('dense', { units: 4 }, [5, 7, 3]), [5, 7, 4]);
    assert.deepEqual(weights('dense', { units: 4 }, [5, 7, 3]), ['kernel [3 4]', 'bias [4]']);
    assert.deepEqual(weights('dense', { units: 4, useBias: false }, [3]), ['kernel [3 4]']);
    assert.deepEqual(out('dense', {}, [3]), [1]);
    assert.equal(countOf(apply('dense', { units: 4 }, [null]).weights, 'all'), null);
  });

  test('flatten multiplies, and hands on that numbers are indices; so does reshape', () => {
    const indices = { vocabulary: 9 };
    assert.deepEqual(apply('flatten', {}, [4, 3], { indices }).output, { shape: [12], indices });
    assert.deepEqual(apply('flatten', {}, [4, null]).output, { shape: [null] });
    assert.deepEqual(apply('reshape', { targetShape: [2, -1] }, [4, 3], { indices }).output, {
      shape: [2, 6],
      indices,
    });
    assert.deepEqual(out('reshape', { targetShape: [2, -1] }, [null, 3]), [2, null]);
    assert.deepEqual(out('reshape', { targetShape: [6, 2] }, [4, 3]), [6, 2]);
    for (const targetShape of [
      [5, 2],
      [-1, 5],
      [-1, -1],
      [0, 12, -1],
    ]) {
      // prettier-ignore
      const { code, argument, message } = refused('reshape', { targetShape }, [4, 3]);
      assert.deepEqual([code, argument], ['shape-mismatch', 'targetShape']);
      for (const text of [message.en, message.zh])
        assert.match(text, /\[4, 3\] = 12 .*\[(5, 2|\?, 5|\?, \?|\?, 12, \?)\]/);
    }
  });

  test('dropout and activation keep everything and have no weights', () => {
    for (const [type, args] of [
      ['dropout', { rate: 0.5 }],
      ['spatialDropout1d', { rate: 0.5 }],
      ['activation', { activation: 'relu' }],
    ] as const)
      // prettier-ignore
      assert.deepEqual(apply(type, args, [4, 3]), { output: { shape: [4, 3] }, weights: [] });
    assert.equal(refused('spatialDropout1d', { rate: 0.5 }, [4]).code, 'shape-mismatch');
  });

  test('an embedding has a row for each index of its vocabulary, or as many as are written', () => {
    const indices = { vocabulary: 7 };
    assert.deepEqual(out('embedding', { outputDim: 3 }, [5], { indices }), [5, 3]);
    assert.deepEqual(weights('embedding', { outputDim: 3 }, [5], { indices }), ['embeddings [7 3]']);
    assert.deepEqual(weights('embedding', { outputDim: 3, inputDim: 11 }, [5], { indices }), ['embeddings [11 3]']);
    assert.equal(apply('embedding', { outputDim: 3 }, [5], { indices }).output.indices, undefined);
    const { code, argument, message } = refused('embedding', { outputDim: 3 }, [5]);
    assert.deepEqual([code, argument], ['not-index', undefined]);
    assert.match(message.en, /its input \[5\] holds quantities/);
    assert.match(message.zh, /\[5\]/);
  });
});

describe('convolutions', () => {
  const args = { filters: 6, kernelSize: [2, 3] };
  const map = [8, 9, 5];

  test('slide over the leading axes: ⌈(n − k + 1) / s⌉, or ⌈n / s⌉ with padding', () => {
    assert.deepEqual(out('conv2d', args, map), [7, 7, 6]);
    assert.deepEqual(out('conv2d', { ...args, padding: 'same' }, map), [8, 9, 6]);
    assert.deepEqual(out('conv2d', { ...args, strides: [2, 3] }, map), [4, 3, 6]);
    assert.deepEqual(out('conv2d', { ...args, strides: [2, 3], padding: 'same' }, map), [4, 3, 6]);
    assert.deepEqual(out('conv2d', { ...args, strides: [3, 2], padding: 'same' }, map), [3, 5, 6]);
    // Reach 2 + 1 · 2 = 4 and 3 + 2 · 1 = 5.
    assert.deepEqual(out('conv2d', { ...args, dilationRate: [3, 2] }, map), [5, 5, 6]);
    assert.deepEqual(out('conv1d', { filters: 6, kernelSize: 3, strides: 2 }, [9, 5]), [4, 6]);
    assert.deepEqual(out('conv1d', { filters: 6, kernelSize: 3, padding: 'causal' }, [9, 5]), [9, 6]);
    assert.deepEqual(out('conv2d', args, [null, 9, null]), [null, 7, 6]);
    assert.deepEqual(out('separableConv2d', { ...args, depthMultiplier: 2 }, map), [7, 7, 6]);
    assert.deepEqual(out('depthwiseConv2d', { ...args, depthMultiplier: 2 }, map), [7, 7, 10]);
    assert.deepEqual(out('depthwiseConv2d', { kernelSize: 2, strides: 2 }, map), [4, 4, 5]);
  });

  test('have kernels as tf.layers builds them, and a bias unless it is left out', () => {
    assert.deepEqual(weights('conv2d', args, map), ['kernel [2 3 5 6]', 'bias [6]']);
    assert.deepEqual(weights('conv2d', { ...args, useBias: false }, map), ['kernel [2 3 5 6]']);
    assert.deepEqual(weights('conv1d', { filters: 6, kernelSize: 3 }, [9, 5]), ['kernel [3 5 6]', 'bias [6]']);
    assert.deepEqual(weights('separableConv2d', { ...args, depthMultiplier: 2 }, map), ['depthwise_kernel [2 3 5 2]', 'pointwise_kernel [1 1 10 6]', 'bias [6]']); // prettier-ignore
    assert.deepEqual(weights('separableConv2d', args, map), ['depthwise_kernel [2 3 5 1]', 'pointwise_kernel [1 1 5 6]', 'bias [6]']); // prettier-ignore
    assert.deepEqual(weights('depthwiseConv2d', { ...args, depthMultiplier: 2 }, map), ['depthwise_kernel [2 3 5 2]', 'bias [10]']); // prettier-ignore
    assert.deepEqual(weights('conv2dTranspose', args, map), ['kernel [2 3 6 5]', 'bias [6]']);
  });

  test('transposed: n · s + max(k − s, 0), or n · s with padding; upsampling multiplies', () => {
    assert.deepEqual(out('conv2dTranspose', { ...args, strides: [3, 2] }, map), [24, 19, 6]);
    assert.deepEqual(out('conv2dTranspose', { ...args, strides: [3, 2], padding: 'same' }, map), [24, 18, 6]);
    assert.deepEqual(out('conv2dTranspose', args, map), [9, 11, 6]);
    assert.deepEqual(out('conv2dTranspose', args, [null, 9, 5]), [null, 11, 6]);
    assert.deepEqual(out('upSampling2d', {}, map), [16, 18, 5]);
    assert.deepEqual(out('upSampling2d', { size: [2, 3] }, [8, null, 5]), [16, null, 5]);
    assert.deepEqual(apply('upSampling2d', {}, map).weights, []);
  });

  test('a window, with its holes, may be as large as what it slides over and no larger', () => {
    assert.deepEqual(out('conv2d', { filters: 1, kernelSize: [8, 9] }, map), [1, 1, 1]);
    assert.equal(refused('conv2d', { filters: 1, kernelSize: [9, 9] }, map).code, 'kernel-too-large');
    assert.equal(refused('conv2d', { filters: 1, kernelSize: [8, 10] }, map).code, 'kernel-too-large');
    assert.deepEqual(out('conv2d', { filters: 1, kernelSize: 10, padding: 'same' }, map), [8, 9, 1]);
    assert.deepEqual(out('conv2d', { filters: 1, kernelSize: 3, dilationRate: [3, 4] }, map), [2, 1, 1]);
    const { argument, message } = refused('conv2d', { filters: 1, kernelSize: 3, dilationRate: [4, 4] }, [8, null, 5]);
    assert.equal(argument, 'kernelSize');
    assert.match(message.en, /^The 9×9 window of conv2d is larger than the 8×\? it slides over \(input \[8, \?, 5\]\)/);
    assert.match(message.zh, /conv2d 的 9×9 窗口大于其输入的 8×\?（输入形状 \[8, \?, 5\]）/);
    // tf.layers ignores the dilation of a depthwise convolution.
    assert.deepEqual(out('depthwiseConv2d', { kernelSize: 3, dilationRate: 4 }, map), [6, 7, 5]);
    assert.deepEqual(out('depthwiseConv2d', { kernelSize: 3, dilationRate: 4, strides: 2 }, map), [3, 4, 5]);
  });

  test('strides and holes on different axes exclude each other, too; what is told names both', () => {
    const { argument, message } = refused('conv2d', { ...args, strides: [1, 2], dilationRate: [3, 1] }, map);
    assert.equal(argument, 'dilationRate');
    assert.match(message.en, /strides of 1×2 and a dilationRate of 3×1/);
  });
});

describe('pooling', () => {
  test('windows of 2 by default, a stride of the window by default', () => {
    for (const kind of ['max', 'average']) {
      assert.deepEqual(out(`${kind}Pooling2d`, {}, [8, 9, 5]), [4, 4, 5]);
      assert.deepEqual(out(`${kind}Pooling2d`, { padding: 'same' }, [8, 9, 5]), [4, 5, 5]);
      assert.deepEqual(out(`${kind}Pooling2d`, { poolSize: [3, 2], strides: [1, 4] }, [8, 9, 5]), [6, 2, 5]);
      assert.deepEqual(out(`${kind}Pooling2d`, { poolSize: [3, 4] }, [8, 9, 5]), [2, 2, 5]);
      assert.deepEqual(out(`${kind}Pooling1d`, { poolSize: 3 }, [8, 5]), [2, 5]);
      assert.deepEqual(out(`${kind}Pooling1d`, {}, [null, 5]), [null, 5]);
      assert.deepEqual(apply(`${kind}Pooling2d`, {}, [8, 9, 5]).weights, []);
      const { code, argument } = refused(`${kind}Pooling1d`, { poolSize: 9 }, [8, 5]);
      assert.deepEqual([code, argument], ['kernel-too-large', 'poolSize']);
      assert.deepEqual(out(`${kind}Pooling1d`, { poolSize: 9, padding: 'same' }, [8, 5]), [1, 5]);
    }
    for (const kind of ['Average', 'Max']) {
      assert.deepEqual(out(`global${kind}Pooling2d`, {}, [8, 9, 5]), [5]);
      assert.deepEqual(out(`global${kind}Pooling1d`, {}, [8, 5]), [5]);
    }
  });
});

describe('recurrent layers', () => {
  test('have g gates side by side', () => {
    for (const [type, gates] of [
      ['simpleRNN', 1],
      ['gru', 3],
      ['lstm', 4],
    ] as const) {
      // prettier-ignore
      const width = gates * 4;
      assert.deepEqual(weights(type, { units: 4 }, [7, 5]), [`kernel [5 ${width}]`, `recurrent_kernel [4 ${width}]`, `bias [${width}]`]); // prettier-ignore
      assert.equal(weights(type, { units: 4, useBias: false }, [7, 5]).length, 2);
      assert.deepEqual(out(type, { units: 4 }, [7, 5]), [4]);
      assert.deepEqual(out(type, { units: 4, returnSequences: true }, [7, 5]), [7, 4]);
      assert.deepEqual(out(type, { units: 4, returnSequences: true }, [null, null]), [null, 4]);
    }
  });

  test('in both directions have everything twice, and twice the width where it is joined', () => {
    const layer = { type: 'gru', units: 4, returnSequences: true };
    assert.deepEqual(out('bidirectional', { layer }, [7, 5]), [7, 8]);
    assert.deepEqual(out('bidirectional', { layer, mergeMode: 'concat' }, [7, 5]), [7, 8]);
    for (const mergeMode of ['sum', 'mul', 'ave']) assert.deepEqual(out('bidirectional', { layer, mergeMode }, [7, 5]), [7, 4]); // prettier-ignore
    assert.deepEqual(weights('bidirectional', { layer }, [7, 5]), ['forward', 'backward'].flatMap((way) => [`${way}_kernel [5 12]`, `${way}_recurrent_kernel [4 12]`, `${way}_bias [12]`])); // prettier-ignore
    for (const none of [{}, { layer: null }, { layer: 'lstm' }, { layer: { units: 3 } }]) {
      const { code, message } = refused('bidirectional', none, [7, 5]);
      assert.equal(code, 'shape-mismatch');
      assert.match(message.en, /needs a recurrent layer/);
    }
    assert.equal(refused('bidirectional', { layer: { type: 'conv2d' } }, [7, 5]).code, 'shape-mismatch');
  });
});

describe('layers of our own', () => {
  test('attention projects to heads · keyDim, or keeps the features', () => {
    const of = (width: number): string[] => [
      ...['query', 'key', 'value'].flatMap((name) => [`${name}_kernel [6 ${width}]`, `${name}_bias [${width}]`]),
      ...[`output_kernel [${width} 6]`, 'output_bias [6]'],
    ];
    assert.deepEqual(weights('multiHeadAttention', { heads: 2, keyDim: 5 }, [7, 6]), of(10));
    assert.deepEqual(weights('multiHeadAttention', { heads: 2 }, [7, 6]), of(6));
    assert.deepEqual(weights('multiHeadAttention', { keyDim: 5 }, [7, 6]), of(5));
    assert.deepEqual(out('multiHeadAttention', { heads: 2, keyDim: 5 }, [7, 6]), [7, 6]);
  });

  test('positions have a table where they are learned', () => {
    assert.deepEqual(weights('positionalEncoding', { kind: 'learned' }, [7, 6]), ['positions [7 6]']);
    assert.deepEqual(weights('positionalEncoding', { kind: 'sinusoidal' }, [7, 6]), []);
    assert.deepEqual(weights('positionalEncoding', {}, [7, 6]), []);
    assert.deepEqual(out('positionalEncoding', {}, [7, 6]), [7, 6]);
  });

  test('a residual adds; where the widths differ, through a projection', () => {
    const layers = [{ type: 'dense', units: 4 }, { type: 'dense', units: 6, useBias: false }]; // prettier-ignore
    const own = (width: number): string[] => [`0_kernel [${width} 4]`, '0_bias [4]', '1_kernel [4 6]'];
    assert.deepEqual(weights('residual', { layers }, [7, 6]), own(6));
    assert.deepEqual(weights('residual', { layers }, [7, 5]), [...own(5), 'projection [5 6]']);
    assert.deepEqual(out('residual', { layers }, [7, 5]), [7, 6]);
    assert.deepEqual(out('residual', { layers }, [null, 5]), [null, 6]);
    assert.deepEqual(out('residual', {}, [7, 5]), [7, 5]);
    const { argument, message } = refused('residual', { layers: [{ type: 'flatten' }] }, [7, 5]);
    assert.equal(argument, 'layers');
    for (const text of [message.en, message.zh]) assert.match(text, /\[7, 5\].*\[35\]/);
    const convolution = { type: 'conv1d', filters: 5, kernelSize: 2 };
    assert.equal(refused('residual', { layers: [convolution] }, [7, 5]).argument, 'layers');
    assert.deepEqual(out('residual', { layers: [{ ...convolution, padding: 'same' }] }, [7, 5]), [7, 5]);
    // A mistake inside is told as it is.
    assert.equal(refused('residual', { layers: [{ type: 'conv2d' }] }, [7, 5]).argument, undefined);
    // What is not known on either side may be equal.
    assert.deepEqual(out('residual', { layers: [{ type: 'reshape', targetShape: [7, -1] }] }, [null, 5]), [7, null]);
  });
});

test('each layer takes an input of its own number of axes, and says which', () => {
  const axes: Readonly<Record<string, 1 | 2 | 3 | '2+'>> = {
    ...{ conv1d: 2, conv2d: 3, separableConv2d: 3, depthwiseConv2d: 3, conv2dTranspose: 3, upSampling2d: 3 },
    ...{ maxPooling1d: 2, averagePooling1d: 2, maxPooling2d: 3, averagePooling2d: 3, spatialDropout1d: 2 },
    ...{ globalAveragePooling1d: 2, globalMaxPooling1d: 2, globalAveragePooling2d: 3, globalMaxPooling2d: 3 },
    ...{ lstm: 2, gru: 2, simpleRNN: 2, bidirectional: 2, multiHeadAttention: 2, positionalEncoding: 2 },
    flatten: '2+',
  };
  const takes = { 1: 'a vector', 2: 'a sequence [time, features]', 3: 'a map [height, width, channels]', '2+': 'a map or a sequence' }; // prettier-ignore
  const layer = { type: 'gru', units: 2 };
  for (const [type, { axes: own }] of Object.entries(layerRules)) {
    assert.equal(own, axes[type], type);
    for (const shape of [[9], [9, 9], [9, 9, 9], [9, 9, 9, 9]]) {
      const outcome = applyLayer(spec(type, { layer, targetShape: [-1] }), { shape, indices: { vocabulary: 3 } });
      const fits = own === undefined || (own === '2+' ? shape.length >= 2 : own === shape.length);
      assert.equal(isMistake(outcome), !fits, `${type} ${shape.length}`);
      if (!isMistake(outcome) || own === undefined) continue;
      assert.equal(outcome.code, 'shape-mismatch');
      assert.ok(outcome.message.en.startsWith(`${type} takes ${takes[own]}, but its input is [9`), outcome.message.en);
      const advice = own === '2+' ? /flat already/ : shape.length === 1 ? /before the layer that flattens/ : /Insert a reshape before it/; // prettier-ignore
      assert.match(outcome.message.en, advice);
    }
  }
  assert.deepEqual(applyLayer(spec('unheard'), { shape: [3] }), { output: { shape: [3] }, weights: [] });
});

test('each layer has its phrase for the picture', () => {
  const conv = { filters: 10, kernelSize: [2, 3] };
  const phrases: readonly (readonly [string, object, string])[] = [
    ['dense', { units: 5, activation: 'relu' }, 'dense 5, relu'],
    ['dense', { units: 5, activation: 'linear' }, 'dense 5'],
    ['conv1d', { filters: 10, kernelSize: 3 }, 'conv1d 10 × 3'],
    ['conv2d', { ...conv, activation: 'tanh' }, 'conv2d 10 × 2×3, tanh'],
    ['conv2d', { filters: 10, kernelSize: 4 }, 'conv2d 10 × 4×4'],
    ['separableConv2d', conv, 'separableConv2d 10 × 2×3'],
    ['depthwiseConv2d', conv, 'depthwiseConv2d 2×3'],
    ['conv2dTranspose', conv, 'conv2dTranspose 10 × 2×3'],
    ['upSampling2d', {}, 'upSampling2d 2×2'],
    ['upSampling2d', { size: [3, 4] }, 'upSampling2d 3×4'],
    ['maxPooling1d', { poolSize: 3 }, 'maxPooling1d 3'],
    ['maxPooling2d', {}, 'maxPooling2d 2×2'],
    ['averagePooling2d', { poolSize: [3, 4] }, 'averagePooling2d 3×4'],
    ['globalMaxPooling1d', {}, 'globalMaxPooling1d'],
    ['flatten', {}, 'flatten'],
    ['dropout', { rate: 0.25 }, 'dropout 0.25'],
    ['activation', { activation: 'relu' }, 'activation relu'],
    ['batchNormalization', {}, 'batchNormalization'],
    ['layerNormalization', {}, 'layerNormalization'],
    ['embedding', { outputDim: 8 }, 'embedding 8'],
    ['gru', { units: 3, activation: 'relu' }, 'gru 3, relu'],
    ['bidirectional', { layer: { type: 'lstm', units: 6 } }, 'bidirectional lstm 6'],
    ['bidirectional', {}, 'bidirectional'],
    ['reshape', { targetShape: [2, -1] }, 'reshape 2×-1'],
    ['multiHeadAttention', { heads: 4, keyDim: 2 }, 'multiHeadAttention 4'],
    ['positionalEncoding', { kind: 'learned' }, 'positionalEncoding'],
    ['residual', { layers: [{ type: 'dense' }, { type: 'dropout' }] }, 'residual dense → dropout'],
    ['unheard', {}, 'unheard'],
  ];
  for (const [type, args, phrase] of phrases) assert.equal(summaryOf(spec(type, args)), phrase);
});
