import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { distance, nearestName } from '../../../../src/spec/index.ts';

/** Optimal string alignment by its recursion, without tables: slow and plain. */
function recursive(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [x, y] = [a.at(-1), b.at(-1)];
  const options = [
    recursive(a.slice(0, -1), b) + 1,
    recursive(a, b.slice(0, -1)) + 1,
    recursive(a.slice(0, -1), b.slice(0, -1)) + (x === y ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && x === b.at(-2) && y === a.at(-2))
    options.push(recursive(a.slice(0, -2), b.slice(0, -2)) + 1);
  return Math.min(...options);
}

test('the distance is that of its definition', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '中', '😀'), maxLength: 5 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      assert.equal(distance(a, b), recursive(Array.from(a), Array.from(b)));
      assert.equal(distance(a, b), distance(b, a));
    }),
  );
  assert.equal(distance('kitten', 'sitting'), 3);
  assert.equal(distance('ca', 'abc'), 3);
  assert.equal(distance('tpye', 'type'), 1);
});

test('the nearest name is found, and none where none is near', () => {
  const names = ['trunk', 'top', 'species', 'mass', '特征提取', '回归', '检测'];
  const expected: readonly (readonly [string, string | undefined])[] = [
    ['trnuk', 'trunk'],
    ['Trunk', 'trunk'],
    ['specie', 'species'],
    ['特征提', '特征提取'],
    ['回规', '回归'],
    ['a', undefined],
    ['banana', undefined],
    ['', undefined],
  ];
  for (const [written, meant] of expected) assert.equal(nearestName(written, names), meant, written);
  assert.equal(nearestName('batch_size', ['batchSize', 'batch']), 'batchSize');
  assert.equal(nearestName('r m s p r o p', ['momentum', 'rmsprop']), 'rmsprop');
});

test('a slip of one letter in a word of three or more finds the word', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(word, fc.nat(11), (name, at) => {
      const slip = name.slice(0, at % name.length) + name.slice((at % name.length) + 1);
      if (slip !== name) assert.equal(nearestName(slip, [name]), name);
    }),
  );
});

test('a name that is spelled as it stands weighs more than one that only sounds alike', () => {
  assert.equal(nearestName('abcdef', ['Abcdeg', 'abcdeg']), 'abcdeg');
  assert.equal(nearestName('abcdef', ['abcdeg', 'Abcdeg']), 'abcdeg');
  // Of two that are equally near the first.
  assert.equal(nearestName('abcdef', ['abcdex', 'abcdey']), 'abcdex');
  assert.equal(nearestName('abcdef', ['abcdef', 'abcdeg']), 'abcdeg');
});
