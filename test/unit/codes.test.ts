// Every code of a problem, a warning or an error that the sources know is named by a test: what nobody provokes may be gone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/lib/process.mjs';

const files = (folder: string): string[] =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(root, folder, name));

/** The first argument of what tells or throws, and what stands under `code`. */
const place =
  /(?:\b(?:error|warning|warn|remark|info|hint|note|problem|finding|mistake|report|refuse|fail|\w*Error|\w*[pP]roblem|\w*Warning)\(\s*|\bcode(?::| =) )'([a-z0-9]+(?:-[a-z0-9]+)*)'/g;

/** Keyed by the code, the files that tell it. One word alone may be anything; in the place of a code it is one. */
function known(): Map<string, Set<string>> {
  const codes = new Map<string, Set<string>>();
  for (const file of files('src')) {
    for (const [, code = ''] of fs.readFileSync(file, 'utf8').matchAll(place)) {
      if (!code.includes('-') && !fs.readFileSync(file, 'utf8').includes(`code: '${code}'`)) continue;
      codes.set(code, (codes.get(code) ?? new Set()).add(path.relative(root, file)));
    }
  }
  return codes;
}

test('every code of the sources stands in a test', () => {
  const codes = known();
  assert.ok(codes.size > 100, 'the sources are read');
  const own = path.join(root, 'test/unit/codes.test.ts');
  const tests = files('test').filter((file) => file !== own).map((file) => fs.readFileSync(file, 'utf8')).join('\n'); // prettier-ignore
  const missing = [...codes]
    .filter(([code]) => !new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(tests))
    .map(([code, where]) => `${code} (${[...where].join(', ')})`);
  assert.deepEqual(missing, []);
});
