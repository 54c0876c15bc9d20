import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertBilingual } from '../../bilingual.ts';
import { parseTree } from '../../../../src/spec/index.ts';
import type { SpecNode } from '../../../../src/spec/index.ts';
import { limits } from '../../../../src/spec/reading/tree.ts';
import { nodeOf, orderedOf } from '../../../../src/spec/reading/values.ts';

test('any JSON reads as JavaScript reads it', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (source, indent) => {
      const value: unknown = JSON.parse(source);
      const { tree, problems } = parseTree(JSON.stringify(value, null, indent));
      assert.deepEqual(problems, []);
      assert.ok(tree);
      assert.deepEqual(orderedOf(tree), orderedOf(nodeOf(value)));
    }),
  );
});

test('every range holds exactly its value', () => {
  const check = (node: SpecNode, source: string): void => {
    const written = source.slice(node.start, node.end);
    assert.equal(JSON.stringify(JSON.parse(written)), JSON.stringify(plain(node)));
    if (node.kind === 'array') for (const item of node.items) check(item, source);
    if (node.kind !== 'object') return;
    for (const member of node.members.values()) {
      assert.equal(JSON.parse(source.slice(member.keyRange.start, member.keyRange.end)), member.key);
      check(member.value, source);
    }
  };
  const plain = (node: SpecNode): unknown => {
    if (node.kind === 'array') return node.items.map(plain);
    if (node.kind === 'object')
      return Object.fromEntries([...node.members].map(([key, { value }]) => [key, plain(value)]));
    return node.kind === 'scalar' ? node.value : null;
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const source = JSON.stringify(value, null, 1);
      const { tree } = parseTree(source);
      assert.ok(tree);
      check(tree, source);
    }),
  );
});

test('the first of two equal keys counts, the other is kept aside', () => {
  const { tree } = parseTree('{ "a": 1, "b": 2, "a": 3 }');
  assert.ok(tree?.kind === 'object');
  assert.deepEqual([...tree.members.keys()], ['a', 'b']);
  assert.deepEqual(tree.duplicates.map(({ key }) => key), ['a']); // prettier-ignore
});

test('a key without a value is kept while it is typed', () => {
  const { tree, problems } = parseTree('{ "a": , "b": { "c" } }');
  assert.ok(tree?.kind === 'object');
  assert.equal(tree.members.get('a')?.value.kind, 'nothing');
  const inner = tree.members.get('b')?.value;
  assert.ok(inner?.kind === 'object');
  assert.equal(inner.members.get('c')?.value.kind, 'nothing');
  assert.equal(problems.length, 1);
});

test('the limits are the limits', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.deepEqual(parseTree(nested(limits.depth)).problems, []);
  assert.deepEqual(parseTree(nested(limits.depth + 1)).problems.map(({ code }) => code), ['too-deep']); // prettier-ignore
  assert.deepEqual(parseTree(`["${'['.repeat(200)}"] // ${'['.repeat(200)}`).problems, []);
});

test('a mistake is told where it is, in words of its own', () => {
  for (const [source, at, en] of [
    ['{ "a": nul }', 'nul', 'This word means nothing in JSON; texts stand in double quotes.'],
    ["{ 'a': 1 }", "'a'", 'This word means nothing in JSON; texts stand in double quotes.'],
    ['{ "a": 01 }', '1', 'A comma is missing before this.'],
    ['{ "a": , "b": 1 }', ',', 'A value is expected here.'],
    ['{ "a" 1 }', '1', 'A colon is expected after the key.'],
    ['{ "a": 1 "b": 2 }', '"b"', 'A comma is missing before this.'],
    ['{ 1: 2 }', '1', 'A key in double quotes is expected here.'],
    ['{ "a": 1', '', 'A closing `}` is missing.'],
    ['[1, 2', '', 'A closing `]` is missing.'],
    ['{} {}', '{', 'The spec has ended before this.'],
    ['{} /* x', '/* x', 'This comment is not closed by `*/`.'],
    ['{ "a": "b', '"b', 'This text is not closed by a quotation mark.'],
    ['{ "a": 1. }', '1.', 'This number is not finished.'],
    ['{ "a": "\\u12" }', '"\\u12"', '`\\u` needs four hexadecimal digits.'],
    ['{ "a": "\\x" }', '"\\x"', 'There is no such escape; a backslash is written `\\\\`.'],
    ['{ "a": "\t" }', '"\t"', 'This character may not stand in a text; write it as `\\u` and four hexadecimal digits.'],
  ] as const) {
    const { problems } = parseTree(source);
    assert.equal(problems.length, 1, source);
    const [problem] = problems;
    assert.ok(problem);
    const { range, message, code, pointer, severity } = problem;
    assert.deepEqual([message.en, code, pointer, severity], [en, 'syntax', '', 'error'], source);
    assertBilingual(message);
    assert.equal(source.slice(range.start, range.end), at, source);
  }
  for (const source of ['', '  \n', '\uFEFF']) {
    const [problem] = parseTree(source).problems;
    assert.equal(
      problem?.message.en,
      'The file is empty; a spec is an object: `{ "data": …, "network": …, "tasks": … }`.',
    );
    assert.match(problem.message.zh, /^文件为空/);
  }
});

test('the tree is built as far as the text goes', () => {
  const value = (source: string): unknown => {
    const { tree } = parseTree(source);
    return tree === undefined
      ? undefined
      : JSON.stringify(orderedOf(tree), (_, each: unknown) =>
          each instanceof Map ? Object.fromEntries(each as Map<string, unknown>) : each,
        );
  };
  assert.equal(value('{ "a": [1, { "b": 2'), '{"a":[1,{"b":2}]}');
  assert.equal(value('{ "a": 1, "b"'), '{"a":1,"b":null}');
  assert.equal(value('[1, 2'), '[1,2]');
  assert.equal(value('1 2'), '1');
  const open = parseTree('[ { "a": 1 ');
  assert.deepEqual([open.tree?.start, open.tree?.end], [0, 11]);
});

test('too deep and too large are told where, and nothing is read', () => {
  const deep = parseTree(`${'['.repeat(40)}${'{"a":'.repeat(30)}`);
  assert.deepEqual(deep.problems.map(({ code, range }) => [code, range]), [['too-deep', { start: 40 + 24 * 5, end: 41 + 24 * 5 }]]); // prettier-ignore
  assert.equal(deep.tree, undefined);
  for (const { message } of deep.problems) assertBilingual(message);
  const wide = '[1],'.repeat(200);
  assert.deepEqual(parseTree(`[${wide}{"a":{}},{"a":{}}]`).problems, []);
  const fits = `"${'x'.repeat(limits.characters - 2)}"`;
  assert.deepEqual(parseTree(fits).problems, []);
  assert.deepEqual(parseTree(`${fits} `).problems.map(({ code, range }) => [code, range]), [['too-large', { start: 0, end: 1 }]]); // prettier-ignore
  for (const { message } of parseTree(`${fits} `).problems) assertBilingual(message);
  assert.deepEqual([limits.characters, limits.depth], [5 * 1024 * 1024, 64]);
});

test('a text that was just read is not read again; many others in between and it is', () => {
  const source = '{ "a": [1, 2] }';
  const first = parseTree(source);
  assert.equal(parseTree(`${source.slice(0, 5)}${source.slice(5)}`), first);
  for (const other of ['{}', '[]', '1', '2']) parseTree(other);
  assert.notEqual(parseTree(source), first);
  assert.deepEqual(parseTree(source), first);
});
