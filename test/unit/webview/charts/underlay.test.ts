// What lies under a chart's curves: room for it on both axes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scaleOf } from '../../../../webview/charts/scale.ts';
import { reachOf, underlayAt, withRoom } from '../../../../webview/charts/underlay.ts';
import type { Picture, Underlay } from '../../../../webview/charts/source.ts';

const picture: Picture = {
  x: Float64Array.of(1, 2),
  curves: [{ label: 'a', task: 0, style: 'bold', values: [0.5, 0.25] }],
  marks: [],
};
const line = (x: readonly number[], y: readonly (number | null)[], sd?: readonly number[]): Underlay => ({
  ...{ task: 0, x, y, style: 'mean' },
  ...(sd === undefined ? {} : { sd }),
});

test('the x axis goes on to the end of what lies under, where the chart itself has no values', () => {
  const wider = withRoom(picture, [line([1, 5], [1, 1]), line([1, 3], [1, 1])]);
  assert.deepEqual([...wider.x], [1, 2, 5]);
  assert.deepEqual(wider.curves, [{ ...picture.curves[0], values: [0.5, 0.25, null] }]);
  const marked = { ...picture, marks: [{ x: 1, task: 0, word: 'NaN' }] };
  assert.equal(withRoom(marked, [line([5], [1])]).marks, marked.marks);
});

test('nothing changes where nothing lies beyond', () => {
  for (const under of [[], [line([], [])], [line([1, 2], [1, 1])]]) assert.equal(withRoom(picture, under), picture);
  const empty: Picture = { ...picture, x: new Float64Array(), curves: [] };
  assert.deepEqual([...withRoom(empty, [line([3], [1])]).x], [3]);
});

test('the y axis reaches as far as values and bands between the ends of the x axis', () => {
  const scale = scaleOf(false, []);
  const reach = (under: readonly Underlay[], ends: readonly [number, number], own: readonly [number | null, number | null] = [1, 2]) => reachOf(under, scale, ends, own); // prettier-ignore
  const under = [line([1, 2, 3], [0.5, 3, 9], [0.25, 1, 0])];
  assert.deepEqual(reach(under, [1, 2]), [0.25, 4]);
  assert.deepEqual(reach(under, [2, 2]), [1, 4]);
  assert.deepEqual(reach(under, [-Infinity, Infinity]), [0.25, 9]);
  assert.deepEqual(reach(under, [4, 5]), [1, 2]);
  assert.deepEqual(reach(under, [1, 3], [0, 12]), [0, 12], 'the chart’s own values count, too');
  assert.deepEqual(reach([line([1], [null])], [0, 5], [null, null]), [null, null]);
  assert.deepEqual(reach([line([1], [7])], [0, 5], [null, null]), [7, 7]);
});

test('on a log scale what is not positive has no place', () => {
  const scale = scaleOf(true, []);
  assert.deepEqual(reachOf([line([1], [10], [20])], scale, [0, 2], [0, 0]), [0, Math.log10(30)]);
  assert.deepEqual(reachOf([line([1], [10], [20])], scale, [0, 2], [null, null]), [1, Math.log10(30)]);
});

test('what lies under begins before the curves, as the parent of a fork does: there is room, and the curves have no value there', () => {
  const wider = withRoom(picture, [line([-4, 9], [1, 1])]);
  assert.deepEqual([...wider.x], [-4, ...picture.x, 9]);
  for (const { values } of wider.curves) assert.deepEqual([values[0], values[values.length - 1]], [null, null]);
});

test('at a place of the axis a curve has its last value, none before its beginning, after its end and in a gap', () => {
  const own = { x: [2, 4, 6], y: [1, null, 0] };
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map((place) => underlayAt(own, place)), [null, 1, 1, null, null, 0, null]); // prettier-ignore
  assert.equal(underlayAt({ x: [], y: [] }, 1), null);
});
