/** Names in a spec: where each is defined and used, what stands at an offset, renaming, the outline. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  applyEdits,
  nameAt,
  namesDefined,
  parseTree,
  references,
  renameEdits,
  symbols,
} from '../../../../src/spec/index.ts';

const source = `{
  "data": {
    "sources": { "left": { "file": "a.csv" }, "right": { "file": "b.csv" } },
    "inputs": { "x": { "type": "number", "from": ["left/x"] } }
  },
  "network": {
    "trunk": { "input": "x", "layers": [{ "type": "dense", "units": 4 }, "flatten"] },
    "top": { "input": ["trunk", "x"] }
  },
  "tasks": {
    "t": { "type": "regression", "target": "left/t", "input": "top", "source": "left" },
    "x2": { "type": "regression", "target": "t", "input": ["task:t", "trunk"], "source": "right" }
  },
  "weights": { "x2": 2, "t": 1 },
  "strategy": { "name": "pcd", "primary": "t" },
  "unknown": { "deep": ["t", "trunk", "x", "left"] }
}`;
const { tree } = parseTree(source);
const textAt = ({ start, end }: { readonly start: number; readonly end: number }): string => source.slice(start, end);
const after = (text: string): number => source.indexOf(text) + text.length;

test('names are defined by inputs, blocks, tasks and tables, each with the range of its key and of the whole', () => {
  assert.deepEqual(
    namesDefined(tree).map(({ kind, name, path }) => [kind, name, ...path].join(' ')),
    [
      'input x data inputs x',
      'block trunk network trunk',
      'block top network top',
      'task t tasks t',
      'task x2 tasks x2',
      'source left data sources left',
      'source right data sources right',
    ],
  );
  const top = namesDefined(tree).find(({ name }) => name === 'top');
  assert.ok(top);
  assert.equal(textAt(top.keyRange), '"top"');
  assert.equal(textAt(top.range), '"top": { "input": ["trunk", "x"] }');
});

test('a name is used by heads, blocks, keys of tables by task and strategies, in the order of the text', () => {
  const uses = (name: string, kind: 'input' | 'block' | 'task' | 'source'): readonly string[] =>
    references(tree, name, kind).map((use) => {
      assert.equal(use.prediction, textAt(use.range) === `"task:${name}"`);
      return `${use.path.join('/')} ${textAt(use.range)}`;
    });
  assert.deepEqual(uses('x', 'input'), ['network/trunk/input "x"', 'network/top/input/1 "x"']);
  assert.deepEqual(uses('trunk', 'block'), ['network/top/input/0 "trunk"', 'tasks/x2/input/1 "trunk"']);
  assert.deepEqual(uses('t', 'task'), ['tasks/x2/input/0 "task:t"', 'weights/t "t"', 'strategy/primary "t"']);
  assert.deepEqual(uses('x2', 'task'), ['weights/x2 "x2"']);
  assert.deepEqual(uses('left', 'source'), ['tasks/t/source "left"']);
});

test('a use is of the kind that the place refers to', () => {
  // What reads a node reads inputs and blocks by their names, tasks by `task:`, and no tables.
  for (const kind of ['task', 'source'] as const) assert.deepEqual(references(tree, 'trunk', kind), [], kind);
  for (const kind of ['input', 'block', 'source'] as const) assert.deepEqual(references(tree, 't', kind), [], kind);
  for (const kind of ['input', 'block', 'task'] as const) assert.deepEqual(references(tree, 'left', kind), [], kind);
  assert.deepEqual(references(undefined, 't', 'task'), []);
  const values = parseTree('{ "network": { "a": { "input": 3 } }, "tasks": { "t": { "input": [null, true] } } }').tree;
  for (const name of ['3', 'null', 'true']) assert.deepEqual(references(values, name, 'block'), [], name);
});

test('a name is found from its first quote to behind its last, nowhere else', () => {
  for (const [before, shown, kind, at] of [
    ['"data": {\n    "sources": { ', '"left"', 'source', 'key'],
    ['"inputs": { ', '"x"', 'input', 'key'],
    ['"input": [', '"trunk"', 'block', 'use'],
    ['"input": ["trunk", ', '"x"', 'input', 'use'],
    ['"tasks": {\n    ', '"t"', 'task', 'key'],
    ['"primary": ', '"t"', 'task', 'use'],
    ['"weights": { ', '"x2"', 'task', 'use'],
  ] as const) {
    const start = after(before);
    const name = JSON.parse(shown) as string;
    for (const offset of [start, start + 1, start + shown.length]) {
      const found = nameAt(tree, offset);
      assert.deepEqual([found?.name, found?.kind], [name, kind], `${before}${offset - start}`);
      assert.deepEqual(found?.at, { start, end: start + shown.length });
      const definition = namesDefined(tree).find((one) => one.name === name && one.kind === kind);
      assert.deepEqual(found.keyRange, definition?.keyRange);
      assert.equal(found.at.start === found.keyRange.start, at === 'key');
    }
    for (const offset of [start - 1, start + shown.length + 1]) assert.equal(nameAt(tree, offset), undefined);
  }
  assert.equal(nameAt(undefined, 0), undefined);
});

test('a new name may stand in another section: blocks and inputs share theirs, tasks and tables have their own', () => {
  const answer = (name: string, to: string): string => {
    const definition = namesDefined(tree).find((one) => one.name === name);
    assert.ok(definition);
    const result = renameEdits(tree, definition, to);
    return 'mistake' in result ? result.mistake.en : 'fine';
  };
  for (const [name, free, taken] of [
    ['x', ['t', 'left', 'x', 'y'], ['trunk', 'top']],
    ['trunk', ['t', 'left', 'trunk'], ['x', 'top']],
    ['t', ['trunk', 'x', 'left', 't'], ['x2']],
    ['left', ['trunk', 'x', 't', 'left'], ['right']],
  ] as const) {
    for (const to of free) assert.equal(answer(name, to), 'fine', `${name} to ${to}`);
    for (const to of taken) assert.equal(answer(name, to), `The name "${to}" is taken.`, `${name} to ${to}`);
  }
  assert.match(answer('x', ' y'), /space/);
});

test('edits of a renaming stand in the order of the text, also where a use stands before the definition', () => {
  const early = '{ "weights": { "t": 1 }, "tasks": { "u": { "type": "box", "input": ["task:t", "t"] }, "t": {} } }';
  const parsed = parseTree(early).tree;
  const definition = namesDefined(parsed).find(({ name }) => name === 't');
  assert.ok(definition);
  const result = renameEdits(parsed, definition, 'n"');
  assert.ok('edits' in result);
  const starts = result.edits.map(({ start }) => start);
  assert.deepEqual(
    starts,
    starts.toSorted((a, b) => a - b),
  );
  assert.equal(
    applyEdits(early, result.edits),
    '{ "weights": { "n\\"": 1 }, "tasks": { "u": { "type": "box", "input": ["task:n\\"", "t"] }, "n\\"": {} } }',
  );
});

test('the outline: sections with what they define, its type or value beside it', () => {
  const shown = (text: string): readonly string[] =>
    symbols(parseTree(text).tree).flatMap((section) => [
      `${section.kind} ${section.name} ${section.detail}`.trimEnd(),
      ...section.children.map(({ kind, name, detail }) => `  ${kind} ${name} ${detail}`.trimEnd()),
    ]);
  assert.deepEqual(shown(source), [
    'section data',
    '  input x number',
    'section network',
    '  block trunk',
    '  block top',
    'section tasks',
    '  task t regression',
    '  task x2 regression',
    'section weights',
    '  weight x2 2',
    '  weight t 1',
    'section strategy',
    'section unknown',
  ]);
  assert.deepEqual(shown('{ "seed": 3, "": {}, "name": "n", "ok": true }'), [
    'section seed 3',
    'section ""',
    'section name n',
    'section ok true',
  ]);
  const [, , tasks] = symbols(tree);
  const [t] = tasks?.children ?? [];
  assert.ok(tasks && t);
  assert.deepEqual([textAt(tasks.selection), textAt(t.selection)], ['"tasks"', '"t"']);
  assert.match(textAt(tasks.range), /^"tasks": \{[^]*"right" \}\n {2}\}$/);
  assert.equal(textAt(t.range), '"t": { "type": "regression", "target": "left/t", "input": "top", "source": "left" }');
  assert.deepEqual(t.children, []);
  assert.deepEqual(symbols(undefined), []);
});
