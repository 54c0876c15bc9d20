import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = path.join(root, 'src/editor');
const read = (file: string): Record<string, string> =>
  JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;

/** First arguments of every `l10n.t(…)` and `t(…)`; one that is no literal is a mistake. */
function keysIn(file: string): readonly string[] {
  const source = ts.createSourceFile(
    file,
    fs.readFileSync(path.join(folder, file), 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  const keys: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /(^|\.)t$/.test(node.expression.getText())) {
      const [first] = node.arguments;
      assert.ok(first && ts.isStringLiteralLike(first), `${file}: ${node.getText()} has no literal text`);
      keys.push(first.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return keys;
}

const keys = new Set(
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap(keysIn),
);
const bundle = read('l10n/bundle.l10n.zh-cn.json');

test('every sentence of the editor has a Chinese translation, and no translation is left over', () => {
  assert.deepEqual(
    [...keys].filter((key) => !Object.hasOwn(bundle, key)),
    [],
  );
  assert.deepEqual(
    Object.keys(bundle).filter((key) => !keys.has(key)),
    [],
  );
});

test('translations keep the placeholders', () => {
  for (const [key, text] of Object.entries(bundle)) {
    const holes = (sentence: string): string[] => [...new Set(sentence.match(/\{\d+\}/g) ?? [])].sort();
    assert.deepEqual(holes(text), holes(key), key);
    assert.notEqual(text.trim(), '', key);
  }
});

test('package.nls has the same keys in both languages, and exactly those that package.json uses', () => {
  const english = read('package.nls.json');
  const chinese = read('package.nls.zh-cn.json');
  assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
  const manifest = fs.readFileSync(path.join(root, 'package.json'), 'utf8');
  const used = new Set([...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? ''));
  assert.deepEqual([...used].sort(), Object.keys(english).sort());
  for (const text of [...Object.values(english), ...Object.values(chinese)]) assert.notEqual(text.trim(), '');
});
