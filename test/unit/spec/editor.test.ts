/** Places, hovers, completions, names and the outline: everything the editor asks of the language. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  applyEdits,
  completionsAt,
  describe,
  hoverText,
  lineColumn,
  nameAt,
  namesDefined,
  nearestAt,
  nodeAt,
  parseTree,
  pathAt,
  readSpec,
  references,
  renameEdits,
  symbols,
} from '../../../src/spec/index.ts';
import { golden, withLayer, withParts } from './golden.ts';

const article = golden('article');
const { tree } = readSpec(article);

/** A text with `|` where the cursor is. */
const cursor = (marked: string) => {
  const offset = marked.indexOf('|');
  const source = marked.replace('|', '');
  return { source, offset, tree: parseTree(source).tree };
};
const labels = (marked: string, columns: readonly string[] = []) => {
  const at = cursor(marked);
  return completionsAt(at.source, at.tree, at.offset, { columns }).map(({ label }) => label);
};

test('an offset has a path, a path has a node', () => {
  const place = pathAt(tree, article.indexOf('50, "activation"') + 1);
  assert.deepEqual(place?.path, ['network', '特征提取', 'layers', 2, 'units']);
  assert.equal(place.within, 'value');
  assert.deepEqual(pathAt(tree, article.indexOf('"units"') + 2)?.within, 'key');
  const found = nodeAt(tree, '/network/特征提取/layers/2/units');
  assert.ok(found?.node.kind === 'scalar' && found.node.value === 50);
  assert.equal(nodeAt(tree, '/nothing'), undefined);
  assert.equal(nearestAt(tree, '/training/optimizer/beta1')?.member?.key, 'optimizer');
  assert.equal(pathAt(tree, article.length + 5), undefined);
});

test('offsets and lines agree for every line end', () => {
  const lines = lineColumn('a\r\nb\rc\nd');
  assert.equal(lines.count, 4);
  assert.deepEqual([0, 3, 5, 7].map((offset) => lines.positionOf(offset)), [1, 2, 3, 4].map((line) => ({ line, column: 1 }))); // prettier-ignore
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\r', '\n', '中') }), fc.nat(40), (source, offset) => {
      const at = lineColumn(source);
      const inside = Math.min(offset, source.length);
      const back = at.offsetOf(at.positionOf(inside));
      assert.ok(back === inside || source.slice(back, inside + 1).includes('\n'));
    }),
  );
});

test('hovers tell of the key and of the chosen entry, with formula, source and default, in both languages', () => {
  const on = (path: readonly (string | number)[], language: 'en' | 'zh' = 'en') =>
    hoverText(describe(tree, path), language);
  assert.match(on(['network', '特征提取', 'layers', 0, 'type']), /\*\*Convolution over an image\*\*/);
  assert.match(on(['network', '特征提取', 'layers', 0, 'type'], 'zh'), /二维卷积/);
  assert.match(on(['tasks', '检测', 'loss']), /1 − \|A ∩ B\|[\s\S]*Yu et al/);
  assert.match(on(['training', 'optimizer']), /Default: `"adam"`[\s\S]*Kingma/);
  assert.match(on(['training', 'batchSize'], 'zh'), /默认：`32`/);
  assert.match(on(['weights', '分类']), /Factor of the loss/);
  assert.match(on(['tasks', '分类']), /Classification/);
  assert.equal(on(['nothing']), '');
  const bn = readSpec(withLayer('{ "type": "batchNormalization", "momentum": 0.9 }')).tree;
  assert.match(hoverText(describe(bn, ['network', 'trunk', 'layers', 0, 'momentum']), 'en'), /tf 0.99 · pytorch 0.9/);
});

test('hovers never hold text of the spec', () => {
  const name = '<img src=x onerror=alert(1)>';
  const hostile = withParts({
    tasks: `${JSON.stringify(name)}: { "type": "regression", "target": "y", "input": "x" }`,
  });
  assert.doesNotMatch(hoverText(describe(readSpec(hostile).tree, ['tasks', name]), 'en'), /img/);
});

test('keys are completed that are not there yet, and only those', () => {
  const keys = labels('{ "network": { "a": { "input": "x", | } } }');
  assert.ok(keys.includes('layers') && keys.includes('sharing') && !keys.includes('input'));
  assert.ok(!keys.includes('weightsFrom'), 'what is not available is not offered');
  assert.deepEqual(labels('{ "network": { "a": { "layers": [{ "type": "flatten", | }] } } }'), [
    'name',
    'regularization',
  ]);
  assert.ok(labels('{ "tr|": 1 }').includes('training'));
  assert.ok(labels('{ | }').includes('data'));
  assert.deepEqual(labels('{ "tasks": { "t": { | } } }'), ['type']);
  assert.ok(labels('{ "training": { "optimizer": { "name": "adam", | } } }').includes('beta1'));
  assert.ok(labels('{ "data": { "split": { | } } }').includes('file'));
});

test('values are completed: words, entries of tables, names, columns, defaults', () => {
  assert.deepEqual(labels('{ "training": { "conventions": "|" } }'), ['tf', 'pytorch']);
  assert.deepEqual(labels('{ "training": { "conventions": | } }'), ['tf', 'pytorch']);
  const layers = labels('{ "network": { "a": { "layers": [ | ] } } }');
  assert.ok(layers.includes('conv2d') && !layers.includes('lstm'));
  assert.ok(labels('{ "network": { "a": { "layers": [ { "type": "|" } ] } } }').includes('dense'));
  assert.ok(['static', 'pcgrad', 'famo', 'modo'].every((name) => labels('{ "strategy": "|" }').includes(name)));
  assert.ok(labels('{ "tasks": { "t": { "type": "regression", "loss": | } } }').includes('huber'));
  assert.deepEqual(labels('{ "training": { "batchSize": | } }'), ['32']);
  const input = '{ "data": { "inputs": { "x": { "type": "number", "from": "|" } } } }';
  assert.deepEqual(labels(input, ['a', 'b"c']), ['a', 'b"c']);
  const head =
    '{ "data": { "inputs": { "x": {} } }, "network": { "trunk": {} }, "tasks": { "t": { "type": "box", "input": ["|"] } } }';
  // A task does not read itself.
  assert.deepEqual(labels(head), ['trunk', 'x']);
  assert.deepEqual(labels('{ "tasks": { "t": {}, "u": {} }, "weights": { "u": 1, | } }'), ['t']);
});

test('what a completion inserts is text of the language', () => {
  const at = cursor('{ "network": { "a": { "layers": [ | ] } } }');
  const dense = completionsAt(at.source, at.tree, at.offset).find(({ label }) => label === 'dense');
  assert.equal(dense?.insert, '{ "type": "dense", "units": ${1:32} }');
  const column = cursor('{ "data": { "inputs": { "x": { "type": "number", "from": "|" } } } }');
  const [first] = completionsAt(column.source, column.tree, column.offset, { columns: ['a$b}"c'] });
  assert.equal(first?.insert, '"a\\$b\\}\\\\"c"');
});

test('completion never throws at any offset of any broken text', () => {
  fc.assert(
    fc.property(fc.nat(article.length), fc.nat(30), fc.nat(article.length), (at, cut, offset) => {
      const source = article.slice(0, at) + article.slice(at + cut);
      const broken = parseTree(source).tree;
      completionsAt(source, broken, Math.min(offset, source.length), { columns: ['c'] });
      describe(broken, pathAt(broken, offset)?.path ?? []);
      symbols(broken);
      namesDefined(broken);
    }),
  );
});

const tied = withParts({
  network: '"trunk": { "input": ["x"] }, "top": { "input": "trunk" }',
  tasks:
    '"t": { "type": "regression", "target": "x", "input": ["top", "x"] }, "u": { "type": "regression", "target": "t", "input": ["top", "task:t"] }',
  rest: '"weights": { "t": 1, "u": 2 }',
});

test('names are found where they are defined and used; columns of the same name are not', () => {
  const { tree: own } = readSpec(tied);
  assert.deepEqual(namesDefined(own).map(({ kind, name }) => `${kind} ${name}`), ['input x', 'block trunk', 'block top', 'task t', 'task u']); // prettier-ignore
  const shown = (name: string, kind: 'input' | 'block' | 'task') =>
    references(own, name, kind).map(({ range }) => tied.slice(range.start, range.end));
  assert.deepEqual(shown('x', 'input'), ['"x"', '"x"']);
  assert.deepEqual(shown('top', 'block'), ['"top"', '"top"']);
  assert.deepEqual(shown('t', 'task'), ['"task:t"', '"t"']);
  assert.equal(nameAt(own, tied.indexOf('"task:t"') + 2)?.name, 't');
  assert.equal(nameAt(own, tied.indexOf('"target": "t"') + 11), undefined);
});

test('renaming changes the definition and every use', () => {
  const { tree: own } = readSpec(tied);
  for (const definition of namesDefined(own)) {
    const result = renameEdits(own, definition, '新名"字');
    assert.ok('edits' in result);
    const after = readSpec(applyEdits(tied, result.edits));
    assert.deepEqual(after.problems, []);
    assert.equal(
      references(after.tree, '新名"字', definition.kind).length,
      references(own, definition.name, definition.kind).length,
    );
    assert.deepEqual(references(after.tree, definition.name, definition.kind), []);
  }
  const [first] = namesDefined(own);
  assert.ok(first);
  for (const name of ['', 'trunk', '__proto__', 'task:a', ' a'])
    assert.ok('mistake' in renameEdits(own, first, name), name);
});

test('the outline has sections, and in them what they define', () => {
  const outline = symbols(tree);
  assert.deepEqual(outline.map(({ name }) => name), ['name', 'data', 'network', 'tasks', 'weights', 'training']); // prettier-ignore
  const tasks = outline.find(({ name }) => name === 'tasks');
  assert.deepEqual(tasks?.children.map(({ name, detail }) => `${name} ${detail}`), ['分类 classification', '回归 regression', '检测 box']); // prettier-ignore
});
