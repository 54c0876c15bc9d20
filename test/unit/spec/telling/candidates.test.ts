/** What a reference may name, and which values are references. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTree, refersAt, sourceOf } from '../../../../src/spec/index.ts';
import { fileReferences, referencesOf } from '../../../../src/spec/index.ts';
import { candidates } from '../../../../src/spec/telling/candidates.ts';

const text = `{
  "data": { "source": "a.csv", "inputs": { "x": { "type": "number", "from": ["p", { "match": "q*" }] } }, "split": { "file": "s.csv" } },
  "network": { "trunk": { "input": "x", "layers": [] }, "top": { "input": ["trunk", "x"] } },
  "tasks": { "t": { "type": "regression", "target": "y", "input": ["top", "task:u"] }, "u": { "type": "survival", "target": { "time": "d", "event": "e" } } },
  "weights": { "t": 1, "nobody": 2 }
}`;
const { tree } = parseTree(text);

test('neither the thing itself nor what its list holds already', () => {
  const node = (path: readonly (string | number)[]): readonly string[] => candidates('node', tree, path, {});
  assert.deepEqual(node(['network', 'trunk', 'input']), ['top', 'x', 'task:t', 'task:u']);
  assert.deepEqual(node(['network', 'top', 'input', 1]), ['x', 'task:t', 'task:u']);
  assert.deepEqual(node(['tasks', 't', 'input', 2]), ['trunk', 'x']);
  assert.deepEqual(candidates('arm', tree, [], {}), []);
});

test('which values refer to something', () => {
  assert.equal(refersAt(tree, ['data', 'inputs', 'x', 'from', 0]), 'column');
  assert.equal(refersAt(tree, ['tasks', 't', 'target']), 'column');
  assert.equal(refersAt(tree, ['tasks', 'u', 'target', 'time']), 'column');
  assert.equal(refersAt(tree, ['data', 'source']), 'file');
  assert.equal(refersAt(tree, ['network', 'top', 'input', 0]), 'node');
  assert.equal(refersAt(tree, ['tasks', 't', 'type']), undefined);
  assert.equal(refersAt(tree, ['nothing']), undefined);
});

test('names and files in the order of the text, each once', () => {
  const shown = referencesOf(tree).map(
    ({ kind, range, definition }) => `${definition ? '+' : ''}${kind} ${text.slice(range.start + 1, range.end - 1)}`,
  );
  assert.deepEqual(shown, [
    ...['+input x', 'column p', '+block trunk', 'input x', '+block top', 'block trunk', 'input x'],
    ...['+task t', 'column y', 'block top', 'task task:u', '+task u', 'column d', 'column e', 'task t'],
  ]);
  assert.deepEqual(fileReferences(tree).map(({ file }) => file), ['a.csv', 's.csv']); // prettier-ignore
  assert.deepEqual([referencesOf(undefined), fileReferences(undefined)], [[], []]);
});

test('the source of a text that is no spec', () => {
  const source = (data: string) => sourceOf(parseTree(`{ "data": { ${data} }, "network": nothing`).tree);
  assert.deepEqual(source('"source": "a.csv"')?.files, ['a.csv']);
  assert.deepEqual(source('"source": ["a.csv", "b.csv"], "csv": { "separator": ";" }')?.csv, { separator: ';' });
  // What cannot be read is as if it were not there.
  assert.deepEqual(source('"source": "a.csv", "csv": 3')?.csv, {});
  assert.deepEqual(source('"source": "a", "format": "npz"')?.format, 'npz');
  for (const data of ['', '"source": 3', '"source": ""', '"source":']) assert.equal(source(data), undefined, data);
  assert.equal(sourceOf(undefined), undefined);
});
