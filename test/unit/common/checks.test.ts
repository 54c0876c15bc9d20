/** Checks of plain values: what passes, and where exactly the rest is said to be wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text as both } from '../../../src/common/text.ts';
import {
  amount,
  count,
  either,
  finite,
  flag,
  isFields,
  list,
  named,
  number,
  numberOrWord,
  object,
  oneOf,
  optional,
  orNull,
  pair,
  passes,
  record,
  satisfying,
  tagged,
  text,
  trusted,
  type Check,
  type Checked,
  type Fault,
} from '../../../src/common/checks.ts';

/** A fault in the words of one language; the other one has its own. */
function english(fault: Fault | null): unknown {
  if (fault === null) return null;
  const { en, zh } = 'expected' in fault ? fault.expected : fault.found;
  assert.match(zh, /\p{Script=Han}/u);
  return { path: fault.path, ['expected' in fault ? 'expected' : 'found']: en };
}

/** Which of these values pass. */
const passing = (check: Check, values: readonly unknown[]): readonly unknown[] =>
  values.filter((value) => passes(check, value));

const strange = [undefined, null, true, -1, 0, 0.5, 3, NaN, Infinity, 'NaN', '', [], {}, 2 ** 53];

test('single values', () => {
  assert.deepEqual(passing(text, strange), ['NaN', '']);
  assert.deepEqual(passing(flag, strange), [true]);
  assert.deepEqual(passing(number, strange), [-1, 0, 0.5, 3, NaN, Infinity, 2 ** 53]);
  assert.deepEqual(passing(finite, strange), [-1, 0, 0.5, 3, 2 ** 53]);
  assert.deepEqual(passing(count, strange), [0, 3]);
  assert.deepEqual(passing(amount, strange), [0, 0.5, 3, Infinity, 2 ** 53]);
  assert.deepEqual(passing(numberOrWord, strange), [-1, 0, 0.5, 3, NaN, Infinity, 'NaN', 2 ** 53]);
  const words = ['NaN', 'Infinity', '-Infinity', 'Inf', '1'];
  assert.deepEqual(passing(numberOrWord, words), words.slice(0, 3));
  assert.deepEqual(passing(oneOf('', 'a'), [...strange, 'a', ['a']]), ['', 'a']);
  const fault = oneOf('a', 'b')('c');
  assert.deepEqual(fault, { path: [], expected: both('one of a, b', '下列之一：a、b') });
  assert.deepEqual(strange.filter(isFields), [{}]);
});

test('null, nothing, and one or the other', () => {
  assert.deepEqual(passing(orNull(flag), strange), [null, true]);
  assert.deepEqual(passing(optional(flag), strange), [undefined, true]);
  assert.deepEqual(passing(either(flag, text), strange), [true, 'NaN', '']);
  assert.deepEqual(english(either(flag, list(text))([1])), { path: [0], expected: 'text' }, 'the second one says why');
});

test('lists, pairs, objects: the path from the outermost, the first fault alone', () => {
  const check = object({ rows: list(named(pair(text, orNull(count)))), note: optional(text) });
  assert.equal(check({ rows: [{ a: ['x', 1] }, { b: ['y', null] }], further: 1 }), null);
  assert.deepEqual(english(check([])), { path: [], expected: 'an object' });
  assert.deepEqual(english(check({})), { path: ['rows'], expected: 'a list' });
  assert.deepEqual(english(check({ rows: [[]] })), { path: ['rows', 0], expected: 'an object' });
  assert.deepEqual(english(check({ rows: [{ a: ['x'] }] })), { path: ['rows', 0, 'a'], expected: 'a pair' });
  assert.deepEqual(english(check({ rows: [{}, { a: [1, 'x'] }], note: 1 })), {
    path: ['rows', 1, 'a', 0],
    expected: 'text',
  });
  assert.deepEqual(english(check({ rows: [{ a: ['x', -1] }] })), { path: ['rows', 0, 'a', 1], expected: 'a count' });
  assert.deepEqual(english(check({ rows: [], note: null })), { path: ['note'], expected: 'text' });
  assert.deepEqual(passing(list(count, 2), [[], [1], [1, 2], [1, 2, 3]]), [[1, 2]]);
});

test('members are looked for in the object itself, not in what it inherits', () => {
  const check = object({ toString: optional(text), constructor: optional(text) });
  assert.equal(check({}), null);
  assert.deepEqual(english(tagged('type', { a: object({}) })({ type: 'constructor' })), {
    path: ['type'],
    found: 'unknown',
  });
});

test('a record has no strange members, and says their name cut short', () => {
  const check = record({ a: count, b: optional(text) });
  assert.equal(check({ a: 1 }), null);
  assert.deepEqual(english(check({ a: 'x', [`c${'c'.repeat(50)}`]: 1 })), {
    path: ['c'.repeat(40)],
    found: 'unknown key',
  });
  assert.deepEqual(english(check(null)), { path: [], expected: 'an object' });
});

test('what the tag says decides', () => {
  const check = tagged('kind', { one: object({ a: text }), two: object({ b: count }) });
  assert.equal(check({ kind: 'one', a: 'x' }), null);
  assert.deepEqual(english(check({ kind: 'two', a: 'x' })), { path: ['b'], expected: 'a count' });
  for (const value of [{}, { kind: 'three' }, { kind: 1 }, 'one', null]) {
    assert.deepEqual(english(check(value)), { path: ['kind'], found: 'unknown' });
  }
});

test('types are what the checks say', () => {
  const check = object({ a: count, b: optional(text), c: orNull(oneOf('x', 'y')), d: list(pair(text, number)) });
  const value: Checked<typeof check> = { a: 1, c: 'x', d: [['t', 2]] };
  assert.ok(passes(check, value));
  // @ts-expect-error "z" is not among the words
  const wrong: Checked<typeof check> = { a: 1, c: 'z', d: [] };
  assert.ok(!passes(check, wrong));
  // @ts-expect-error c is missing
  const short: Checked<typeof check> = { a: 1, d: [] };
  assert.ok(!passes(check, short));
});

test('what is trusted needs the outline only; a check of one’s own says what it asks for', () => {
  const even = satisfying(both('even', '偶数'), (value): value is number => Number(value) % 2 === 0);
  assert.deepEqual(english(even(3)), { path: [], expected: 'even' });
  const check = trusted<{ readonly a: number; readonly b: string }>(object({ a: even }));
  assert.equal(check({ a: 2 }), null);
  assert.deepEqual(english(check({ a: 1 })), { path: ['a'], expected: 'even' });
});
