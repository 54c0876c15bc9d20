// What is thinned away of long curves, and what never is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, lowerBound } from '../../../../webview/charts/series.ts';

const line = (length: number): Float64Array => Float64Array.from({ length }, (_, index) => index);

test('all of what is few, in the zoomed part with a neighbor on both sides', () => {
  assert.deepEqual(choose(line(5), [line(5)], { limit: 5 }), [0, 1, 2, 3, 4]);
  assert.deepEqual(choose(line(10), [], { limit: 20, from: 3, to: 5 }), [2, 3, 4, 5]);
  assert.deepEqual(choose(line(10), [], { limit: 20, from: -5, to: 50 }), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]); // prettier-ignore
  assert.deepEqual(choose(line(0), [], { limit: 20 }), []);
});

test('of what is much the ends and extremes of each stretch, passing over what is no number', () => {
  // 12 points to 8, two curves: they take 2·2 + 2 points a stretch, so there is one stretch.
  const up = Float64Array.from([5, NaN, 9, 1, 5, 5, 5, 5, 5, 5, 5, 5]);
  const gap = Float64Array.from([NaN, NaN, NaN, NaN, NaN, 2, 7, 3, -4, NaN, NaN, NaN]);
  assert.deepEqual(choose(line(12), [up, gap], { limit: 8 }), [0, 2, 3, 6, 8, 11]);
  // To 11, one curve: two stretches of six; of equals the first.
  assert.deepEqual(choose(line(12), [up], { limit: 11 }), [0, 2, 3, 5, 6, 11]);
  assert.ok(choose(line(1000), [], { limit: 10 }).length <= 10);
  assert.deepEqual(choose(line(100), [line(100)], { limit: 1 }), [0, 99], 'a stretch at least');
});

test('the first index that is not below', () => {
  assert.deepEqual([0, 1, 2, 3, 9].map((value) => lowerBound([1, 1, 3], value)), [0, 0, 2, 2, 3]); // prettier-ignore
});
