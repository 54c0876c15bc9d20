import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Guesses, nearestName } from '../../../../src/spec/index.ts';
import { maxComparisons } from '../../../../src/spec/reading/limits.ts';

test('names are guessed until the comparisons are spent, to the last one', () => {
  const guesses = new Guesses(5);
  assert.equal(guesses.nearest('trnuk', ['trunk', 'top']), 'trunk');
  assert.equal(guesses.nearest('trnuk', ['a', 'b', 'c', 'trunk']), undefined, 'four of three that are left');
  assert.equal(guesses.nearest('trnuk', ['a', 'b', 'trunk']), 'trunk', 'what was not made costs nothing');
  assert.equal(guesses.nearest('trnuk', ['trunk']), undefined);
  const all = new Guesses();
  const names = [...Array.from({ length: maxComparisons - 1 }, (_, index) => `n${String(index)}`), 'trunk'];
  assert.equal(all.nearest('trnuk', names), 'trunk');
  assert.equal(all.nearest('trnuk', ['trunk']), undefined);
});

test('one or two letters match by folding alone; from three on a third may differ', () => {
  const near = (name: string, candidate: string): boolean => nearestName(name, [candidate]) === candidate;
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['A', 'a', true],
    ['ab', 'ac', false],
    ['a b', 'ab', true],
    ['abc', 'abd', true],
    ['abcde', 'abcxy', false],
    ['abcdef', 'abcdxy', true],
    ['abcdef', 'abcxyz', false],
    ['my_layer', 'my-layer', true],
    ['MyLayer', 'my_layer', true],
    ['回', '归', false],
    ['回归', '回规', true],
    ['回归', '检测', false],
  ];
  for (const [name, candidate, wanted] of cases) assert.equal(near(name, candidate), wanted, `${name}, ${candidate}`);
  // Letters count more than case and hyphens.
  assert.equal(nearestName('trunk1', ['TRUNK1', 'trunk2']), 'TRUNK1');
  assert.equal(nearestName('trunkX', ['trunkY', 'trunk-x']), 'trunk-x');
  // The first of equals, and never the name itself.
  assert.equal(nearestName('abcd', ['abcx', 'abcy']), 'abcx');
  assert.equal(nearestName('abcd', ['abcd', 'abcy']), 'abcy');
});
