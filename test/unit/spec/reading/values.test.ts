/** Plain values with ordered objects, and the text that is written of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTree } from '../../../../src/spec/index.ts';
import { nodeOf, orderedOf, orderedText, toOrdered } from '../../../../src/spec/reading/values.ts';

test('objects become maps throughout, in their order; what is not given is left out', () => {
  const inner = new Map<string, unknown>([['10', 1], ['2', { x: null }]]); // prettier-ignore
  assert.deepEqual(
    toOrdered({ b: [true, inner], a: undefined, c: 'x', d: () => 0 }),
    new Map<string, unknown>([
      ['b', [true, new Map<string, unknown>([['10', 1], ['2', new Map([['x', null]])]])]],
      ['c', 'x'],
      ['d', null],
    ]),
  ); // prettier-ignore
  const { tree } = parseTree('{ "a": , "b": [1, "x"] }');
  assert.ok(tree);
  assert.deepEqual(orderedOf(tree), new Map<string, unknown>([['a', null], ['b', [1, 'x']]])); // prettier-ignore
});

test('every node of a value that is not in the text stands where it is said to', () => {
  const node = nodeOf({ a: [2] }, { start: 3, end: 7 });
  assert.ok(node.kind === 'object');
  const { keyRange, value } = node.members.get('a') ?? assert.fail();
  assert.ok(value.kind === 'array');
  for (const { start, end } of [node, keyRange, value, value.items[0] ?? assert.fail()])
    assert.deepEqual([start, end], [3, 7]);
});

test('the two outer levels have a line for each member, short things within them one line', () => {
  assert.equal(
    orderedText({ a: { b: [1, { c: 'x' }], e: {} }, d: [], f: [2] }),
    [
      ...['{', '  "a": {', '    "b": [1, { "c": "x" }],', '    "e": {}', '  },'],
      ...['  "d": [],', '  "f": [', '    2', '  ]', '}'],
    ].join('\n'),
  );
  assert.deepEqual(
    ['{}', '[]', '"x"', 'null'],
    [{}, [], 'x', null].map((value) => orderedText(value)),
  );
});

test('a line holds a hundred characters, its indent included', () => {
  const lines = (length: number, indent?: string): number =>
    orderedText({ a: { b: ['x'.repeat(length)] } }, indent === undefined ? {} : { indent }).split('\n').length;
  // Two indents and the brackets and quotes around the text: 4 + 4 characters.
  assert.deepEqual([lines(92), lines(93)], [5, 7]);
  assert.deepEqual([lines(88, '    '), lines(89, '    ')], [5, 7]);
});

test('a remark stands behind its member, which then has a line of its own', () => {
  const comment = (tokens: readonly (string | number)[]): string | undefined =>
    ({ 'a/b/d': 'why', 'a/f/1': 'how' })[tokens.join('/')];
  assert.equal(
    orderedText({ a: { b: { c: 1, d: [2] }, f: [3, 4], g: [5] } }, { comment }),
    [
      ...['{', '  "a": {', '    "b": {', '      "c": 1,', '      "d": [2] // why', '    },'],
      ...['    "f": [', '      3,', '      4 // how', '    ],', '    "g": [5]', '  }', '}'],
    ].join('\n'),
  );
  const deep = (tokens: readonly (string | number)[]): string | undefined =>
    tokens.join('/') === 'a/b/d/0' ? 'why' : undefined;
  assert.equal(
    orderedText({ a: { b: { c: 1, d: [2] } } }, { comment: deep }),
    [
      ...['{', '  "a": {', '    "b": {', '      "c": 1,', '      "d": [', '        2 // why'],
      ...['      ]', '    }', '  }', '}'],
    ].join('\n'),
  );
});
