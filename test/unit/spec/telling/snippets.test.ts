/** Texts to type over: what they are as snippets, and what is left of them when nothing is typed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choice, integer, list, number, object, string } from '../../../../src/spec/schema/build.ts';
import {
  entrySnippet,
  escapeSnippet,
  isAvailable,
  valueSnippet,
  valueWritten,
} from '../../../../src/spec/telling/snippets.ts';
import { layers } from '../../../../src/spec/schema/layers.ts';
import { layer } from '../../../../src/spec/schema/layers.ts';

test('a value is its default, what one may begin with, or a place', () => {
  assert.deepEqual(valueWritten(integer('', '', { fallback: 3 })), { json: '3', snippet: '${1:3}' });
  assert.deepEqual(valueWritten(number('', '', { start: 0.2 })), { json: '0.2', snippet: '${1:0.2}' });
  assert.deepEqual(valueWritten(number('', '')), { json: '', snippet: '$1' });
  assert.deepEqual(valueWritten(string('', '')), { json: '""', snippet: '"$1"' });
  assert.deepEqual(valueWritten(choice(['a}', 'b'], '', '', { fallback: 'a}' })), {
    json: '"a}"',
    snippet: '${1:"a\\}"}',
  });
  assert.deepEqual(valueWritten(object({}, '', '')), { json: '{}', snippet: '{ $1 }' });
  assert.deepEqual(valueWritten(list(string('', ''), '', '')), { json: '[]', snippet: '[$1]' });
});

test('names are a choice, or the only one there is', () => {
  const column = string('', '', { refers: 'column' });
  assert.equal(valueSnippet(column, () => ['a', 'b|c']), '${1|"a","b\\|c"|}'); // prettier-ignore
  assert.equal(
    valueSnippet(column, () => ['a$']),
    '${1:"a\\$"}',
  );
  assert.equal(valueSnippet(column, () => Array.from({ length: 41 }, (_, index) => String(index))), '"$1"'); // prettier-ignore
  assert.equal(escapeSnippet('$}\\'), '\\$\\}\\\\');
});

test('an entry is its bare word where the word is enough', () => {
  assert.equal(entrySnippet(layer, 'flatten', layers.flatten), '"flatten"');
  assert.equal(entrySnippet(layer, 'dropout', layers.dropout), '{ "type": "dropout", "rate": ${1:0.2} }');
  assert.equal(isAvailable(layers.dense), true);
  assert.equal(isAvailable(layers.lstm), false);
});
