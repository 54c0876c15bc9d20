/** On which engine an experiment would run. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { mtl, spec, table } from '../run-cli.ts';

test('an engine that is not to be had is refused, with why', async (context) => {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-surroundings-'));
  context.after(() => fs.rmSync(cwd, { recursive: true, force: true }));
  fs.writeFileSync(path.join(cwd, 'table.csv'), table);
  const text = spec.replace(/\}\s*$/, ', "experiment": { "replicates": 2 } }\n');
  fs.writeFileSync(path.join(cwd, 's.mtl.json'), text);
  const refused = await mtl(['plan', 's.mtl.json', '--engine', 'native'], { cwd });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^mtl: The engine "native" is not available\. \S.*\.$/m);
  assert.match(refused.stderr, /install/i);
  const chinese = await mtl(['plan', 's.mtl.json', '--engine', 'native', '--lang', 'zh'], { cwd });
  assert.match(chinese.stderr, /^mtl: 引擎“native”不可用。\S.*。$/m);
  const there = await mtl(['plan', 's.mtl.json', '--engine', 'auto', '--json'], { cwd });
  assert.equal(there.code, 0, there.stderr);
});
