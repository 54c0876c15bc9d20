/** Kernels that slide over images, by hand: sides and strides that differ. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { openEngine } from '../../../../src/engine/open.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { assetsDirectory } from '../support.ts';
import { told } from './told.ts';

let engine: Engine;
before(async () => {
  engine = await openEngine('wasm', { assetsDirectory });
});
after(() => {
  engine.dispose();
});

const none = Number.NaN;

test('the gradient of nearest neighbors: aligned corners, half-pixel centers, one pixel', () => {
  const slopes = (
    from: [number, number],
    to: [number, number],
    dy: number[],
    alignCorners: boolean,
    halfPixelCenters: boolean,
  ): unknown[] =>
    told(() =>
      tf
        .engine()
        .runKernel(
          'ResizeNearestNeighborGrad',
          { dy: tf.tensor4d(dy, [1, ...to, 1]), images: tf.zeros([1, ...from, 1]) },
          { alignCorners, halfPixelCenters },
        ),
    );
  // Row 0 of one; columns 0, 0.75 → 0, 1.5 → 1, 2.25 → 2.
  assert.deepEqual(slopes([1, 3], [1, 4], [1, 2, 4, 8], false, false), ['float32', [1, 1, 3, 1], [3, 4, 8]]);
  // 0, 2/3 → 1, 4/3 → 1, 2.
  assert.deepEqual(slopes([1, 3], [1, 4], [1, 2, 4, 8], true, false), ['float32', [1, 1, 3, 1], [1, 6, 8]]);
  // 0.375 → 0, 1.125 → 1, 1.875 → 1, 2.625 → 2.
  assert.deepEqual(slopes([1, 3], [1, 4], [1, 2, 4, 8], false, true), ['float32', [1, 1, 3, 1], [1, 6, 8]]);
  // One pixel shows the first, aligned or not; half a pixel further the one in the middle.
  assert.deepEqual(slopes([3, 1], [1, 1], [5], true, false), ['float32', [1, 3, 1, 1], [5, 0, 0]]);
  assert.deepEqual(slopes([3, 1], [1, 1], [5], false, false), ['float32', [1, 3, 1, 1], [5, 0, 0]]);
  assert.deepEqual(slopes([3, 1], [1, 1], [5], false, true), ['float32', [1, 3, 1, 1], [0, 5, 0]]);
});

test('MaxPoolGrad: not-a-number and −∞ are maxima like others, windows that overlap add up', () => {
  const slopes = (values: number[]): unknown[] =>
    told(() =>
      tf
        .engine()
        .runKernel(
          'MaxPoolGrad',
          { dy: tf.tensor4d([1, 2, 4], [1, 1, 3, 1]), input: tf.tensor4d(values, [1, 1, 4, 1]) },
          { filterSize: [1, 2], strides: 1, pad: 'valid' },
        ),
    );
  assert.deepEqual(slopes([0, 3, 1, 1]), ['float32', [1, 1, 4, 1], [0, 3, 4, 0]]);
  assert.deepEqual(slopes([-Infinity, -Infinity, none, none]), ['float32', [1, 1, 4, 1], [1, 0, 6, 0]]);
  assert.deepEqual(slopes([none, 9, none, 9]), ['float32', [1, 1, 4, 1], [1, 0, 6, 0]]);
});

test('convolutions with numbers for their padding, each side another, and their gradients', () => {
  const x = (): Tensor4D => tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
  const filter = (): Tensor4D => tf.tensor4d([1, 10], [1, 2, 1, 1]);
  const pad: [[number, number], [number, number], [number, number], [number, number]] = [
    [0, 0],
    [1, 0],
    [0, 2],
    [0, 0],
  ];
  // A row of zeros above, two columns of zeros to the right.
  assert.deepEqual(
    told(() => tf.conv2d(x(), filter(), 1, pad)),
    ['float32', [1, 3, 4, 1], [0, 0, 0, 0, 21, 32, 3, 0, 54, 65, 6, 0]],
  );
  assert.deepEqual(
    told(() => tf.depthwiseConv2d(x(), filter(), 1, pad)),
    ['float32', [1, 3, 4, 1], [0, 0, 0, 0, 21, 32, 3, 0, 54, 65, 6, 0]],
  );
  const weights = (): Tensor4D => tf.tensor4d([9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 4, 1]);
  for (const convolution of [tf.conv2d, tf.depthwiseConv2d] as const) {
    const scalar = (t: Tensor, w: Tensor): Tensor =>
      tf.sum(tf.mul(convolution(t as Tensor4D, w as Tensor4D, 1, pad), weights()));
    // dx[h, w] = dy[h + 1, w] + 10 dy[h + 1, w − 1]
    assert.deepEqual(
      told(() => tf.grads(scalar)([x(), filter()])[0] as Tensor),
      ['float32', [1, 2, 3, 1], [1, 12, 23, 5, 56, 67]],
    );
    // Σ dy·x: 1·1 + 2·2 + 3·3 + 5·4 + 6·5 + 7·6; shifted: 1·2 + 2·3 + 5·5 + 6·6.
    assert.deepEqual(
      told(() => tf.grads(scalar)([x(), filter()])[1] as Tensor),
      ['float32', [1, 2, 1, 1], [106, 69]],
    );
  }
  // The same number on all sides, a kernel that is not square, two strides.
  assert.deepEqual(
    told(() => tf.conv2d(x(), tf.ones<Rank.R4>([3, 2, 1, 1]), [1, 2], 1, 'NHWC', 1, 'floor')),
    ['float32', [1, 2, 2, 1], [5, 16, 5, 16]],
  );
});

test('gradients of a convolution whose padding is wider than its kernel', () => {
  const pad: [[number, number], [number, number], [number, number], [number, number]] = [
    [0, 0],
    [2, 1],
    [2, 1],
    [0, 0],
  ];
  const x = (): Tensor4D => tf.tensor4d([3, 4], [1, 1, 2, 1]);
  const filter = (): Tensor4D => tf.tensor4d([10], [1, 1, 1, 1]);
  const dy = (): Tensor => tf.reshape(tf.range(1, 21), [1, 4, 5, 1]);
  const scalar = (t: Tensor, w: Tensor): Tensor =>
    tf.sum(tf.mul(tf.conv2d(t as Tensor4D, w as Tensor4D, 1, pad), dy()));
  // Only dy[2, 2] = 13 and dy[2, 3] = 14 saw the image.
  assert.deepEqual(
    told(() => tf.grads(scalar)([x(), filter()])[0] as Tensor),
    ['float32', [1, 1, 2, 1], [130, 140]],
  );
  assert.deepEqual(
    told(() => tf.grads(scalar)([x(), filter()])[1] as Tensor),
    ['float32', [1, 1, 1, 1], [3 * 13 + 4 * 14]],
  );
});
