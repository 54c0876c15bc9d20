/** What parts of a saved preparation must be, each check on both sides of its border. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksOf, divisor, index, scaling, size } from '../../../src/samples/stored-checks.ts';
import { finite, passes, text } from '../../../src/common/checks.ts';

test('sizes are whole numbers from 1 to a million, places whole numbers from 0', () => {
  for (const value of [1, 2, 1e6]) assert.equal(size(value), null, String(value));
  for (const value of [0, -1, 1.5, 1e6 + 1, NaN, Infinity, '3', null])
    assert.deepEqual(size(value), { path: [], expected: { en: 'a size', zh: '尺寸' } }, String(value));
  for (const value of [0, 1, 1e9]) assert.equal(index(value), null, String(value));
  for (const value of [-1, 0.5, NaN, Infinity, '0', undefined])
    assert.deepEqual(
      index(value),
      { path: [], expected: { en: 'a whole number', zh: '不小于 0 的整数' } },
      String(value),
    );
});

test('nothing is divided by zero or by what is no number', () => {
  for (const value of [1, -2, 1e-300]) assert.equal(divisor(value), null);
  for (const value of [0, -0])
    assert.deepEqual(divisor(value), { path: [], found: { en: 'a divisor is zero', zh: '除数为零' } });
  for (const value of [NaN, Infinity, '1']) assert.deepEqual(divisor(value), finite(value));
});

test('a scaling has its three members, and no other', () => {
  const good = { method: 'standard', shift: 1, divisor: 2 };
  assert.equal(scaling(good), null);
  assert.deepEqual(scaling({ ...good, divisor: 0 })?.path, ['divisor']);
  assert.deepEqual(scaling({ ...good, shift: NaN })?.path, ['shift']);
  assert.deepEqual(scaling({ ...good, method: 'other' })?.path, ['method']);
  for (const wrong of [{ ...good, more: 1 }, { method: 'log', shift: 0 }, null, []])
    assert.equal(passes(scaling, wrong), false);
});

test('the checks of a table’s rows go by the rows’ names', () => {
  assert.deepEqual(checksOf({ a: { check: text }, b: { check: finite } }), { a: text, b: finite });
});
