/** Krum: the gradients nearest to their neighbors are averaged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gramOf, sum } from '../../../../src/numbers/linear.ts';
import { krumScores, scoreOf } from '../../../../src/weighting/gram/krum.ts';
import { said } from '../said.ts';
import { near, weigh } from '../worked.ts';

test('krum’s scores: distances to the nearest others alone', () => {
  const gram = gramOf([[0, 0], [3, 4], [0, 1], [0, 9]]); // prettier-ignore
  const distances = [[5, 1, 9], [5, Math.hypot(3, 3), Math.hypot(3, 5)], [1, Math.hypot(3, 3), 8], [9, Math.hypot(3, 5), 8]]; // prettier-ignore
  const nearest = (count: number): number[] => distances.map((list) => sum([...list].sort((a, b) => a - b).slice(0, count))); // prettier-ignore
  near(krumScores(gram, 0), nearest(2));
  near(krumScores(gram, 1), nearest(1));
  assert.equal(scoreOf([1, 2, 4], [0.5, 0, 0.5]), 5);
});

// Two near each other, two far away on both sides.
const rows = [[1, 0], [1.1, 0], [9, 0], [-9, 1]]; // prettier-ignore

test('krum takes the mean below byzantine + 3 tasks, and says how many are needed', () => {
  const few = weigh('krum', rows.slice(0, 3), { byzantine: 1, selected: 1 });
  assert.deepEqual(few.weights, [1 / 3, 1 / 3, 1 / 3]);
  assert.deepEqual(said(few), ['krum: 3 of the 4 tasks that are needed are present; their mean is taken.']);
  const enough = weigh('krum', rows, { byzantine: 1, selected: 1 });
  assert.deepEqual([enough.weights, said(enough)], [[1, 0, 0, 0], []]);
});

test('krum takes the mean with fewer tasks than are to be selected', () => {
  const few = weigh('krum', rows.slice(0, 3), { byzantine: 0, selected: 4 });
  assert.deepEqual(few.weights, [1 / 3, 1 / 3, 1 / 3]);
  assert.deepEqual(said(few), ['krum: 3 of the 4 tasks that are needed are present; their mean is taken.']);
  assert.deepEqual(weigh('krum', rows, { byzantine: 0, selected: 4 }).weights, [0.25, 0.25, 0.25, 0.25]);
  assert.deepEqual(weigh('krum', rows, { byzantine: 1, selected: 2 }).weights, [0.5, 0.5, 0, 0]);
});

test('krum: of equal scores the earlier task is taken', () => {
  assert.deepEqual(weigh('krum', [[1, 0], [0, 1], [-1, 0], [0, -1]], { byzantine: 0, selected: 1 }).weights, [1, 0, 0, 0]); // prettier-ignore
});

test('krum: of tasks with the same score the first is taken, and selected ones share', () => {
  const corners = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]; // prettier-ignore
  const weights = (parameters: object): readonly number[] => weigh('krum', corners, { ...parameters }).weights;
  assert.deepEqual(weights({}), [1, 0, 0, 0]);
  assert.deepEqual(weights({ selected: 2 }), [0.5, 0.5, 0, 0]);
  assert.deepEqual(weights({ selected: 4 }), [0.25, 0.25, 0.25, 0.25]);
  assert.deepEqual(weights({ byzantine: 2 }), [0.25, 0.25, 0.25, 0.25], 'too few tasks: their mean');
});

test('krum takes what lies in the middle, wherever it stands', () => {
  // Distances on a line: 2 is nearest to its two neighbors.
  const line = [[9], [2], [0], [3], [-8]];
  assert.deepEqual(weigh('krum', line, { byzantine: 1, selected: 1 }).weights, [0, 1, 0, 0, 0]);
  assert.deepEqual(weigh('krum', line, { byzantine: 1, selected: 2 }).weights, [0, 0.5, 0, 0.5, 0]);
});

test('krum says nothing where just as many tasks are present as are to be selected', () => {
  assert.deepEqual(said(weigh('krum', rows, { byzantine: 0, selected: 4 })), []);
});
