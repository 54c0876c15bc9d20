/** What may be a name, each rule on both sides of its border. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameMistake } from '../../../../src/spec/reading/names.ts';
import { assertBilingual } from '../../bilingual.ts';

test('each kind of bad name is told for its own reason', () => {
  const wrong: readonly (readonly [name: string, said: RegExp])[] = [
    ['', /may not be empty/],
    ['a'.repeat(101), /at most 100 characters/],
    ['a\ud83d', /half a character/],
    ['\ude00b', /half a character/],
    ['a\u0000', /control characters or line breaks/],
    ['a\nb', /control characters or line breaks/],
    ['a\u0085b', /control characters or line breaks/],
    ['a\u2028b', /control characters or line breaks/],
    ['a\u2029b', /control characters or line breaks/],
    ...Array.from('\u061c\u200e\u200f\u202a\u202c\u202e\u2066\u2069').map(
      (sign) => [`a${sign}b`, /turn the direction of writing/] as const,
    ),
    [' a', /begin or end with a space/],
    ['a ', /begin or end with a space/],
    ['\u3000a', /begin or end with a space/],
    ['e\u0301', /Unicode form NFC/],
    ['__proto__', /reserved/],
    ['constructor', /reserved/],
    ['prototype', /reserved/],
    ['task:', /begin with `task:`/],
    ['task:a', /begin with `task:`/],
  ];
  for (const [name, said] of wrong) {
    const mistake = nameMistake(name) ?? assert.fail(JSON.stringify(name));
    assert.match(mistake.en, said, JSON.stringify(name));
    assertBilingual(mistake);
  }
});

test('what stands just inside every border is a name', () => {
  const fine = [
    ...['a', '10', '名称', 'a b', '\u00e9', 'a'.repeat(100), '\u{1f600}'.repeat(100), 'toString', 'proto', '__proto'],
    ...[
      'Constructor',
      'task',
      'tasks:a',
      'a task:b',
      'x/y',
      '~',
      '-',
      '\u2027',
      'a\u202fb',
      '\u2065',
      '\u206a',
      'a\u200db',
    ],
  ];
  for (const name of fine) assert.equal(nameMistake(name), undefined, JSON.stringify(name));
});
