// Format Document: spaces and indents, never lines.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { applyEdits, layoutEdits } from '../../../../src/spec/index.ts';
import { root } from '../../../../scripts/lib/process.mjs';

const tidy = (source: string, tabSize = 2): string =>
  applyEdits(source, layoutEdits(source, { tabSize, insertSpaces: true }));

test('what stands on one line stays on it, with one space where people write one', () => {
  assert.equal(
    tidy('{ "a":1,\n      "layers": [{ "type": "dense",   "units": 3 },\n{"x":1} // c\n ] }\n'),
    '{ "a": 1,\n  "layers": [{ "type": "dense", "units": 3 },\n    { "x": 1 } // c\n  ] }\n',
  );
  assert.equal(tidy('{ "from": ["a",  "b"] }'), '{ "from": ["a", "b"] }\n');
  assert.equal(tidy('{\r\n"a": 1\r\n}\r\n'), '{\r\n  "a": 1\r\n}\r\n');
});

test('the samples are laid out as they should be', () => {
  const folder = path.join(root, 'examples');
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mtl.json')); // prettier-ignore
  assert.ok(names.length > 5);
  for (const name of names) {
    const source = fs.readFileSync(path.join(folder, name), 'utf8');
    const lines = tidy(source).split('\n');
    assert.equal(lines.length, source.split('\n').length, name);
    assert.equal(tidy(tidy(source)), tidy(source), name);
    // The article aligns its lines by hand.
    if (!name.includes('article')) assert.deepEqual(lines, source.split('\n'), name);
  }
});
