// The pages for people: their sample is right, their links and pictures are there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../scripts/lib/process.mjs';
import { describeData } from '../../src/data/index.ts';
import { makePlan } from '../../src/plan/index.ts';
import { readSpec } from '../../src/spec/index.ts';

const pages = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'docs/README.md',
  'docs/own-strategy.md',
  'docs/own-strategy.zh-CN.md',
  'docs/weights.md',
  'docs/weights.zh-CN.md',
  'docs/performance.md',
  'docs/performance.zh-CN.md',
  'docs/conventions.md',
  'docs/conventions.zh-CN.md',
  'docs/labels.md',
  'docs/labels.zh-CN.md',
  'docs/engine.md',
  'docs/engine.zh-CN.md',
  'examples/README.md',
];
const largestPicture = 300_000;

describe('pages', () => {
  for (const page of pages) {
    const text = fs.readFileSync(path.join(root, page), 'utf8');

    test(`${page}: links and pictures are there`, () => {
      for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
        if (/^https?:/.test(target)) continue;
        const file = path.join(root, path.dirname(page), target);
        assert.ok(fs.existsSync(file), target);
        if (file.endsWith('.png')) assert.ok(fs.statSync(file).size <= largestPicture, `${target} is too big`);
      }
    });
  }

  test('files that CONTRIBUTING names are there, but for those that its reader is to write', () => {
    const text = fs.readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
    const named = [...text.matchAll(/`((?:src|test|scripts|webview)\/[\w./-]+)`/g)].map(([, file = '']) => file);
    assert.ok(named.length > 10);
    const absent = named.filter((file) => !fs.existsSync(path.join(root, file)));
    const invented = /\b(audio|parquet|ordinal|my-strategy|planned|explain|speed|tweedie)\b/;
    assert.deepEqual(
      absent.filter((file) => !invented.test(file)),
      [],
    );
    // Each of them is said to be an example.
    for (const [, name = ''] of absent.join(' ').matchAll(new RegExp(invented, 'g')))
      assert.match(text, new RegExp(`Say (?:the loss )?\`(?:mtl )?${name}\``), name);
  });

  for (const page of ['README.md', 'README.zh-CN.md']) {
    test(`${page}: the spec it shows has no problem`, async () => {
      const text = fs.readFileSync(path.join(root, page), 'utf8');
      const sample = /```jsonc\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
      const { spec, tree, problems } = readSpec(sample);
      assert.deepEqual(problems, []);
      assert.ok(spec !== undefined && tree !== undefined);
      const folder = path.join(root, 'examples/penguins');
      const { facts, problems: dataProblems } = await describeData(spec, {
        specFile: path.join(folder, 'penguins.mtl.json'),
        root: folder,
      });
      assert.deepEqual(dataProblems, []);
      assert.deepEqual(makePlan(spec, tree, facts).problems, []);
    });
  }
});
