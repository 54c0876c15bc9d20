// `mtl strategy test`, in the test's own process.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, test, type TestContext } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { temporaryFolder } from '../../runs/helpers.ts';
import { within } from '../in-process.ts';

beforeEach(() => setLanguage('en'));

const vectors = (weight: number): string =>
  JSON.stringify({ cases: [{ id: 'a', matrix: [[1, 2]], weights: [weight] }] });

function folderWith(context: TestContext): string {
  const folder = fs.realpathSync(temporaryFolder(context));
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'good.mjs': 'export const weigh = ({ losses }) => losses.map(() => 1);\n',
    'bad.mjs': 'export const weigh = ({ losses }) => losses.map((_, i) => i);\n',
    'broken.mjs': 'export const = 1;\n',
    'v.json': vectors(1),
    'w.json': vectors(2),
    'no.json': '{',
  };
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  fs.mkdirSync(path.join(folder, 'all'));
  fs.writeFileSync(path.join(folder, 'all', 'x.json'), vectors(1));
  fs.writeFileSync(path.join(folder, 'all', 'y.json.gz'), gzipSync(vectors(2)));
  fs.writeFileSync(path.join(folder, 'all', 'notes.txt'), 'no vectors');
  fs.writeFileSync(path.join(folder, 'all', 'x.json.bak'), 'no vectors either');
  return folder;
}

const lastLine = (out: string): string => out.trimEnd().split('\n').at(-1) ?? '';

test('every finding has its line, and the last one counts', async (context) => {
  const cwd = folderWith(context);
  const good = await within(['strategy', 'test', 'good.mjs', '--vectors', 'v.json'], cwd);
  assert.deepEqual([good.code, good.err, lastLine(good.out)], [0, '', '8 passed, 0 failed']);
  assert.equal(good.out.split('\n')[0], 'pass  the module exports a strategy: needs "losses"');
  assert.ok(good.out.split('\n').slice(0, -2).every((line) => /^(pass|info) {2}.+: /.test(line))); // prettier-ignore
  const bad = await within(['strategy', 'test', 'bad.mjs'], cwd);
  assert.equal(bad.code, 1);
  assert.match(bad.out, /^FAIL {2}another order of the tasks/m);
  const chinese = await within(['strategy', 'test', 'bad.mjs', '--lang', 'zh'], cwd);
  assert.match(chinese.out, /^通过 {2}模块导出了策略：所需统计量为 "losses"/);
  assert.match(chinese.out, /^失败 {2}/m);
  assert.match(lastLine(chinese.out), /^\d 项通过，\d 项失败$/);
});

test('vectors come from files and from all of a folder, packed or not', async (context) => {
  const cwd = folderWith(context);
  const { code, out } = await within(['strategy', 'test', 'good.mjs', '--vectors', 'all', '--vectors', 'w.json'], cwd);
  assert.equal(code, 1);
  assert.match(out, /^pass {2}vectors x\.json: /m);
  assert.match(out, /^FAIL {2}vectors y\.json\.gz: 0 of 1 cases/m);
  assert.match(out, /^FAIL {2}vectors w\.json: /m);
  assert.doesNotMatch(out, /notes|bak/);
});

test('as JSON: findings with their texts, and the counts', async (context) => {
  const cwd = folderWith(context);
  const asked = await within(['strategy', 'test', 'good.mjs', '--json'], cwd);
  const told = JSON.parse(asked.out) as { v: number; file: string; findings: Record<string, unknown>[]; passed: number; failed: number }; // prettier-ignore
  assert.deepEqual([told.v, told.file, told.failed], [1, 'good.mjs', 0]);
  assert.deepEqual(told.findings[0], { name: 'the module exports a strategy', passed: true, detail: 'needs "losses"' });
  assert.equal(told.passed, told.findings.filter(({ passed }) => passed === true).length);
  const broken = await within(['strategy', 'test', 'broken.mjs', '--json'], cwd);
  const { findings, passed, failed } = JSON.parse(broken.out) as typeof told;
  assert.deepEqual([broken.code, findings.length, findings[0]?.['passed'], passed, failed], [1, 1, false, 0, 1]);
});

test('what is not there, or no vectors, is refused before anything is tested', async (context) => {
  const cwd = folderWith(context);
  const refused = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await within(['strategy', ...words], cwd);
    assert.deepEqual([code, out], [2, '']);
    return err;
  };
  assert.equal(
    await refused('show', 'good.mjs'),
    'mtl: "mtl strategy show" is not a command. Use: mtl strategy test FILE.\n',
  );
  assert.equal(await refused('test', 'none.mjs'), 'mtl: There is no file "none.mjs". Check the path.\n');
  assert.equal(await refused('test', 'all'), 'mtl: There is no file "all". Check the path.\n');
  assert.equal(
    await refused('test', 'good.mjs', '--vectors', 'none'),
    'mtl: There is no file "none". Check the path.\n',
  );
  assert.equal(await refused('test', 'good.mjs', '--vectors', 'no.json'), 'mtl: no.json is no JSON file of vectors.\n');
});
