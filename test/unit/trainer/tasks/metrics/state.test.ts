/** Numbers and lists of a checkpoint, read as a stranger's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf, fillFrom, FloatList, numberFrom } from '../../../../../src/trainer/tasks/metrics/state.ts';

test('fields of an object; anything else is damaged', () => {
  const state = { a: 1 };
  assert.equal(fieldsOf(state), state);
  for (const value of [null, 1, 'x', [1], true]) assert.throws(() => fieldsOf(value), /not an object: the checkpoint is damaged/); // prettier-ignore
});

test('a list of numbers fills an array of its length and no other; infinities are words', () => {
  const array = new Float64Array(3);
  fillFrom(array, [1, 'NaN', '-Infinity'], 'x');
  assert.deepEqual([...array], [1, NaN, -Infinity]);
  for (const value of [[1, 2], [1, 2, 3, 4], undefined, 'abc', null])
    assert.throws(() => fillFrom(array, value, 'x'), /saved metric sums "x" do not fit this task/);
  assert.deepEqual(
    [2.5, 'Infinity', '-1', null, undefined, true, [1]].map((value) => numberFrom(value)),
    [2.5, Infinity, -1, 0, 0, 0, 0],
  );
});

test('a list grows as it is filled, one by one and by parts, and comes back from its text', () => {
  const list = new FloatList();
  const expected: number[] = [];
  for (let at = 0; at < 300; at++) {
    list.push(at / 2);
    expected.push(at / 2);
  }
  // More than twice what there is room for.
  const many = Float32Array.from({ length: 1500 }, (_, at) => at);
  list.append(many, 100, 1400);
  expected.push(...many.subarray(100));
  assert.equal(list.length, 1700);
  assert.deepEqual([...list.values()], expected);
  assert.equal(Buffer.from(list.state(), 'base64').length, 1700 * 4);
  const other = new FloatList();
  other.push(99);
  other.restore(list.state());
  other.push(7);
  assert.deepEqual([...other.values()], [...expected, 7]);
  assert.equal(other.length, 1701);
  for (const nothing of ['', undefined, 5]) {
    other.restore(nothing);
    assert.equal(other.length, 0);
    other.append([4, 5, 6], 1, 2);
    assert.deepEqual([...other.values()], [5, 6]);
  }
  assert.throws(() => other.restore(Buffer.from([1, 2, 3]).toString('base64')), /a torn list/);
});
