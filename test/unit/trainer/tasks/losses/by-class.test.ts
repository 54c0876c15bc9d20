/** Parameters that are given by class. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numbersByClass } from '../../../../../src/trainer/tasks/losses/by-class.ts';

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
