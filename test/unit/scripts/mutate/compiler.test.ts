import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Compiler } from '../../../../scripts/lib/mutate/compiler.ts';

test('what the compiler refuses is known by the types of the file alone', (t) => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-compiler-')));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  };
  const options = { strict: true, noUnusedLocals: true, noUncheckedIndexedAccess: true, types: [], module: 'preserve' };
  write('tsconfig.json', JSON.stringify({ compilerOptions: options, include: ['src'] }));
  write('webview/tsconfig.json', JSON.stringify({ compilerOptions: options, include: ['.'] }));
  write('webview/b.ts', 'export const b = 1;\n');
  const sound = 'export const first = (all: number[]): number => {\n  const [one] = all;\n  return one ?? 0;\n};\n';
  write('src/a.ts', sound);
  const compiler = new Compiler(folder);
  assert.ok(compiler.accepts('src/a.ts', sound));
  assert.ok(!compiler.accepts('src/a.ts', sound.replace('one ?? 0', 'one')));
  assert.ok(
    compiler.accepts('src/a.ts', sound.replace('one ?? 0', '0')),
    'a name that is left unused is a matter of style',
  );
  assert.ok(!compiler.accepts('src/a.ts', 'export const x = ;'));
  assert.ok(!compiler.accepts('webview/b.ts', "export const b: number = '';"));
  assert.ok(compiler.accepts('src/a.ts', sound), 'a fault is forgotten');
  assert.ok(compiler.accepts('elsewhere.ts', 'const ='), 'a file of no project is left to the tests');
});
