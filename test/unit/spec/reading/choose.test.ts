/** Which form of a union is meant, case by case. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formFor, inferredWord, keyedMember, tagWord } from '../../../../src/spec/reading/choose.ts';
import type { ObjectNode, SpecNode } from '../../../../src/spec/reading/tree.ts';
import { nodeOf } from '../../../../src/spec/reading/values.ts';
import {
  boolean,
  integer,
  list,
  number,
  object,
  optional,
  string,
  tagged,
  typeEntry,
} from '../../../../src/spec/schema/build.ts';

const about = { title: { en: 'X', zh: '中' }, text: { en: 'X.', zh: '中。' } };
const nothing: SpecNode = { kind: 'nothing', start: 0, end: 0 };
const objectOf = (value: object): ObjectNode => {
  const node = nodeOf(value);
  assert.ok(node.kind === 'object');
  return node;
};

test('the word of a tag: the value of its key, or the value itself where that is a text', () => {
  assert.equal(tagWord(nodeOf({ type: 'dense', name: 'x' }), 'type'), 'dense');
  assert.equal(tagWord(nodeOf('dense'), 'type'), 'dense');
  assert.equal(tagWord(nodeOf(''), 'type'), '');
  for (const value of [{}, { type: 3 }, { type: null }, { type: {} }, { type: ['dense'] }, ['dense'], 3, null, true])
    assert.equal(tagWord(nodeOf(value), 'type'), undefined, JSON.stringify(value));
  assert.equal(tagWord(undefined, 'type'), undefined);
  assert.equal(tagWord(nothing, 'type'), undefined);
});

test('a word is inferred from a key of its own name, unless the tag is misspelled or a key belongs to another member', () => {
  const members = {
    mean: typeEntry('mean', {}, about),
    constant: typeEntry('constant', { constant: number('x', '中') }, about),
    limit: typeEntry('limit', { limit: number('x', '中'), soft: boolean('x', '中') }, about),
  };
  const inferred = (value: object): string | undefined => inferredWord(members, 'type', objectOf(value));
  assert.equal(inferred({ constant: 0 }), 'constant');
  assert.equal(inferred({ limit: 1 }), 'limit');
  assert.equal(inferred({ limit: 1, soft: true }), 'limit');
  // A key that no member has is a mistake of its own.
  assert.equal(inferred({ constant: 0, other: 1 }), 'constant');
  // `soft` belongs to `limit`.
  assert.equal(inferred({ constant: 0, soft: true }), undefined);
  assert.equal(inferred({ constant: 0, limit: 1 }), undefined);
  // There is a member of this name, but it has no such key.
  assert.equal(inferred({ mean: 1 }), undefined);
  assert.equal(inferred({ soft: true }), undefined);
  assert.equal(inferred({ typ: 'constant', constant: 0 }), undefined);
  assert.equal(inferred({}), undefined);
});

test('a member told apart by keys: the first of the table whose key is there, else the one without', () => {
  const plain = object({}, 'x', '中');
  const members = { '': plain, steps: plain, epochs: plain };
  assert.equal(keyedMember(members, objectOf({ epochs: 1 })), 'epochs');
  assert.equal(keyedMember(members, objectOf({ epochs: 1, steps: 2 })), 'steps');
  assert.equal(keyedMember(members, objectOf({ other: 1 })), '');
  assert.equal(keyedMember(members, objectOf({ '': 1, epochs: 1 })), 'epochs');
});

test('a form is chosen by the kind of the value', () => {
  const [word, whole, yes, items, fields] = [
    string('x', '中'),
    integer('x', '中'),
    boolean('x', '中'),
    list(string('x', '中'), 'x', '中'),
    object({ a: number('x', '中') }, 'x', '中'),
  ];
  const forms = [word, whole, yes, items, fields];
  assert.equal(formFor(forms, nodeOf('a')), word);
  assert.equal(formFor(forms, nodeOf(3)), whole);
  assert.equal(formFor(forms, nodeOf(false)), yes);
  assert.equal(formFor(forms, nodeOf([])), items);
  assert.equal(formFor(forms, nodeOf({})), fields);
  const real = number('x', '中');
  assert.equal(formFor([word, real], nodeOf(3)), real);
  assert.equal(formFor(forms, nodeOf(null)), undefined);
  assert.equal(formFor(forms, nothing), undefined);
  assert.equal(formFor([whole, items], nodeOf('a')), undefined, 'a text is no whole number');
  assert.equal(formFor([word, yes], nodeOf(3)), undefined);
  assert.equal(formFor([word], nodeOf([])), undefined);
  assert.equal(formFor([word], nodeOf({})), undefined);
});

test('among objects the one whose required key is there, else the first', () => {
  const first = object({ a: number('x', '中'), c: optional(number('x', '中')) }, 'x', '中');
  const second = object({ b: number('x', '中'), d: optional(number('x', '中')) }, 'x', '中');
  const union = tagged('type', { flat: typeEntry('flat', {}, about) }, 'x', '中');
  const forms = [string('x', '中'), first, second];
  assert.equal(formFor(forms, nodeOf({ b: 1 })), second);
  assert.equal(formFor(forms, nodeOf({ a: 1, b: 1 })), first);
  assert.equal(formFor(forms, nodeOf({ d: 1 })), first);
  assert.equal(formFor(forms, nodeOf({})), first);
  assert.equal(formFor([string('x', '中'), union], nodeOf({})), union);
});

test('among lists the first', () => {
  const [first, second] = [list(number('x', '中'), 'x', '中'), list(string('x', '中'), 'x', '中')];
  assert.equal(formFor([string('x', '中'), first, second], nodeOf([])), first);
});
