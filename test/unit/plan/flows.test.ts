// Shapes along a list of layers, and several sources side by side.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatenate, runLayers, type MaybeFlow } from '../../../src/plan/flows.ts';
import type { LayerSpec } from '../../../src/spec/index.ts';

type Size = number | null;
const layer = (type: string, args: object = {}): LayerSpec => ({ type, ...args }) as unknown as LayerSpec;
const dense = layer('dense', { units: 4 });
const flatten = layer('flatten');
const indices = { vocabulary: 9 };

describe('layers one after the other', () => {
  test('each has its place, path, shapes and counts', () => {
    const normalization = layer('batchNormalization');
    const { layers, output, misusesIndices, mistake } = runLayers([flatten, dense, normalization], { shape: [2, 3] }, '/network/t', 't'); // prettier-ignore
    assert.deepEqual(
      layers.map(({ pointer, path, inputShape, outputShape, parameters, trainable }) => [
        ...[pointer, path, inputShape, outputShape, parameters, trainable],
      ]),
      [
        ['/network/t/layers/0', 't/0', [2, 3], [6], 0, 0],
        ['/network/t/layers/1', 't/1', [6], [4], 28, 28],
        ['/network/t/layers/2', 't/2', [4], [4], 16, 8],
      ],
    );
    assert.deepEqual(layers[1]?.spec, dense);
    assert.deepEqual(layers[1].weights.map(({ name }) => name), ['kernel', 'bias']); // prettier-ignore
    assert.deepEqual([output, misusesIndices, mistake], [{ shape: [4] }, false, undefined]);
    const elsewhere = runLayers([flatten, dense], { shape: [2, 3] }, '/p', 't', ['/q/0']);
    assert.deepEqual(elsewhere.layers.map(({ pointer }) => pointer), ['/q/0', '/p/layers/1']); // prettier-ignore
  });

  test('a mistake is told once, where it is; nothing is known behind it', () => {
    const input = { shape: [2, 3] };
    const { layers, output, mistake } = runLayers([flatten, flatten, dense], input, '', 't');
    assert.deepEqual([mistake?.layer, mistake?.input, mistake?.mistake.code], [1, { shape: [6] }, 'shape-mismatch']);
    assert.equal(output, null);
    assert.deepEqual(
      layers.map(({ inputShape, outputShape, parameters, trainable }) => [inputShape, outputShape, parameters, trainable]),
      [[[2, 3], [6], 0, 0], [[6], [null], null, null], [[null], [null], null, null]],
    ); // prettier-ignore
    const unknown = runLayers([dense], null, '', 't');
    assert.deepEqual([unknown.output, unknown.mistake, unknown.misusesIndices], [null, undefined, false]);
    assert.deepEqual(unknown.layers[0]?.weights, []);
  });

  test('index numbers may be looked up and rearranged, not calculated with', () => {
    const misuses = (...layers: LayerSpec[]): boolean =>
      runLayers(layers, { shape: [2, 3], indices }, '', 't').misusesIndices;
    const embedding = layer('embedding', { outputDim: 2 });
    assert.equal(misuses(dense), true);
    assert.equal(misuses(flatten, dense), true);
    assert.equal(misuses(layer('dropout', { rate: 0.5 })), true);
    assert.equal(misuses(flatten), false);
    assert.equal(misuses(layer('reshape', { targetShape: [6] })), false);
    assert.equal(misuses(flatten, embedding, flatten, dense), false);
    // A layer that cannot take them at all is told for that alone.
    assert.equal(misuses(layer('conv2d')), false);
    assert.equal(runLayers([dense], { shape: [2] }, '', 't').misusesIndices, false);
  });
});

describe('side by side', () => {
  const join = (...shapes: (readonly Size[] | null)[]): unknown =>
    concatenate(shapes.map((shape) => shape && { shape }));
  const flow = (shape: readonly Size[]): unknown => ({ flow: { shape } });

  test('the last axis adds up, the others must agree', () => {
    assert.deepEqual(join([3], [4], [5]), flow([12]));
    assert.deepEqual(join([2, 3], [2, 4]), flow([2, 7]));
    assert.deepEqual(join([5]), flow([5]));
    assert.deepEqual(join([2, 3], [3]), { left: 0, right: 1, reason: 'axes' });
    assert.deepEqual(join([2, 3], [2, 4], [3, 3]), { left: 0, right: 2, reason: 'sizes' });
    assert.deepEqual(join([2, 5, 3], [2, 6, 3]), { left: 0, right: 1, reason: 'sizes' });
  });

  test('what one side does not know the other may tell', () => {
    assert.deepEqual(join([null, 3], [2, 4]), flow([2, 7]));
    assert.deepEqual(join([2, 3], [null, 4]), flow([2, 7]));
    assert.deepEqual(join([null, 3], [null, null]), flow([null, null]));
  });

  test('with a source that is not known nothing is known, and nothing is wrong', () => {
    assert.deepEqual(join([3], null), { flow: null });
    assert.deepEqual(join(null), { flow: null });
    assert.deepEqual(join(), { flow: null });
    assert.deepEqual(join([2, 3], [3], null), { flow: null });
  });

  test('indices stay indices only among indices; one table is as large as the largest needs', () => {
    const of = (...flows: MaybeFlow[]): unknown => concatenate(flows);
    const index = (vocabulary: Size): MaybeFlow => ({ shape: [1], indices: { vocabulary } });
    assert.deepEqual(of(index(5), index(9), index(7)), { flow: { shape: [3], indices: { vocabulary: 9 } } });
    assert.deepEqual(of(index(5), index(null)), { flow: { shape: [2], indices: { vocabulary: null } } });
    assert.deepEqual(of(index(null), index(5)), { flow: { shape: [2], indices: { vocabulary: null } } });
    assert.deepEqual(of(index(5), { shape: [1] }), { flow: { shape: [2] } });
    assert.deepEqual(of(index(5)), { flow: { shape: [1], indices: { vocabulary: 5 } } });
  });
});
