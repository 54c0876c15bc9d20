import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { openEngine } from '../../../src/engine/open.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { assertPooling } from './pooling-values.ts';
import { assertClose, assetsDirectory, random, sizeOf, tensorOf, uniform } from './support.ts';

let engine: Engine;
before(async () => {
  engine = await openEngine('wasm', { assetsDirectory });
});
after(() => {
  engine.dispose();
});

test('spaces in an equation of einsum mean nothing', () => {
  const [a, b] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [5]])];
  const product = (x: Tensor, y: Tensor): Tensor => tf.einsum(' i j, j k -> i k ', x, y);
  assert.deepEqual([...product(a, b).dataSync()], [13]);
  const slopes = tf.grads((x, y) => tf.sum(product(x, y)))([a, b]);
  assert.deepEqual(
    slopes.map((slope) => [...slope.dataSync()]),
    [
      [3, 5],
      [1, 2],
    ],
  );
  tf.dispose([a, b, ...slopes]);
});

test('not-a-number is never hidden', () => {
  const x = tf.tensor1d([Number.NaN, 1, -1]);
  const zero = tf.zeros([3]);
  const row = tf.tensor2d([[Number.NaN, 1]]);
  const column = tf.tensor2d([[1], [1]]);
  const image = tf.fill<Rank.R4>([1, 3, 3, 2], Number.NaN);
  const kernel = tf.ones<Rank.R4>([3, 3, 2, 4]);
  const outcomes = {
    relu: tf.relu(x),
    relu6: tf.relu6(x),
    clip: tf.clipByValue(x, -0.5, 0.5),
    maximum: tf.maximum(zero, x),
    maximumTurned: tf.maximum(x, zero),
    minimum: tf.minimum(zero, x),
    minimumTurned: tf.minimum(x, zero),
    product: tf.matMul(row, column),
    fused: tf.fused.matMul({ a: row, b: column, activation: 'relu' }),
    sum: tf.sum(x),
    mean: tf.mean(x),
    reluGradient: tf.grad((v) => tf.relu(v))(x),
    convolution: tf.conv2d(image, kernel, 1, 'valid'),
    fusedConvolution: tf.fused.conv2d({ x: image, filter: kernel, strides: 1, pad: 'valid', activation: 'relu6' }),
  };
  for (const [name, tensor] of Object.entries(outcomes)) assert.ok(Number.isNaN(tensor.dataSync()[0]), name);
});

test('pooling: not-a-number, edges, plateaus', async () => {
  await assertPooling('wasm');
  // The plain cpu backend, which other engines lean on, hides not-a-number in its maxima; its averages are right.
  await tf.setBackend('cpu');
  const slopes = tf
    .grad((x) => tf.sum(tf.avgPool(x as Tensor4D, 2, 1, 'same')))(tf.ones([1, 2, 2, 1]))
    .dataSync();
  assertClose([...slopes], [0.25, 0.75, 0.75, 2.25], 1e-6, 'average pooling on cpu');
  await tf.setBackend('wasm');
});

test('sums are accumulated in double precision', () => {
  const tenths = tf.fill([70000], 0.1);
  assert.equal(tf.sum(tenths).dataSync()[0], Math.fround(70000 * Math.fround(0.1)));
  assert.equal(tf.mean(tenths).dataSync()[0], Math.fround(0.1));
  const columns = tf.sum(tf.reshape(tenths, [35000, 2]), 0).dataSync();
  assert.deepEqual(
    [...columns],
    [35000, 35000].map((n) => Math.fround(n * Math.fround(0.1))),
  );
});

test('to bool means not zero; sign sees small numbers; whole-number products are exact', () => {
  assert.deepEqual([...tf.cast([0.5, 256, 0, -1], 'bool').dataSync()], [1, 1, 0, 1]);
  assert.deepEqual([...tf.sign([1e-8, -1e-8, 0]).dataSync()], [1, -1, 0]);
  const a = tf.tensor2d([[16777217, 1]], [1, 2], 'int32');
  const b = tf.tensor2d([[1], [2]], [2, 1], 'int32');
  assert.deepEqual([...tf.matMul(a, b).dataSync()], [16777219]);
  const confusion = tf.math.confusionMatrix([0, 1, 2, 1], [0, 2, 2, 1], 3);
  assert.deepEqual(confusion.arraySync(), [
    [1, 0, 0],
    [0, 1, 1],
    [0, 0, 1],
  ]);
});

test('matMul broadcasts batches both ways (plain loops)', () => {
  const extent = fc.integer({ min: 1, max: 4 });
  const extents = fc.tuple(extent, extent, extent, extent, extent);
  fc.assert(
    fc.property(extents, fc.integer(), ([p, q, m, n, k], seed) => {
      const next = random(seed);
      const [a, b] = [uniform([p, 1, m, n], next), uniform([q, n, k], next)];
      const want: number[] = [];
      for (let i = 0; i < p * q; i++) {
        const [atA, atB] = [Math.floor(i / q) * m * n, (i % q) * n * k];
        for (let r = 0; r < m * k; r++) {
          let sum = 0;
          for (let j = 0; j < n; j++) {
            sum += (a.values[atA + Math.floor(r / k) * n + j] ?? 0) * (b.values[atB + j * k + (r % k)] ?? 0);
          }
          want.push(sum);
        }
      }
      const got = tf.tidy(() => tf.matMul(tensorOf(a), tensorOf(b)));
      assert.deepEqual(got.shape, [p, q, m, k]);
      assertClose([...got.dataSync()], want, 2e-5, 'matMul');
      got.dispose();
    }),
    { numRuns: 30 },
  );
});

test('tensors that share their data are freed once', () => {
  const before = engine.backend.numDataIds();
  tf.tidy(() => {
    const x = tf.randomUniform([2, 3], -1, 1, 'float32', 1);
    const copies = [tf.clone(x), tf.cast(x, 'float32'), tf.reshape(x, [sizeOf(x.shape)])];
    x.dispose();
    for (const copy of copies) assert.equal(copy.dataSync().length, 6);
    const variable = tf.variable(tf.zeros([2]));
    const kept = tf.clone(variable);
    variable.assign(tf.ones([2]));
    assert.deepEqual([...kept.dataSync()], [0, 0]);
    variable.dispose();
  });
  assert.equal(engine.backend.numDataIds(), before);
});
