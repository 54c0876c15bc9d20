/** Pooling by hand: what every engine must give. */
import assert from 'node:assert/strict';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from '../../../src/engine/tfjs.ts';
import { assertClose, type Backend } from './support.ts';

const none = Number.NaN;

export async function assertPooling(backend: Backend): Promise<void> {
  await tf.setBackend(backend);
  tf.tidy(() => {
    const numbers = (values: readonly number[]): Tensor4D => tf.tensor4d([...values], [1, 4, 4, 1]);
    const x = numbers([1, 2, 3, none, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7]);
    const values = (tensor: { dataSync(): ArrayLike<number> }): number[] => Array.from(tensor.dataSync());
    // Not-a-number belongs to the windows that hold it, and to no other.
    assert.deepEqual(values(tf.maxPool(x, 2, 2, 'valid')), [6, none, 9, -2]);
    assert.deepEqual(values(tf.avgPool(x, 2, 2, 'valid')), [3.5, none, -0.25, -4.5]);
    assert.deepEqual(values(tf.maxPool(x, 3, 2, 'same')), [9, none, 9, -2]);
    assertClose(values(tf.avgPool(x, 3, 2, 'same')), [10 / 3, none, -1.5, -4.5], 1e-6, 'average');
    const nothing = tf.fill<tf.Rank.R4>([1, 4, 4, 1], none);
    for (const pool of [tf.maxPool, tf.avgPool]) {
      assert.deepEqual(values(pool(nothing, 2, 2, 'valid')), [none, none, none, none]);
      assert.deepEqual(values(pool(x, 1, [2, 3], 'same')), [1, none, 9, -3]);
    }
    assert.deepEqual(values(tf.max(tf.tensor1d([1, none, 2]))), [none]);
    // dy = 1 for each of four windows of 3×3, 3×2, 2×3 and 2×2 elements inside the image.
    const ones = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
    const average = tf.grad((t) => tf.sum(tf.avgPool(t as Tensor4D, 3, 2, 'same')))(ones);
    const edge = [1 / 9, 1 / 9, 1 / 9 + 1 / 6, 1 / 6];
    const middle = [1 / 9 + 1 / 6, 1 / 9 + 1 / 6, 1 / 9 + 2 / 6 + 1 / 4, 1 / 6 + 1 / 4];
    const last = [1 / 6, 1 / 6, 1 / 6 + 1 / 4, 1 / 4];
    assertClose(values(average), [edge, edge, middle, last].flat(), 1e-6, 'gradient of average pooling');
    // One of several equal maxima of a window, the first, gets dy; over all positions they share it.
    const largest = tf.grad((t) => tf.sum(tf.maxPool(t as Tensor4D, 2, 2, 'valid')))(ones);
    assert.deepEqual(values(largest), [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    const rows = tf.tensor2d([
      [1, 3, 3],
      [2, 2, 2],
      [5, 4, 3],
    ]);
    const share = tf.grad((t) => tf.sum(tf.max(t, 1)))(rows);
    assertClose(values(share), [0, 0.5, 0.5, 1 / 3, 1 / 3, 1 / 3, 1, 0, 0], 1e-6, 'gradient of the maximum');
    const least = tf.grad((t) => tf.sum(tf.min(t, [0], true)))(rows);
    assertClose(
      values(least),
      [1, 0, 0, 0, 1, 0, 0, 0, 0].map((v, i) => (i === 5 ? 1 : v)),
      1e-6,
      'of the minimum',
    );
  });
}
