import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mostDimensions, sobolPoint, sobolPoints } from '../../../../src/experiment/designs/sobol.ts';

const reference = JSON.parse(readFileSync(new URL('../../../reference/sobol.json', import.meta.url), 'utf8')) as {
  readonly dimensions: number;
  readonly numbers: readonly number[];
  readonly points: readonly (readonly number[])[];
};

test('the points are those of scipy, in every dimension', () => {
  assert.equal(mostDimensions, reference.dimensions);
  const points = sobolPoints(reference.dimensions, 4096);
  reference.numbers.forEach((number, index) =>
    assert.deepEqual(
      points[number]?.map((value) => value * 4096),
      reference.points[index],
      `point ${number}`,
    ),
  );
  assert.deepEqual(sobolPoints(3, 4), [
    [0, 0, 0],
    [0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25],
    [0.25, 0.75, 0.75],
  ]);
  assert.throws(() => sobolPoints(mostDimensions + 1, 1), /128 dimensions here; 129/);
});

/** How many points of the first two dimensions lie in each box of size 2^-a × 2^-b. */
function boxes(points: readonly (readonly number[])[], a: number, b: number): readonly number[] {
  const counts = new Array<number>(2 ** (a + b)).fill(0);
  for (const [x = 0, y = 0] of points) {
    const box = Math.floor(x * 2 ** a) * 2 ** b + Math.floor(y * 2 ** b);
    counts[box] = (counts[box] ?? 0) + 1;
  }
  return counts;
}

test('scrambled points are a (0, m, 2)-net: one in every elementary box, whatever the seed', () => {
  for (let seed = 0; seed < 10; seed += 1) {
    const points = sobolPoints(2, 64, seed);
    for (let a = 0; a <= 6; a += 1) assert.deepEqual(boxes(points, a, 6 - a), new Array(64).fill(1));
    assert.deepEqual(boxes(sobolPoints(2, 128, seed).slice(64), 3, 3), new Array(64).fill(1), 'the next 64 as well');
  }
});

test('scrambling: every dimension stratified, other points for other seeds, uniform over seeds', () => {
  const points = sobolPoints(128, 256, 3);
  for (let dimension = 0; dimension < 128; dimension += 1) {
    const cells = points.map((point) => Math.floor((point[dimension] ?? 0) * 256));
    assert.equal(new Set(cells).size, 256);
  }
  assert.notDeepEqual(sobolPoints(2, 4, 1), sobolPoints(2, 4, 2));
  assert.deepEqual(sobolPoints(2, 4, 1), sobolPoints(2, 4, 1));
  assert.deepEqual(sobolPoint(5, 9, 3), sobolPoints(5, 20, 3)[9]);
  // By the shift each point is uniform; by the matrix the digits after the first differ between neighbors too.
  const firsts = Array.from({ length: 400 }, (_, seed) => sobolPoints(1, 2, seed).map(([x = 0]) => x));
  const mean = firsts.reduce((total, [x = 0]) => total + x, 0) / 400;
  assert.ok(Math.abs(mean - 0.5) < 4 / Math.sqrt(12 * 400));
  const gaps = new Set(firsts.map(([x = 0, y = 0]) => Math.abs(x - y)));
  assert.ok(gaps.size > 300, 'a shift alone would keep the two points half apart in the first digit only');
});
