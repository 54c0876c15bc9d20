import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { compareCodePoints, namesOf, sortLabels } from '../../../src/data/labels.ts';

test('spellings of one label get one name and are counted; what only looks the same stays apart and is told', () => {
  const { names, merged, alike } = namesOf(
    new Map([
      ['1.0', 3],
      ['1', 2],
      ['01', 5],
      ['2.0', 1],
      ['Yes', 4],
      ['yes', 1],
      ['1e0', 6],
      ['no', 2],
    ]),
  );
  assert.deepEqual(Object.fromEntries(names), {
    '1.0': '1',
    '1': '1',
    '01': '01',
    // The only spelling: as written.
    '2.0': '2.0',
    Yes: 'Yes',
    yes: 'yes',
    '1e0': '1e0',
    no: 'no',
  });
  assert.deepEqual(
    merged.map((group) => [...group]),
    [
      [
        ['1.0', 3],
        ['1', 2],
      ],
    ],
  );
  assert.deepEqual(
    alike.map((group) => [...group]),
    [
      [
        ['1', 5],
        ['01', 5],
        ['1e0', 6],
      ],
      [
        ['Yes', 4],
        ['yes', 1],
      ],
    ],
  );
  // Ids of sixteen digits are near to one another as numbers, and no doubt is raised about them.
  assert.deepEqual(
    namesOf(
      new Map([
        ['1234567890123456', 1],
        ['1234567890123457', 1],
      ]),
    ).alike,
    [],
  );
});

test('codes sort by value, and by text where values are equal', () => {
  assert.deepEqual(sortLabels(['1', '01', '10', '2']), ['01', '1', '2', '10']);
  assert.deepEqual(sortLabels(['9007199254740993', '9007199254740992']), ['9007199254740992', '9007199254740993']);
});

test('texts sort by code point, a beginning before what goes on, and each stands once', () => {
  assert.deepEqual(sortLabels(['ab', 'b', 'a', 'abc', 'ab', '']), ['', 'a', 'ab', 'abc', 'b']);
  // A fullwidth A (U+FF21) stands before an emoji (U+1F600), whose first UTF-16 unit is smaller.
  assert.deepEqual(sortLabels(['😀', 'Ａ', 'Z']), ['Z', 'Ａ', '😀']);
  // One word among numbers, and all are texts.
  assert.deepEqual(sortLabels(['10', '9', 'x']), ['10', '9', 'x']);
  assert.deepEqual([compareCodePoints('ab', 'ab'), compareCodePoints('a', 'abc'), compareCodePoints('abc', 'a')], [0, -2, 2]); // prettier-ignore
});
