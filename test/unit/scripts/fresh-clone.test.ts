// The commands of the README work where nothing is installed yet: what they load at once is Node's own or ours.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/lib/process.mjs';

const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
/** Scripts that npm runs by Node alone, without a package that loads them. */
const entries = Object.values(scripts)
  .map((command) => /^node (scripts\/\S+\.mjs)/.exec(command)?.[1])
  .filter((file): file is string => file !== undefined);

/** Packages that a script's static imports reach, with the file that names them. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = fs.readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)';|^import '([^']+)';/gms)];
  return imported.flatMap(([, from, alone]) => {
    const name = from ?? alone ?? '';
    if (name.startsWith('node:')) return [];
    if (!name.startsWith('.')) return [`${path.relative(root, file)} imports ${name}`];
    return packagesOf(path.resolve(path.dirname(file), name), seen);
  });
}

test('a script that npm runs by Node alone imports no package before it has installed them', () => {
  for (const needed of ['scripts/test.mjs', 'scripts/start.mjs', 'scripts/lint.mjs'])
    assert.ok(entries.includes(needed), needed);
  assert.deepEqual(
    entries.flatMap((entry) => packagesOf(path.join(root, entry))),
    [],
  );
});

test('such an import is found wherever it stands', () => {
  assert.deepEqual(packagesOf(path.join(root, 'esbuild.mjs')), [
    'esbuild.mjs imports esbuild',
    'scripts/lib/parts.mjs imports esbuild',
  ]);
});
