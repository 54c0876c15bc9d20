import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../runs/helpers.ts';
import { mtl, spec, table } from './run-cli.ts';

test('data-not-read: of a large file, check looks at the header and says that it saw no more', async (context) => {
  const cwd = temporaryFolder(context);
  const file = path.join(cwd, 'table.csv');
  fs.writeFileSync(path.join(cwd, 's.mtl.json'), spec);
  fs.writeFileSync(file, table);
  const check = async (): Promise<{ code: string; severity: string; message: string; pointer: string }[]> => {
    const { code, stdout } = await mtl(['check', 's.mtl.json', '--json'], { cwd });
    assert.equal(code, 0, stdout);
    const { problems } = JSON.parse(stdout) as {
      problems: { code: string; severity: string; message: string; pointer: string }[];
    };
    return problems.filter((each) => each.code === 'data-not-read');
  };
  assert.deepEqual(await check(), []);
  const rows = table.slice(table.indexOf('\n') + 1);
  fs.appendFileSync(file, rows.repeat(Math.ceil((51 * 1024 * 1024) / rows.length)));
  const [only, ...more] = await check();
  assert.deepEqual(more, []);
  assert.equal(only?.severity, 'information');
  assert.match(only.message, /larger than 50 M.*headers only/);
});
