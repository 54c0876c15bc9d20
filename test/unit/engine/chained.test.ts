/** Operators that tfjs chains on tensors where nobody sees it: each computes what the operation of its name does. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { registerChainedOperations } from '../../../src/engine/chained.ts';
import { tf } from '../../../src/engine/tfjs.ts';

interface Chained {
  readonly shape: readonly number[];
  readonly dtype: string;
  dataSync(): ArrayLike<number>;
}
type Operators = Readonly<Record<string, (...given: readonly unknown[]) => Chained | readonly Chained[]>>;

before(async () => {
  await tf.setBackend('cpu');
  registerChainedOperations();
});

/** Name, further arguments, and what comes out for [[1, −4], [9, 16]], as the shapes and numbers of its tensors. */
const cases: readonly (readonly [string, readonly unknown[], ...(readonly (readonly [number[], number[]])[])])[] = [
  ['add', [1], [[2, 2], [2, -3, 10, 17]]],
  ['sub', [1], [[2, 2], [0, -5, 8, 15]]],
  ['mul', [2], [[2, 2], [2, -8, 18, 32]]],
  ['div', [2], [[2, 2], [0.5, -2, 4.5, 8]]],
  ['neg', [], [[2, 2], [-1, 4, -9, -16]]],
  ['sign', [], [[2, 2], [1, -1, 1, 1]]],
  ['square', [], [[2, 2], [1, 16, 81, 256]]],
  ['cast', ['int32'], [[2, 2], [1, -4, 9, 16]]],
  ['sum', [1], [[2], [-3, 25]]],
  ['norm', ['euclidean', 0], [[2], [Math.hypot(1, 9), Math.hypot(4, 16)]]],
  ['matMul', [[[0, 1], [1, 0]]], [[2, 2], [-4, 1, 16, 9]]],
  ['transpose', [], [[2, 2], [1, 9, -4, 16]]],
  ['reshape', [[4]], [[4], [1, -4, 9, 16]]],
  ['flatten', [], [[4], [1, -4, 9, 16]]],
  ['expandDims', [1], [[2, 1, 2], [1, -4, 9, 16]]],
  ['slice', [[1, 0], [1, 1]], [[1, 1], [9]]],
  ['stridedSlice', [[0, 0], [2, 2], [1, 2]], [[2, 1], [1, 9]]],
  ['gather', [[1], 0], [[1, 2], [9, 16]]],
  ['tile', [[1, 2]], [[2, 4], [1, -4, 1, -4, 9, 16, 9, 16]]],
  ['split', [2, 1], [[2, 1], [1, 9]], [[2, 1], [-4, 16]]],
  ['unstack', [0], [[2], [1, -4]], [[2], [9, 16]]],
]; // prettier-ignore

for (const [name, given, ...wanted] of cases) {
  test(name, () => {
    tf.tidy(() => {
      const x = tf.tensor2d([1, -4, 9, 16], [2, 2]) as unknown as Operators;
      const tensors = given.map((one, index) => (name === 'gather' && index === 0 ? tf.tensor1d([1], 'int32') : one));
      const out = x[name]?.(...tensors);
      assert.ok(out);
      const found = Array.isArray(out) ? (out as readonly Chained[]) : [out as Chained];
      assert.equal(found.length, wanted.length);
      found.forEach((tensor, index) => {
        const [shape, numbers] = wanted[index] ?? [[], []];
        assert.deepEqual(tensor.shape, shape);
        assert.equal(tensor.dtype, name === 'cast' ? 'int32' : 'float32');
        for (const [at, number] of numbers.entries())
          assert.ok(Math.abs((tensor.dataSync()[at] ?? NaN) - number) < 1e-5);
      });
    });
  });
}

test('square roots, and axes of one that go', () => {
  tf.tidy(() => {
    const x = tf.tensor2d([4, 9], [1, 2]) as unknown as Operators;
    const root = x['sqrt']?.() as Chained;
    assert.deepEqual([root.shape, [...Array.from(root.dataSync())]], [[1, 2], [2, 3]]); // prettier-ignore
    assert.deepEqual((x['squeeze']?.([0]) as Chained).shape, [2]);
  });
});
