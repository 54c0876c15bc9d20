// What mends a mistake of the grammar: the obvious thing, in its place.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, parseTree, readSpec } from '../../../../src/spec/index.ts';
import { root } from '../../../../scripts/lib/process.mjs';
import { assertBilingual } from '../../bilingual.ts';

const article = fs.readFileSync(path.join(root, 'examples/digits/article.mtl.json'), 'utf8');

function mended(source: string): string | undefined {
  const [problem] = parseTree(source).problems;
  const [fix] = problem?.fixes ?? [];
  if (fix === undefined) return undefined;
  assertBilingual(fix.title);
  return applyEdits(source, fix.edits);
}

test('commas, colons, quotes, brackets and words of other languages', () => {
  for (const [broken, whole] of [
    ['{ "a": 1 "b": 2 }', '{ "a": 1, "b": 2 }'],
    ['{ "a": 1 // why\n "b": 2 }', '{ "a": 1, // why\n "b": 2 }'],
    ['[1 2]', '[1, 2]'],
    ['{ "a" 1 }', '{ "a": 1 }'],
    ['{ "a": [1, 2', '{ "a": [1, 2]}'],
    ['{ "a": { "b": 1 }\n', '{ "a": { "b": 1 }}\n'],
    ['{ "a": [1, 2 }', '{ "a": [1, 2] }'],
    ["{ 'a': 1 }", '{ "a": 1 }'],
    ['{ a: 1 }', '{ "a": 1 }'],
    ['{ “a”: 1 }', '{ "a": 1 }'],
    ['{ "a": relu }', '{ "a": "relu" }'],
    ['{ "a": \'relu\' }', '{ "a": "relu" }'],
    ['{ "a": True }', '{ "a": true }'],
    ['{ "a": None }', '{ "a": null }'],
    ['{ "a": .5 }', '{ "a": 0.5 }'],
    ['{ "a": "b\n}', '{ "a": "b"\n}'],
    ['{ "a": ["b, 2]\n}', undefined],
    ['{ "a": "b },\n}', '{ "a": "b" },\n}'],
    ['{ "a": "C:\\data\\x.csv" }', '{ "a": "C:\\\\data\\\\x.csv" }'],
    ['{ "a": "b\tc" }', '{ "a": "b\\tc" }'],
    ['{} /* x', '{} /* x */'],
  ] as const) {
    if (whole !== undefined) assert.equal(mended(broken), whole, broken);
  }
  // What may be several things is left to the person.
  for (const source of ['', '{ "a": }', '{ "a", "b": 1 }', '{} {}', '{ "a": "\\u12" }'])
    assert.deepEqual(parseTree(source).problems[0]?.fixes, [], source);
});

test('a comma taken out of a sample is put back by its fix, wherever it was', () => {
  const commas = [...article.matchAll(/,(?=\s)/g)].map(({ index }) => index);
  let mends = 0;
  for (const at of commas) {
    const broken = article.slice(0, at) + article.slice(at + 1);
    const { problems } = parseTree(broken);
    // In a comment it was none.
    if (problems.length === 0) continue;
    const text = mended(broken);
    assert.deepEqual(text === undefined ? undefined : readSpec(text).problems, [], article.slice(at - 20, at + 20));
    mends += 1;
  }
  assert.ok(mends > 20, String(mends));
});

test('a fix of the grammar never leaves its own mistake standing', () => {
  fc.assert(
    fc.property(fc.nat(article.length), fc.nat(3), (at, length) => {
      const broken = article.slice(0, at) + article.slice(at + length);
      const [problem] = parseTree(broken).problems;
      for (const { edits } of problem?.fixes ?? []) {
        const text = applyEdits(broken, edits);
        const [next] = parseTree(text).problems;
        const same =
          next !== undefined && next.message.en === problem?.message.en && next.range.start === problem.range.start;
        assert.ok(!same, `${broken.slice(Math.max(0, at - 30), at + 30)} → ${next?.message.en ?? ''}`);
      }
    }),
    { numRuns: 400 },
  );
});
