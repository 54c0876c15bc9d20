/** Values by hand, away from what tfjs takes where nothing is said. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Rank, Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { openEngine } from '../../../../src/engine/open.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { assetsDirectory } from '../support.ts';
import { refused, told } from './told.ts';

let engine: Engine;
before(async () => {
  engine = await openEngine('wasm', { assetsDirectory });
});
after(() => {
  engine.dispose();
});

const none = Number.NaN;
const counting = (shape: [number, number, number]): Tensor3D =>
  tf.tensor3d(
    Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => i),
    shape,
  );

test('Sum and Mean: types, empty axes, axes from the end and apart', () => {
  const truth = (): Tensor => tf.tensor2d([1, 0, 1, 1, 1, 1], [2, 3], 'bool');
  const whole = (): Tensor => tf.tensor2d([1, 2, 3, 4, 5, 7], [2, 3], 'int32');
  assert.deepEqual(
    told(() => tf.engine().runKernel('Sum', { x: truth() }, { axis: [1], keepDims: false })),
    ['int32', [2], [2, 3]],
  );
  assert.deepEqual(
    told(() => tf.sum(whole(), -1, true)),
    ['int32', [2, 1], [6, 16]],
  );
  assert.deepEqual(
    told(() => tf.mean(whole(), 0)),
    ['float32', [3], [2.5, 3.5, 5]],
  );
  // Axes 0 and 2, in either order: [[0, 1, 2, 3], [4, 5, 6, 7], …] is taken to pieces along the middle.
  for (const axes of [
    [0, 2],
    [2, 0],
    [-1, 0],
  ]) {
    assert.deepEqual(
      told(() => tf.sum(counting([2, 3, 2]), axes)),
      ['float32', [3], [14, 22, 30]],
    );
    assert.deepEqual(
      told(() => tf.mean(counting([2, 3, 2]), axes, true)),
      ['float32', [1, 3, 1], [3.5, 5.5, 7.5]],
    );
  }
  assert.deepEqual(
    told(() => tf.engine().runKernel('Sum', { x: counting([1, 2, 2]) }, { axis: [], keepDims: false })),
    ['float32', [1, 2, 2], [0, 1, 2, 3]],
  );
  assert.deepEqual(
    told(() => tf.sum(tf.zeros([0, 2]), 0)),
    ['float32', [2], [0, 0]],
  );
  assert.deepEqual(
    told(() => tf.mean(tf.zeros([0, 2]), 0)),
    ['float32', [2], [none, none]],
  );
  assert.deepEqual(
    told(() => tf.sum(tf.zeros([2, 0]), 0)),
    ['float32', [0], []],
  );
  // 128 numbers are a row: below, at and above it, with rows left over.
  for (const [count, inner] of [
    [5, 50],
    [3, 64],
    [4, 127],
    [3, 128],
    [2, 129],
  ] as const) {
    const x = (): Tensor => tf.reshape(tf.range(0, count * inner), [count, inner]);
    const want = Array.from({ length: inner }, (_, i) => count * i + (inner * count * (count - 1)) / 2);
    assert.deepEqual(
      told(() => tf.sum(x(), 0)),
      ['float32', [inner], want],
    );
  }
});

test('Cast, Sign, ClipByValue and Relu6 at their corners', () => {
  assert.deepEqual(
    told(() => tf.cast(tf.tensor1d([none, 0, -0, -3], 'float32'), 'bool')),
    ['bool', [4], [1, 0, 0, 1]],
  );
  assert.deepEqual(
    told(() => tf.cast(tf.tensor1d([1, 0], 'bool'), 'int32')),
    ['int32', [2], [1, 0]],
  );
  assert.deepEqual(
    told(() => tf.cast(tf.tensor1d([2.9, -2.9]), 'int32')),
    ['int32', [2], [2, -2]],
  );
  assert.deepEqual(
    told(() => tf.sign(tf.tensor1d([none, 0, 5, -5, Infinity, -Infinity]))),
    ['float32', [6], [0, 0, 1, -1, 1, -1]],
  );
  assert.deepEqual(
    told(() => tf.clipByValue(tf.tensor1d([none, -9, -2, -1, 1, 3, 9]), -2, 3)),
    ['float32', [7], [none, -2, -2, -1, 1, 3, 3]],
  );
  assert.deepEqual(
    told(() => tf.relu6(tf.tensor1d([none, -1, 0, 0.5, 6, 7]))),
    ['float32', [6], [none, 0, 0, 0.5, 6, 6]],
  );
});

test('Maximum and Minimum: repeated axes of both operands, types that differ, no elements', () => {
  const column = (): Tensor => tf.tensor2d([0, 5, none], [3, 1]);
  const row = (): Tensor => tf.tensor1d([1, 6]);
  assert.deepEqual(
    told(() => tf.maximum(column(), row())),
    ['float32', [3, 2], [1, 6, 5, 6, none, none]],
  );
  assert.deepEqual(
    told(() => tf.minimum(row(), column())),
    ['float32', [3, 2], [0, 0, 1, 5, none, none]],
  );
  assert.deepEqual(
    told(() => tf.engine().runKernel('Maximum', { a: tf.tensor1d([1, 2], 'int32'), b: tf.tensor1d([1.5, 1.5]) })),
    ['float32', [2], [1.5, 2]],
  );
  assert.deepEqual(
    told(() => tf.maximum(tf.zeros([0, 2]), row())),
    ['float32', [0, 2], []],
  );
  // [2, 1, 2] against [3, 1]: the middle axis of one, the last of the other.
  const a = (): Tensor => tf.tensor3d([0, 10, 20, 30], [2, 1, 2]);
  const b = (): Tensor => tf.tensor2d([5, 15, 25], [3, 1]);
  assert.deepEqual(
    told(() => tf.maximum(a(), b())),
    ['float32', [2, 3, 2], [5, 10, 15, 15, 25, 25, 20, 30, 20, 30, 25, 30]],
  );
});

test('SplitV and Unpack along an axis that is not the first, told from the front and from the end', () => {
  const x = (): Tensor => counting([2, 3, 2]);
  for (const axis of [1, -2]) {
    assert.deepEqual(
      told(() => tf.split(x(), [1, 2], axis)[1] as Tensor),
      ['float32', [2, 2, 2], [2, 3, 4, 5, 8, 9, 10, 11]],
    );
    assert.deepEqual(
      told(() => tf.split(x(), [1, -1], axis)[0] as Tensor),
      ['float32', [2, 1, 2], [0, 1, 6, 7]],
    );
    assert.deepEqual(
      told(() => tf.split(x(), 3, axis)[2] as Tensor),
      ['float32', [2, 1, 2], [4, 5, 10, 11]],
    );
    assert.deepEqual(
      told(() => tf.unstack(x(), axis)[1] as Tensor),
      ['float32', [2, 2], [2, 3, 8, 9]],
    );
  }
  assert.deepEqual(
    told(() => tf.unstack(tf.tensor2d(['a', 'b', 'c', 'd'], [2, 2]), 1)[1] as Tensor),
    ['string', [2], ['b', 'd']],
  );
});

test('Slice: an open end, everything, nothing, text, and what lies outside is refused', () => {
  const x = (): Tensor3D => counting([2, 3, 2]);
  assert.deepEqual(
    told(() => tf.slice(x(), [0, 1], [-1, 1])),
    ['float32', [2, 1, 2], [2, 3, 8, 9]],
  );
  assert.deepEqual(
    told(() => tf.slice(x(), 1)),
    ['float32', [1, 3, 2], [6, 7, 8, 9, 10, 11]],
  );
  assert.deepEqual(
    told(() => tf.slice(x(), [0, 0, 0], [2, 3, 2])),
    ['float32', [2, 3, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  );
  assert.deepEqual(
    told(() => tf.slice(x(), [1, 3, 0], [1, 0, 2])),
    ['float32', [1, 0, 2], []],
  );
  assert.deepEqual(
    told(() => tf.slice(tf.tensor1d(['a', 'b', 'c']), 1, 2)),
    ['string', [2], ['b', 'c']],
  );
  assert.deepEqual(
    told(() => tf.slice(tf.tensor1d(['a', 'b', 'c']), 0, 2)),
    ['string', [2], ['a', 'b']],
  );
  refused(() => tf.slice(x(), [0, 2, 0], [2, 2, 2]), /slice|size/);
});

test('StridedSlice: backwards, masks for new, dropped and left out axes, text', () => {
  const x = (): Tensor => counting([2, 3, 2]);
  const part = (
    begin: number[],
    end: number[],
    strides: number[],
    masks: readonly [begin?: number, end?: number, ellipsis?: number, added?: number, shrink?: number] = [],
  ): unknown[] => told(() => tf.stridedSlice(x(), begin, end, strides, ...masks));
  assert.deepEqual(part([0, 2, 1], [2, 0, 2], [1, -1, 1]), ['float32', [2, 2, 1], [5, 3, 11, 9]]);
  assert.deepEqual(part([-1, -1, -1], [-3, -4, -3], [-1, -2, -1]), ['float32', [2, 2, 2], [11, 10, 7, 6, 5, 4, 1, 0]]);
  // x[1, :, ::2]
  assert.deepEqual(part([1, 0, 0], [2, 0, 0], [1, 1, 2], [6, 6, 0, 0, 1]), ['float32', [3, 1], [6, 8, 10]]);
  // x[1:2, 2, ::-1]
  assert.deepEqual(part([1, 2, -1], [2, 0, -3], [1, 1, -1], [0, 0, 0, 0, 2]), ['float32', [1, 2], [11, 10]]);
  // The end before the begin, in both directions.
  assert.deepEqual(part([0, 2, 0], [2, 1, 2], [1, 1, 1]), ['float32', [2, 0, 2], []]);
  assert.deepEqual(part([0, 0, 0], [2, 2, 2], [1, -1, 1]), ['float32', [2, 0, 2], []]);
  assert.deepEqual(part([0, 2, 0], [2, 0, 2], [1, 2, 1]), ['float32', [2, 0, 2], []]);
  // x[..., 1:2]
  assert.deepEqual(part([0, 1], [0, 2], [1, 1], [0, 0, 1]), ['float32', [2, 3, 1], [1, 3, 5, 7, 9, 11]]);
  // x[new, 1:2, ::2]
  assert.deepEqual(part([0, 1, 0], [0, 2, 3], [1, 1, 2], [0, 0, 0, 1]), ['float32', [1, 1, 2, 2], [6, 7, 10, 11]]);
  assert.deepEqual(part([0, 0, 0], [2, 3, 2], [1, 1, 1]), [
    'float32',
    [2, 3, 2],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  ]);
  assert.deepEqual(part([1, 0, 0], [1, 3, 2], [1, 1, 1]), ['float32', [0, 3, 2], []]);
  assert.deepEqual(
    told(() => tf.stridedSlice(tf.tensor1d(['a', 'b', 'c']), [1], [3], [1])),
    ['string', [2], ['b', 'c']],
  );
  refused(
    () => tf.stridedSlice(tf.tensor1d(['a', 'b', 'c']), [0], [3], [2]),
    /^Error: Kernel StridedSlice takes no strides for text\.$/,
  );
});

test('UnsortedSegmentSum: whole numbers, ids outside, a segment that nobody names, rows of several axes', () => {
  const ids = (values: number[]): ReturnType<typeof tf.tensor1d> => tf.tensor1d(values, 'int32');
  assert.deepEqual(
    told(() => tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4, 8, 16], 'int32'), ids([2, -1, 0, 2, 3]), 3)),
    ['int32', [3], [4, 0, 9]],
  );
  assert.deepEqual(
    told(() => tf.unsortedSegmentSum(counting([3, 2, 2]), ids([1, 1, 0]), 2)),
    ['float32', [2, 2, 2], [8, 9, 10, 11, 4, 6, 8, 10]],
  );
});

test('Einsum: letters summed inside one operand, a result in another order, one pixel; extents that differ', () => {
  const a = (): Tensor => counting([2, 3, 2]);
  // Σ over j and k of a[i, j, k]: 15 and 51; times b.
  assert.deepEqual(
    told(() => tf.einsum('ijk,l->li', a(), tf.tensor1d([1, 10]))),
    ['float32', [2, 2], [15, 51, 150, 510]],
  );
  assert.deepEqual(
    told(() => tf.einsum('ijk->ki', a())),
    ['float32', [2, 2], [6, 24, 9, 27]],
  );
  assert.deepEqual(
    told(() => tf.einsum('ij,ij->j', tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]))),
    ['float32', [2], [26, 44]],
  );
  refused(
    () => tf.einsum('ij,jk->ik', tf.zeros([2, 3]), tf.zeros([4, 2])),
    /einsum "ij,jk->ik": operand jk has shape \[4, 2\], where index j was 3\./,
  );
  refused(
    () => tf.einsum('ij->i', tf.zeros([2, 3, 4])),
    /einsum "ij->i": operand ij has shape \[2, 3, 4\], where index i was 2\./,
  );
  // A letter that one operand has twice, too.
  refused(() => tf.einsum('ii->i', tf.zeros([2, 3])), /ii|dimension/);
});

test('BatchMatMul: no elements, whole numbers turned and in batches, extents that differ', () => {
  assert.deepEqual(
    told(() => tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3]))),
    ['float32', [2, 3], [0, 0, 0, 0, 0, 0]],
  );
  assert.deepEqual(
    told(() => tf.matMul(tf.zeros([0, 2]), tf.zeros([2, 3]))),
    ['float32', [0, 3], []],
  );
  const a = (): Tensor3D => tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2], 'int32');
  const b = (): Tensor3D => tf.tensor3d([1, 0, 2, 1], [1, 2, 2], 'int32');
  assert.deepEqual(
    told(() => tf.matMul(a(), b(), true, false)),
    ['int32', [2, 2, 2], [7, 3, 10, 4, 19, 7, 22, 8]],
  );
  assert.deepEqual(
    told(() => tf.matMul(a(), b(), false, true)),
    ['int32', [2, 2, 2], [1, 4, 3, 10, 5, 16, 7, 22]],
  );
  const product = (transposeA: boolean, transposeB: boolean): unknown =>
    tf.engine().runKernel('BatchMatMul', { a: tf.zeros([2, 3]), b: tf.zeros([2, 3]) }, { transposeA, transposeB });
  refused(
    () => product(false, false),
    /^Error: matMul of \[2, 3\] and \[2, 3\]: the inner extents differ \(transposeA false, transposeB false\)\.$/,
  );
  refused(() => product(true, true), /differ \(transposeA true, transposeB true\)/);
});

test('the gradient of large filters, some images at a time, is the sum of each image’s own', () => {
  // Patches of 3 · 3 taps: three of these images fit into the budget at once, and the fourth comes by itself; of the images
  // with two channels two, and then one.
  for (const [images, side, channels] of [
    [4, 64, 32],
    [3, 320, 2],
  ] as const) {
    const shape = [images, side, side, channels] as const;
    const x = tf.randomUniform<Rank.R4>([...shape], -1, 1, 'float32', 5);
    const dy = tf.randomUniform<Rank.R4>([images, side, side, 3], -1, 1, 'float32', 6);
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, channels, 3] };
    const gradient = (of: Tensor4D, by: Tensor4D): Float32Array =>
      tf.tidy(() => {
        const made = tf.engine().runKernel<Tensor>('Conv2DBackpropFilter', { x: of, dy: by }, attributes);
        return made.dataSync<'float32'>().slice();
      });
    const whole = gradient(x, dy);
    const single = Array.from({ length: images }, (_, at) =>
      tf.tidy(() =>
        gradient(tf.slice(x, [at, 0, 0, 0], [1, -1, -1, -1]), tf.slice(dy, [at, 0, 0, 0], [1, -1, -1, -1])),
      ),
    );
    const most = Math.max(...whole.map(Math.abs));
    for (const [index, value] of whole.entries()) {
      const sum = single.reduce((total, each) => total + (each[index] ?? NaN), 0);
      assert.ok(Math.abs(value - sum) < 1e-5 * most, `${String(value)} and ${String(sum)} at ${String(index)}`);
    }
    tf.dispose([x, dy]);
  }
});
