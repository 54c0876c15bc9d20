/** Edits that take something out or put something else in, and leave the rest of the text alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTree } from '../../../../src/spec/index.ts';
import {
  applyEdits,
  removalOf,
  removeFix,
  renameFix,
  replaceFix,
  wholeLines,
} from '../../../../src/spec/editing/fixes.ts';

/** The text without its member `x`. */
function without(source: string): string {
  const { tree } = parseTree(source);
  assert.ok(tree?.kind === 'object');
  const inner = tree.members.get('o')?.value;
  const member = tree.members.get('x') ?? (inner?.kind === 'object' ? inner.members.get('x') : undefined);
  assert.ok(member);
  return applyEdits(source, removalOf(source, member));
}

test('a member goes with the one comma that belongs to it', () => {
  for (const [before, after] of [
    ['{ "x": 1 }', '{  }'],
    ['{ "x": 1, "b": 2 }', '{ "b": 2 }'],
    ['{ "a": 1, "x": [2, 3], "b": 4 }', '{ "a": 1, "b": 4 }'],
    ['{ "a": 1, "x": 2 }', '{ "a": 1  }'],
    // One after the other, so that the lines of the others stay.
    ['{\n  "x": 1,\n  "b": 2\n}', '{\n  \n  "b": 2\n}'],
    ['{\n  "a": 1,\n  "x": 2\n}', '{\n  "a": 1\n  \n}'],
    ['{ "x": 1 ,\t "b": 2 }', '{ "b": 2 }'],
    // A comma behind the last.
    ['{ "a": 1, "x": 2, }', '{ "a": 1, }'],
    // Comments stay, and their commas are none.
    ['{ "a": 1, /* , */ "x": 2 }', '{ "a": 1 /* , */  }'],
    ['{ "a": 1 /* , */, // , \n "x": 2 }', '{ "a": 1 /* , */ // , \n  }'],
    ['{ "x": 1 /* c */, "b": 2 }', '{ "b": 2 }'],
    ['{ "a": "p,q", "x": 2 }', '{ "a": "p,q"  }'],
    // The comma before the object around it is not its own.
    ['{ "a": 1, "o": { "x": 2 } }', '{ "a": 1, "o": {  } }'],
    ['{ "a": 1, "o": { /* c */ "x": 2 }, "b": 3 }', '{ "a": 1, "o": { /* c */  }, "b": 3 }'],
  ] as const)
    assert.equal(without(before), after, before);
});

test('a fix says in both languages what it does', () => {
  const source = '{ "x": 1 }';
  const { tree } = parseTree(source);
  const member = tree?.kind === 'object' ? tree.members.get('x') : undefined;
  assert.ok(member);
  assert.deepEqual(removeFix(source, member), {
    title: { en: 'Remove "x"', zh: '删除 "x"' },
    edits: [{ start: 2, end: 8, text: '' }],
  });
  assert.deepEqual(replaceFix({ start: 7, end: 8 }, '2'), {
    title: { en: 'Change to 2', zh: '改为 2' },
    edits: [{ start: 7, end: 8, text: '2' }],
  });
  assert.deepEqual(renameFix({ start: 2, end: 5 }, 'a"b').edits, [{ start: 2, end: 5, text: '"a\\"b"' }]);
});

test('edits are applied from behind, whatever their order', () => {
  const edits = [
    { start: 0, end: 1, text: 'AA' },
    { start: 4, end: 5, text: '' },
    { start: 2, end: 2, text: '-' },
    { start: 2, end: 3, text: 'C' },
  ];
  // What is put in at a place stands before what is put in the place of what follows.
  for (const order of [edits, [...edits].reverse()]) assert.equal(applyEdits('abcde', order), 'AAb-Cd');
  assert.equal(applyEdits('abc', []), 'abc');
});

test('a line of which nothing is left goes as a whole', () => {
  const tidy = (source: string): string => {
    const { tree } = parseTree(source);
    const member = tree?.kind === 'object' ? tree.members.get('x') : undefined;
    assert.ok(member);
    return applyEdits(source, wholeLines(source, removalOf(source, member)));
  };
  assert.equal(tidy('{\n  "x": 1,\n  "b": 2\n}'), '{\n  "b": 2\n}');
  assert.equal(tidy('{\n  "a": 1,\n  "x": {\n    "y": 2\n  }\n}'), '{\n  "a": 1\n}');
  assert.equal(tidy('{\n  "x": 1, // why\n  "b": 2\n}'), '{\n  // why\n  "b": 2\n}');
  assert.equal(tidy('{\n  "x": 1, "b": 2\n}'), '{\n  "b": 2\n}');
  assert.equal(tidy('{ "x": 1 }'), '{  }');
  const insertion = [{ start: 1, end: 1, text: 'y' }];
  assert.deepEqual(wholeLines('{\n}', insertion), insertion);
});
