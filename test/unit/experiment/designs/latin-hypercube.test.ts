import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { latinHypercube } from '../../../../src/experiment/designs/latin-hypercube.ts';
import { keyed } from '../../../../src/numbers/random.ts';

const cellsOf = (points: readonly (readonly number[])[]) =>
  points.map((point) => point.map((value) => Math.floor(value * points.length)));

function smallest(points: readonly (readonly number[])[]): number {
  const distances = points.flatMap((a, i) =>
    points.slice(0, i).map((b) => a.reduce((total, value, k) => total + (value - (b[k] ?? 0)) ** 2, 0)),
  );
  return Math.min(...distances);
}

test('every stratum of every dimension has one point', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 24 }), fc.nat(), (dimensions, n, seed) => {
      const cells = cellsOf(latinHypercube(dimensions, n, seed));
      for (let dimension = 0; dimension < dimensions; dimension += 1)
        assert.deepEqual(
          cells.map((cell) => cell[dimension] ?? -1).sort((a, b) => a - b),
          [...Array(n).keys()],
        );
    }),
    { numRuns: 40 },
  );
  assert.deepEqual(latinHypercube(2, 0, 1), []);
  assert.equal(latinHypercube(3, 120, 1).length, 120);
});

test('the closest points are far apart: at the known optimum for a few points, and well above random hypercubes', () => {
  // Maximin Latin hypercubes in the plane with 5 points have squared distance 5 (van Dam et al. 2007), with 10 points 13 or 10.
  for (let seed = 0; seed < 5; seed += 1) assert.equal(smallest(cellsOf(latinHypercube(2, 5, seed))), 5);
  for (let seed = 0; seed < 5; seed += 1) {
    const random = keyed(seed, 'hypercube');
    const columns = [random.permutation(20), random.permutation(20), random.permutation(20)];
    const chance = Array.from({ length: 20 }, (_, i) => columns.map((column) => column[i] ?? 0));
    assert.ok(smallest(cellsOf(latinHypercube(3, 20, seed))) >= 2 * smallest(chance));
    assert.ok(smallest(cellsOf(latinHypercube(3, 20, seed))) >= 35);
  }
});
