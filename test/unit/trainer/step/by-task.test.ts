/** One value a task: what is missing throws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amongAll, byTask, element, of } from '../../../../src/trainer/step/by-task.ts';

test('values of some tasks among those of all, in task order', () => {
  const values = byTask(4, [[2, 'c'], [0, 'a']]); // prettier-ignore
  assert.deepEqual(values, ['a', null, 'c', null]);
  assert.deepEqual([of(values, 0), of(values, 2)], ['a', 'c']);
  for (const task of [1, 3, 4, -1]) assert.throws(() => of(values, task), RangeError);
  assert.equal(of([0, NaN], 0), 0, 'a number that is 0 is there');
  assert.ok(Number.isNaN(of([0, NaN], 1)));
});

test('values in the order of some tasks, among all: one for each', () => {
  assert.deepEqual(amongAll(3, [2, 0], ['c', 'a']), ['a', null, 'c']);
  assert.throws(() => amongAll(3, [2, 0], ['c']), RangeError);
  assert.throws(() => amongAll(3, [2, 0], ['c', 'a', 'b']), RangeError);
});

test('a task that there is not has no place', () => {
  for (const task of [-1, 2, 0.5]) assert.throws(() => byTask(2, [[task, 1]]), RangeError);
});

test('an element outside of a list throws', () => {
  assert.equal(element([5, 6], 1), 6);
  for (const place of [2, -1]) assert.throws(() => element([5, 6], place), RangeError);
});
