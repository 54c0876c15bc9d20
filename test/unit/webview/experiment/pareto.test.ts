import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neighbor, paretoPicture, paretoPoints } from '../../../../webview/experiment/pareto.ts';
import { comparisonOf } from '../../../webview/comparisons.ts';

const comparison = comparisonOf(7, 3);
const frame = { left: 50, right: 450, top: 10, bottom: 310 };

test('points by the means of the two tasks, whichever stands first', () => {
  const [single] = paretoPoints(comparison, '回归', '分类');
  const [mean0, mean1] = (comparison.arms[0]?.measures ?? []).map(({ mean }) => mean);
  assert.deepEqual([single?.arm, single?.x, single?.y], ['single', mean1, mean0]);
  assert.deepEqual(single?.xInterval, comparison.arms[0]?.measures[1]?.interval);
  assert.deepEqual(single?.yInterval, comparison.arms[0]?.measures[0]?.interval);
});

test('the front is that of the pair; what is dominated is decided over all tasks', () => {
  const points = paretoPoints(comparison, '回归', '分类');
  assert.deepEqual(points.filter(({ front }) => front).map(({ arm }) => arm), ['single', 'joint']); // prettier-ignore
  assert.deepEqual(points.filter(({ dominatedBy }) => dominatedBy.length > 0).map(({ arm }) => arm), ['wide']); // prettier-ignore
  assert.ok(comparison.pareto);
  // Of three tasks each pair has its own, whichever is asked for first.
  const [pair] = comparison.pareto.pairs;
  assert.ok(pair);
  const others = [
    { ...pair, x: '分类', y: 'third', front: ['wide'] },
    { ...pair, x: 'third', y: '回归', front: ['wide'] },
  ];
  const three = { ...comparison, pareto: { ...comparison.pareto, pairs: [...others, pair] } };
  for (const [x, y] of [
    ['回归', '分类'],
    ['分类', '回归'],
  ] as const) {
    const onFront = paretoPoints(three, x, y).filter(({ front }) => front);
    assert.deepEqual(onFront.map(({ arm }) => arm), ['single', 'joint']); // prettier-ignore
  }
  const pareto = { ...comparison.pareto, pairs: [] };
  assert.ok(paretoPoints({ ...comparison, pareto }, '回归', '分类').every(({ front }) => !front));
});

test('no points without a front, or for a task that is not there', () => {
  assert.deepEqual(paretoPoints({ ...comparison, pareto: null }, '分类', '回归'), []);
  assert.deepEqual(paretoPoints(comparison, '分类', 'no task'), []);
  assert.equal(paretoPicture({ ...comparison, pareto: null }, '分类', '回归', frame), null);
});

test('all intervals lie within the frame, the vertical axis points up', () => {
  const picture = paretoPicture(comparison, '分类', '回归', frame);
  assert.ok(picture);
  for (const { xInterval, yInterval } of picture.points) {
    for (const end of xInterval ?? []) assert.ok(picture.x.at(end) > frame.left && picture.x.at(end) < frame.right);
    for (const end of yInterval ?? []) assert.ok(picture.y.at(end) > frame.top && picture.y.at(end) < frame.bottom);
  }
  assert.ok(picture.y.at(9) > picture.y.at(10));
  assert.ok(picture.x.at(0.8) < picture.x.at(0.9));
  assert.deepEqual(picture.points, paretoPoints(comparison, '分类', '回归'));
  // Of a single seed there is no interval: the means alone say how far the axes reach.
  assert.ok(comparison.pareto);
  const points = comparison.pareto.points.map((point) => ({ ...point, intervals: point.means.map(() => null) }));
  const single = paretoPicture({ ...comparison, pareto: { ...comparison.pareto, points } }, '分类', '回归', frame);
  for (const { x, y } of single?.points ?? []) {
    assert.ok(single && x > single.x.min && x < single.x.max && y > single.y.min && y < single.y.max);
  }
});

test('points of one arm of the plan are a curve from left to right; a stage is none, a single point neither', () => {
  const picture = paretoPicture(comparison, '分类', '回归', frame);
  assert.deepEqual(
    picture?.frontiers.map(({ of }) => of),
    ['static-frontier'],
  );
  const xs = picture.frontiers[0]?.points.map(({ x }) => x) ?? [];
  assert.equal(xs.length, 3);
  assert.deepEqual(
    xs,
    xs.toSorted((a, b) => a - b),
  );
  const stage = { ...comparison, arms: comparison.arms.map((arm) => ({ ...arm, stage: arm.of })) };
  assert.deepEqual(paretoPicture(stage, '分类', '回归', frame)?.frontiers, []);
  const two = { ...comparison, arms: comparison.arms.slice(0, 6) };
  assert.equal(paretoPicture(two, '分类', '回归', frame)?.frontiers[0]?.points.length, 2);
  const lone = { ...comparison, arms: comparison.arms.slice(0, 5) };
  assert.deepEqual(paretoPicture(lone, '分类', '回归', frame)?.frontiers, []);
});

test('arrows lead to the next point across, or up and down, and stay at the end', () => {
  const places = [[0, 0], [10, 1], [5, 30], [-8, 0], [0, -20]] as const; // prettier-ignore
  const from = (at: number, key: Parameters<typeof neighbor>[2]): number => neighbor(places, at, key);
  assert.deepEqual(
    [from(0, 'ArrowRight'), from(0, 'ArrowLeft'), from(0, 'ArrowUp'), from(0, 'ArrowDown')],
    [4, 3, 4, 3],
  );
  assert.deepEqual(
    [from(1, 'ArrowRight'), from(3, 'ArrowLeft'), from(4, 'ArrowUp'), from(2, 'ArrowDown')],
    [1, 3, 4, 2],
  );
  assert.deepEqual([from(2, 'ArrowRight'), from(2, 'ArrowUp')], [1, 1]);
});

test('from any point every other one can be reached', () => {
  const places = [[0, 0], [0, 0], [3, 9], [3, 1], [7, 7], [7, 7], [2, 2]] as const; // prettier-ignore
  const seen = new Set([0]);
  for (const at of seen) for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown'] as const) seen.add(neighbor(places, at, key)); // prettier-ignore
  assert.equal(seen.size, places.length);
});
