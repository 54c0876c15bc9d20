// Arithmetic on sizes that may be unknown, and the reading of arguments.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { booleanOf, numberOf, sizesOf, textOf, valueOf } from '../../../../src/plan/layers/arguments.ts';
import {
  dilated,
  formatShape,
  product,
  scaled,
  sum,
  transposedLength,
  windowLength,
  windowMistake,
} from '../../../../src/plan/layers/sizes.ts';
import type { LayerSpec } from '../../../../src/spec/index.ts';

test('products and sums are unknown where a size is; of nothing they are 1 and 0', () => {
  assert.deepEqual([product([]), product([3, 4, 5]), product([3, null]), product([null, 3])], [1, 60, null, null]);
  assert.deepEqual([sum([]), sum([3, 4, 5]), sum([3, null]), sum([null, 3])], [0, 12, null, null]);
  assert.deepEqual([scaled(3, 4), scaled(null, 4), scaled(0, 4)], [12, null, 0]);
  assert.equal(formatShape([3, null, 1]), '[3, ?, 1]');
  assert.equal(formatShape([]), '[]');
});

test('a window has as many positions as can be counted', () => {
  const whole = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
  fc.assert(
    fc.property(whole(30), whole(5), whole(4), whole(3), (length, kernel, stride, dilation) => {
      const reach = Array.from({ length: kernel }, (_, tap) => tap * dilation);
      const last = reach.at(-1) ?? 0;
      assert.equal(dilated(kernel, dilation), last + 1);
      let [valid, same] = [0, 0];
      for (let at = 0; at < length; at += stride) {
        same += 1;
        if (at + last < length) valid += 1;
      }
      if (last < length) assert.equal(windowLength(length, kernel, 'valid', stride, dilation), valid);
      assert.equal(windowLength(length, kernel, 'same', stride, dilation), same);
    }),
  );
  assert.equal(windowLength(9, 3, 'valid', 2), 4);
  assert.equal(windowLength(null, 3, 'valid', 2), null);
});

test('a transposed convolution covers n strides, and what its kernel reaches beyond', () => {
  assert.equal(transposedLength(5, 3, 'same', 2), 10);
  assert.equal(transposedLength(5, 3, 'valid', 2), 11);
  assert.equal(transposedLength(5, 2, 'valid', 3), 15);
  assert.equal(transposedLength(null, 2, 'valid', 3), null);
});

test('a window is too large where one of its sides is', () => {
  assert.equal(windowMistake('pool', 'poolSize', [3, 3], [3, 3, 1]), null);
  assert.equal(windowMistake('pool', 'poolSize', [3, 3], [null, 3, 1]), null);
  assert.equal(windowMistake('pool', 'poolSize', [9], []), null);
  for (const input of [
    [2, 9, 1],
    [9, 2, 1],
  ])
    // prettier-ignore
    assert.equal(windowMistake('pool', 'poolSize', [3, 3], input)?.argument, 'poolSize');
});

test('an argument of the wrong type is as good as none', () => {
  const layer = { type: 'dense', units: 3, useBias: false, name: 'x' } as unknown as LayerSpec;
  assert.deepEqual([numberOf(layer, 'units', 9), numberOf(layer, 'rate', 9), numberOf(layer, 'name', 9)], [3, 9, 9]);
  assert.deepEqual(
    [booleanOf(layer, 'useBias', true), booleanOf(layer, 'center', true), booleanOf(layer, 'units', false)],
    [false, true, false],
  );
  assert.deepEqual([textOf(layer, 'name', 'y'), textOf(layer, 'kind', 'y'), textOf(layer, 'units', 'y')], ['x', 'y', 'y']); // prettier-ignore
  assert.equal(valueOf(layer, 'toString'), undefined);
  assert.equal(valueOf(layer, 'units'), 3);
});

test('sizes: one number for all axes, or one each', () => {
  const of = (size: unknown, otherwise: number | readonly number[] = 7): readonly number[] =>
    sizesOf({ type: 'conv2d', size } as unknown as LayerSpec, 'size', 2, otherwise);
  assert.deepEqual(of(3), [3, 3]);
  assert.deepEqual(of([3, 4]), [3, 4]);
  assert.deepEqual(of([3]), [3, 3]);
  assert.deepEqual(of([3, 4, 5]), [3, 4]);
  assert.deepEqual(of([]), [1, 1]);
  assert.deepEqual(of(['a', 4]), [4, 4]);
  assert.deepEqual(of('a'), [1, 1]);
  assert.deepEqual(of(undefined), [7, 7]);
  assert.deepEqual(of(undefined, [5, 6]), [5, 6]);
});
