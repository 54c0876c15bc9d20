// What a chart tells of a place, and how its curves are told apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allTasks, isHidden, type Picture, type Reading, type Source } from '../../../../webview/charts/source.ts';
import { strokeOf } from '../../../../webview/charts/stroke.ts';
import { nearest, readingsAt, spokenAt } from '../../../../webview/charts/readings.ts';

const reading = (name: string, ...values: Reading['values']): Reading => ({ task: 0, name, values });
const picture: Picture = { x: Float64Array.of(1, 2), curves: [], marks: [] };
const source = (readings: readonly Reading[], hidden: readonly string[] = []): Source => ({
  ...{ shape: '', axis: 'step', xLabel: 'Step', log: false, tasks: ['a', 'b'], any: true, columns: [] },
  reach: { from: 1, to: 2 },
  hidden: new Set(hidden),
  picture: () => picture,
  readings: () => readings,
});

test('readings stand as the curves do, the highest first, and are spoken so', () => {
  const given = [
    { ...reading('a', 1, 2), task: 0 },
    { ...reading('b', null, null, 7), task: 1 },
    { ...reading('all', 'NaN', null), task: null },
  ];
  const names = (hidden: readonly string[]) => readingsAt(source(given, hidden), picture, 0).map(({ name }) => name);
  assert.deepEqual(names([]), ['all', 'b', 'a']);
  assert.deepEqual(names(['b']), ['all', 'a']);
  assert.deepEqual(names([allTasks]), ['b', 'a']);
  assert.equal(spokenAt(source(given), picture, 1), 'Step 2, all NaN, b 7, a 1');
  assert.equal(spokenAt(source([reading('a', null, null)]), picture, 0), 'Step 1');
  assert.equal(isHidden(source([], ['b']), 1), true);
  assert.equal(isHidden(source([], ['b']), null), false);
});

test('where there is no room for all, those nearest to the cursor are shown, in their order', () => {
  const given = [9, 7, 5, 3, 1].map((value) => reading(String(value), value));
  const names = (value: number, count: number) => nearest(given, value, count).map(({ name }) => name);
  assert.deepEqual(names(6.5, 3), ['7', '5', '9'].sort().reverse());
  assert.deepEqual(names(0, 2), ['3', '1']);
  assert.deepEqual(names(4, 5), ['9', '7', '5', '3', '1']);
  assert.deepEqual(names(NaN, 2), ['9', '7'], 'the first of them where the cursor has no height');
  const infinite = [reading('x', 'NaN'), reading('y', 2), reading('z', null)];
  assert.deepEqual(nearest(infinite, 2, 1).map(({ name }) => name), ['y']); // prettier-ignore
});

test('each style is told apart: raw, smoothed, validation and total', () => {
  const styles = (['faint', 'bold', 'dots', 'total', 'total-faint'] as const).map((style) => JSON.stringify(strokeOf(style, [8, 3]))); // prettier-ignore
  assert.equal(new Set(styles).size, 5);
  assert.deepEqual(strokeOf('bold', [8, 3]).dash, [8, 3]);
  assert.equal(strokeOf('dots', []).points, true);
});
