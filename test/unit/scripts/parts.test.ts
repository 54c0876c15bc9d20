// A bundle in parts, built and run: what is loaded when, and that a module has one state, whoever imports it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import esbuild from 'esbuild';
import { forNode } from '../../../scripts/lib/bundles.mjs';
import { inParts } from '../../../scripts/lib/parts.mjs';

/** Two parts share a module that the entry does not know, and all three share another one. */
const sources: Readonly<Record<string, string>> = {
  'entry.ts': `
    import { note, notes } from './notes.ts';
    export async function run() {
      note('entry');
      const one = await import('./one.ts');
      note('between');
      const { two } = await import('./folder/two.ts');
      return [one.one(), two(), (await import('./one.ts')).one(), notes().join(' ')];
    }`,
  'notes.ts': `
    const all: string[] = [];
    export const notes = () => all;
    export function note(word: string) { all.push(word); }`,
  'counter.ts': `
    import { note } from './notes.ts';
    note('counter');
    let count = 0;
    export const next = () => ++count;`,
  'one.ts': `
    import { next } from './counter.ts';
    import { note } from './notes.ts';
    note('one');
    export const one = () => next();`,
  'folder/two.ts': `
    import { next } from '../counter.ts';
    import { note } from '../notes.ts';
    note('two');
    export const two = () => { if (process.env.FAIL) throw new Error('as asked'); return next(); };`,
};

describe('a bundle in parts', () => {
  let folder = '';

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-parts-'));
    for (const [name, text] of Object.entries(sources)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  async function build(production: boolean): Promise<readonly string[]> {
    const options = inParts({
      ...forNode('entry.ts', 'out/entry.cjs', { production }),
      absWorkingDir: folder,
    });
    const { outputFiles } = await esbuild.build({ ...options, write: false });
    fs.rmSync(path.join(folder, 'out'), { recursive: true, force: true });
    for (const { path: file, contents } of outputFiles) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, contents);
    }
    return outputFiles.map(({ path: file }) => path.relative(folder, file).replaceAll(path.sep, '/'));
  }

  const runs = (environment: NodeJS.ProcessEnv = {}): string =>
    execFileSync(
      process.execPath,
      [
        ...['--enable-source-maps', '--eval'],
        `require('./out/entry.cjs').run().then((said) => console.log(JSON.stringify(said)), (error) => console.log(error.stack))`,
      ],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, ...environment } },
    );

  for (const production of [true, false]) {
    test(`each module is there once, and is evaluated when it is asked for (production: ${String(production)})`, async () => {
      const files = await build(production);
      assert.deepEqual([...files].sort(), ['out/entry.cjs', 'out/entry/folder-two.cjs', 'out/entry/one.cjs']);
      assert.deepEqual(JSON.parse(runs()), [1, 2, 3, 'entry counter one between two']);
    });
  }

  test('a source map leads to the line in the source', async () => {
    await build(false);
    assert.match(runs({ FAIL: '1' }), /as asked\n +at .*two\.ts:5:/);
  });
});
