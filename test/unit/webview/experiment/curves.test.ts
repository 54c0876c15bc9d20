import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandOf } from '../../../../webview/charts/band.ts';
import { pathOf } from '../../../../webview/experiment/curves.ts';

const curve = (x: readonly number[], y: readonly (number | null)[]) => ({ arm: 'a', seed: 1, run: 'r', x, y });

test('mean and standard deviation by epoch', () => {
  // By hand: 1, 2, 3 have mean 2 and sd 1; 2, 4, 9 have mean 5 and sd √13.
  const band = bandOf([curve([1, 2], [1, 2]), curve([1, 2], [2, 4]), curve([1, 2], [3, 9])]);
  assert.deepEqual([band.x, band.mean, band.n], [[1, 2], [2, 5], 3]);
  assert.ok(Math.abs((band.sd[0] ?? 0) - 1) < 1e-12 && Math.abs((band.sd[1] ?? 0) - Math.sqrt(13)) < 1e-12);
});

test('only where every curve has a value: those that last do not speak for all', () => {
  const band = bandOf([curve([1, 2, 3], [1, null, 3]), curve([1, 2, 3, 4], [3, 5, 7, 9])]);
  assert.deepEqual([band.x, band.mean], [[1, 3], [2, 5]]); // prettier-ignore
  // Whichever comes first.
  const turned = bandOf([curve([1, 2, 3, 4], [3, 5, 7, 9]), curve([1, 2, 3], [1, null, 3])]);
  assert.deepEqual([turned.x, turned.mean], [[1, 3], [2, 5]]); // prettier-ignore
});

test('a single curve is its own mean without spread; none is nothing', () => {
  assert.deepEqual(bandOf([curve([1, 2], [0.5, 0.25])]), { x: [1, 2], mean: [0.5, 0.25], sd: [0, 0], n: 1 });
  assert.deepEqual(bandOf([]), { x: [], mean: [], sd: [], n: 0 });
});

test('a path breaks where there is no number, and a lone point is still drawn', () => {
  const at = (x: number, y: number) => [x * 10, 100 - y] as const;
  assert.equal(pathOf([1, 2, 3], [1, 2, 3], at), 'M10 99L20 98L30 97');
  assert.equal(pathOf([1, 2, 3, 4], [1, 2, null, 4], at), 'M10 99L20 98M40 96h0');
  assert.equal(pathOf([1, 2, 3], [1, null, 3], at), 'M10 99h0M30 97h0');
  assert.equal(pathOf([1], [null], at), '');
  assert.equal(pathOf([1, 2], [0.12345, 0], at), 'M10 99.9L20 100');
});
