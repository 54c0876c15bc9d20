/** A text for people is English in one language and Chinese in the other; names of the user's stand in quotes. */
import assert from 'node:assert/strict';
import type { Text } from '../../src/common/text.ts';

const chinese = /[\u3400-\u9fff]/;
const quoted = /“[^”]*”|"(?:[^"\\]|\\.)*"|`[^`]*`|‘[^’]*’/g;

export function assertBilingual({ en, zh }: Text): void {
  assert.doesNotMatch(en.replace(quoted, ''), chinese, `not English: ${en}`);
  assert.match(zh.replace(quoted, ''), chinese, `not Chinese: ${zh}`);
  // A word that was left out of a sentence.
  for (const one of [en, zh]) assert.doesNotMatch(one, /\b(?:undefined|NaN)\b|\[object /, `a word is missing: ${one}`);
  // Both tell of the same things; what is no word of a user's may be translated.
  const [names, named] = [namesIn(en), namesIn(zh)];
  for (const name of names) assert.ok(named.has(name) || name.includes(' '), `“${name}” is missing: ${zh}`);
  for (const name of named) assert.ok(en.includes(name) || chinese.test(name), `“${name}” is missing: ${en}`);
  const [numbers, numbered] = [numbersIn(en), numbersIn(zh)];
  for (const number of numbers) assert.ok(zh.includes(number), `${number} is missing: ${zh}`);
  for (const number of numbered)
    assert.ok(numbers.has(number) || spelled[number]?.test(en) === true, `${number} is missing: ${en} (${zh})`);
}

/** Small numbers are words in English. */
const spelled: Readonly<Record<string, RegExp>> = {
  0: /\b(?:no|none|nothing|without)\b/i,
  1: /\b(?:one|an?|single|first|once|each)\b/i,
  2: /\b(?:two|second|both|twice|half)\b/i,
  3: /\b(?:three|third)\b/i,
  4: /\bfour\b/i,
};

const namesIn = (sentence: string): ReadonlySet<string> =>
  new Set(Array.from(sentence.matchAll(quoted), ([name]) => name.slice(1, -1)));

/** Of a list that is too long English counts the rest, Chinese the whole. */
const cutShort = /\b\d+ (?:more|others)\b|等\s*\d+/g;
const numbersIn = (sentence: string): ReadonlySet<string> =>
  new Set(
    Array.from(
      sentence
        .replace(quoted, '')
        .replace(cutShort, '')
        .matchAll(/\d[\d,]*(?:\.\d+)?/g),
      ([number]) => number.replaceAll(',', ''),
    ),
  );
