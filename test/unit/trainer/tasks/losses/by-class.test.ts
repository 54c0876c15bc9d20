/** Parameters of losses: numbers, lists, and numbers by class. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  mapParameter,
  numberParameter,
  numbersByClass,
  numbersParameter,
} from '../../../../../src/trainer/tasks/losses/parameters.ts';

test('numbers and lists of them; what is none is not given', () => {
  assert.deepEqual([numberParameter({ a: 2 }, 'a', 5), numberParameter({ a: '2' }, 'a', 5), numberParameter({}, 'a', 5)], [2, 5, 5]); // prettier-ignore
  assert.equal(numberParameter({ a: 0 }, 'a', 5), 0);
  assert.deepEqual(numbersParameter({ a: [1, 'x', 2] }, 'a'), [1, 2]);
  assert.equal(numbersParameter({ a: 1 }, 'a'), undefined);
  assert.equal(numbersParameter({}, 'a'), undefined);
});

test('maps by name, as a map or as an object', () => {
  const map = new Map([['x', 1]]);
  assert.equal(mapParameter({ a: map }, 'a'), map);
  assert.deepEqual(mapParameter({ a: { x: 1, y: 'no', z: 3 } }, 'a'), new Map([['x', 1], ['z', 3]])); // prettier-ignore
  for (const value of [[1], 'x', 5, null, undefined]) assert.equal(mapParameter({ a: value }, 'a'), undefined);
});

test('a number for each class, by names that are compared as labels are; a name that is none is refused', () => {
  const context = { width: 3, classes: ['1', 'b', 'c'] };
  const by = (...entries: readonly (readonly [string, number])[]) =>
    numbersByClass(new Map(entries), 'classWeights', context, 7);
  assert.deepEqual(by(['c', 2], ['1.0', 3]), [3, 7, 2]);
  assert.deepEqual(by(), [7, 7, 7]);
  assert.deepEqual(numbersByClass(new Map([['1', 4]]), 'p', { width: 2 }, 0), [0, 4]);
  // Whichever it is.
  for (const entries of [[['d', 1], ['b', 1]], [['b', 1], ['d', 1]]] as const) // prettier-ignore
    assert.throws(() => by(...entries), { name: 'RefusedError', message: '"classWeights" names the class "d", but the classes are “1”, “b”, “c”.' }); // prettier-ignore
});
