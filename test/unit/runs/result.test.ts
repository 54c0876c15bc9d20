/** result.json: written whole, read in source order, or not at all. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { readResult, writeResult, type RunResultInput } from '../../../src/runs/result.ts';
import { temporaryFolder } from './helpers.ts';

test('what is written is read again with its names in their order', (context) => {
  const directory = temporaryFolder(context);
  assert.equal(readResult(directory), null);
  const byTask = new Map([['10', 1], ['2', 2]]); // prettier-ignore
  writeResult(directory, { v: 1, status: 'completed', parameters: { byTask } } as unknown as RunResultInput);
  const text = fs.readFileSync(path.join(directory, 'result.json'), 'utf8');
  assert.ok(text.endsWith('}\n'));
  assert.deepEqual(JSON.parse(text), { v: 1, status: 'completed', parameters: { byTask: { 10: 1, 2: 2 } } });
  const result = readResult(directory);
  assert.deepEqual([...(result?.keys() ?? [])], ['v', 'status', 'parameters']);
  assert.deepEqual(result?.get('parameters'), new Map([['byTask', byTask]]));
  assert.deepEqual(fs.readdirSync(directory), ['result.json'], 'nothing else is left behind');
});

test('what is no result of this version is none', (context) => {
  const directory = temporaryFolder(context);
  for (const text of ['', '{"v": 1', '{"v": 2}', '{}', '[1]', '1', 'null', '{"v": "1"}']) {
    fs.writeFileSync(path.join(directory, 'result.json'), text);
    assert.equal(readResult(directory), null, text);
  }
  fs.writeFileSync(path.join(directory, 'result.json'), '{"v": 1}');
  assert.deepEqual(readResult(directory), new Map([['v', 1]]));
});
