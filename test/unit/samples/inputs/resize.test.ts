/** Images of another size, by hand; Pillow's own numbers are held by the test of statistics. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { resizeImage, type Resize, type Size } from '../../../../src/samples/inputs/resize.ts';

const resized = (pixels: readonly number[], source: Size, target: Size, how: Resize, channels = 1): number[] => [
  ...resizeImage(Float64Array.from(pixels), source, target, channels, how),
];

test('an image of the size that is wanted stays the same array', () => {
  const pixels = Float64Array.of(1, 2, 3, 4);
  for (const how of ['stretch', 'fit', 'crop'] as const)
    assert.equal(resizeImage(pixels, [2, 2], [2, 2], 1, how), pixels);
  assert.notEqual(resizeImage(pixels, [1, 4], [2, 2], 1, 'stretch'), pixels);
  assert.notEqual(resizeImage(pixels, [2, 2], [2, 1], 1, 'stretch'), pixels);
  assert.notEqual(resizeImage(pixels, [2, 2], [1, 2], 1, 'stretch'), pixels);
});

test('twice as wide: a triangle of width one around each new center', () => {
  // Centers at −0.25, 0.25, 0.75, 1.25 of pixels 0 and 1; beyond the edge there is nothing.
  assert.deepEqual(resized([0, 8], [1, 2], [1, 4], 'stretch'), [0, 2, 6, 8]);
  assert.deepEqual(resized([0, 8], [2, 1], [4, 1], 'stretch'), [0, 2, 6, 8]);
});

test('half as wide: a triangle as wide as the reduction', () => {
  // Of 4 pixels 2: center 1 ± 2 takes pixels 0, 1, 2 with 0.75, 0.75, 0.25; mirrored for the other.
  const [a, b, c, d] = [4, 8, 20, 40];
  const left = (0.75 * a + 0.75 * b + 0.25 * c) / 1.75;
  const right = (0.25 * b + 0.75 * c + 0.75 * d) / 1.75;
  for (const [source, target] of [
    [
      [1, 4],
      [1, 2],
    ],
    [
      [4, 1],
      [2, 1],
    ],
  ] as const) {
    const found = resized([a, b, c, d], source, target, 'stretch');
    [left, right].forEach((value, at) => assert.ok(Math.abs((found[at] ?? NaN) - value) < 1e-12));
  }
});

test('fit keeps the proportions with black around: beside a tall image, above and below a wide one', () => {
  const five = (n: number): number[] => new Array<number>(n).fill(5);
  assert.deepEqual(resized(five(8), [4, 2], [4, 4], 'fit'), [0, 5, 5, 0, 0, 5, 5, 0, 0, 5, 5, 0, 0, 5, 5, 0]);
  // An odd rest: the smaller part is before.
  assert.deepEqual(resized(five(4), [2, 2], [2, 3], 'fit'), [5, 5, 0, 5, 5, 0]);
  assert.deepEqual(resized(five(8), [2, 2], [3, 2], 'fit', 2), [...five(8), 0, 0, 0, 0]);
  // At least one pixel is left of a very thin one.
  assert.deepEqual(resized(five(10), [1, 10], [3, 3], 'fit'), [0, 0, 0, 5, 5, 5, 0, 0, 0]);
  assert.deepEqual(resized(five(10), [10, 1], [3, 3], 'fit'), [0, 5, 0, 0, 5, 0, 0, 5, 0]);
});

test('crop fills the target and cuts the middle out, with all channels', () => {
  // Columns 1 2 3 4, in two channels of which the second is ten times the first.
  const line = [1, 10, 2, 20, 3, 30, 4, 40];
  assert.deepEqual(resized([...line, ...line], [2, 4], [2, 2], 'crop', 2), [2, 20, 3, 30, 2, 20, 3, 30]);
  assert.deepEqual(resized([1, 1, 2, 2, 3, 3, 4, 4], [4, 2], [2, 2], 'crop'), [2, 2, 3, 3]);
});
