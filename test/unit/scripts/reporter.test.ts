// What the last line of `npm test` counts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from '../../../scripts/lib/process.mjs';

interface Totals {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
  failures: string[];
}

describe('the reporter', () => {
  let folder = '';
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-reporter-'));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function totalsOf(files: Record<string, string>): Totals {
    return resultOf(files).totals;
  }

  function resultOf(files: Record<string, string>): { totals: Totals; out: string } {
    const place = fs.mkdtempSync(path.join(folder, 'case-'));
    const names = Object.entries(files).map(([name, text]) => {
      fs.writeFileSync(path.join(place, name), text);
      return path.join(place, name);
    });
    const target = path.join(place, 'totals.json');
    const { NODE_TEST_CONTEXT: outer, ...environment } = process.env; // else it would report to this run
    const reporter = path.join(root, 'scripts/lib/reporter.mjs');
    const { stdout } = spawnSync(process.execPath, ['--test', `--test-reporter=${reporter}`, ...names], {
      env: { ...environment, MTL_TEST_TOTALS: target },
      encoding: 'utf8',
    });
    return { totals: JSON.parse(fs.readFileSync(target, 'utf8')) as Totals, out: stdout };
  }

  const head = `import { test, describe, before } from 'node:test';\n`;

  test('groups are not counted, the tests inside them are', () => {
    const totals = totalsOf({ 'a.mjs': `${head}describe('g', () => { test('x', () => {}); test('y', () => {}); });` });
    assert.deepEqual([totals.passed, totals.failed], [2, 0]);
  });

  test('the time of a group that a helper makes is that of the file with its tests', () => {
    const { out } = resultOf({
      'helper.mjs': `${head}export const group = (define) => describe('g', define);`,
      'a.mjs': `${head}import { group } from './helper.mjs';\n
        group(() => { test('x', () => new Promise((done) => setTimeout(done, 150))); });`,
    });
    const seconds = /1 passed +(\d+\.\d) s .*a\.mjs/.exec(out)?.[1];
    assert.ok(Number(seconds) > 0, out);
  });

  test('a failed test is one failure, with its file, its name and what it said', () => {
    const totals = totalsOf({
      'a.mjs': `${head}describe('g', () => { test('x', () => { throw new Error('bad'); }); });`,
    });
    assert.deepEqual([totals.passed, totals.failed], [0, 1]);
    assert.match(totals.failures[0] ?? '', /a\.mjs: x\n {4}Error: bad$/);
  });

  test('a file that cannot be loaded and a hook that fails are failures', () => {
    const totals = totalsOf({
      'a.mjs': `import './missing.mjs';`,
      'b.mjs': `${head}describe('g', () => { before(() => { throw new Error('bad'); }); test('x', () => {}); });`,
    });
    assert.equal(totals.failed >= 2, true);
  });

  test('a skipped test is told with its reason', () => {
    const totals = totalsOf({ 'a.mjs': `${head}test('x', { skip: 'no such machine' }, () => {});` });
    assert.deepEqual(totals.skipped, [{ name: 'x', reason: 'no such machine' }]);
    assert.equal(totals.passed, 0);
  });
});
