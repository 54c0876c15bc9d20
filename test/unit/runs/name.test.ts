import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { nameOf } from '../../../src/runs/name.ts';

test('the spec’s own name, else that of its file without the ending', () => {
  assert.equal(nameOf('企鹅', path.join('a', 'b.mtl.json')), '企鹅');
  const cases = { 'b.mtl.json': 'b', 'B.MTL.JSON': 'B', 'b.json': 'b', 'b.mtl': 'b.mtl', 'b.mtl.json.txt': 'b.mtl.json.txt', '数.mtl.json': '数' }; // prettier-ignore
  for (const [file, name] of Object.entries(cases)) assert.equal(nameOf(undefined, path.join('a', file)), name);
});
