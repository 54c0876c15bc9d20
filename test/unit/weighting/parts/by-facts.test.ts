/** Weights in proportion to shares of the tasks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balanced, factOf } from '../../../../src/weighting/parts/by-facts.ts';
import { near } from '../worked.ts';

test('shares are brought to mean 1, turned round where asked', () => {
  near(balanced([1, 3], false), [0.5, 1.5]);
  near(balanced([1, 3], true), [1.5, 0.5]);
  near(balanced([1, 2, 5], false), [3 / 8, 6 / 8, 15 / 8]);
});

test('a fact that is not known, or no positive number, is refused by its name and task', () => {
  const of = (value: number | undefined): number =>
    factOf({ tasks: ['a'], facts: { a: value === undefined ? {} : { samples: value } } }, 'a', 'samples');
  assert.equal(of(5), 5);
  assert.equal(of(1e-300), 1e-300);
  assert.throws(() => of(undefined), /^RangeError: The strategy needs "samples" of the task "a", which/);
  assert.throws(() => factOf({ tasks: ['a'] }, 'a', 'samples'), /needs "samples" of the task "a"/);
  for (const value of [0, -1, NaN, Infinity]) {
    assert.throws(() => of(value), {
      name: 'RangeError',
      message: `"samples" of the task "a" is ${String(value)}; weights by it need a positive number.`,
    });
  }
});
