import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTree } from '../../../src/spec/index.ts';
import type { SpecNode } from '../../../src/spec/index.ts';
import { limits } from '../../../src/spec/tree.ts';
import { nodeOf, orderedOf } from '../../../src/spec/values.ts';

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
