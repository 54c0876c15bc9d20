/** Where a spec's files may lie, and what `--root` and `--memory` say. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { Arguments } from '../../../src/cli/arguments.ts';
import { CliError } from '../../../src/cli/error.ts';
import {
  assetsFolder,
  existingFolder,
  memoryOf,
  nativeFolder,
  placeOf,
  programFile,
  programFolder,
} from '../../../src/cli/places.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const asked = (values: Readonly<Record<string, unknown>>): Arguments =>
  new Arguments([], new Map(Object.entries(values)));

function folderIn(context: TestContext): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-places-')));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('from source the bundles lie in dist, the engine in its package, the addon in the working tree', () => {
  assert.equal(programFolder(), path.join(root, 'dist'));
  assert.equal(nativeFolder(), root);
  assert.ok(fs.readdirSync(assetsFolder()).includes('tfjs-backend-wasm.wasm'));
});

test('a bundle that is missing is named, with what to do', () => {
  assert.throws(
    () => programFile('none.cjs'),
    (error) =>
      error instanceof CliError &&
      error.text.en ===
        'none.cjs is missing beside the program. Install the extension again, or run "npm run build".' &&
      error.text.zh.startsWith('程序旁缺少 none.cjs。'),
  );
});

test('memory: in bytes where it is asked for', () => {
  assert.deepEqual(memoryOf(asked({})), {});
  assert.deepEqual(memoryOf(asked({ memory: '2GB' })), { memory: 2 * 2 ** 30 });
  assert.throws(() => memoryOf(asked({ memory: '2' })), CliError);
});

test('the root: what is named, else the nearest folder with .git, else the folder of the file', (context) => {
  const top = folderIn(context);
  const inner = path.join(top, 'a', 'b');
  fs.mkdirSync(inner, { recursive: true });
  const file = path.join(inner, 's.mtl.json');
  assert.deepEqual(placeOf(asked({}), file), { root: inner, allowOutside: false });
  fs.mkdirSync(path.join(top, '.git'));
  assert.deepEqual(placeOf(asked({}), file), { root: top, allowOutside: false });
  assert.deepEqual(placeOf(asked({ root: path.join(top, 'a'), 'allow-outside': true }), file), {
    root: path.join(top, 'a'),
    allowOutside: true,
  });
});

test('a root that is no folder is refused', (context) => {
  const top = folderIn(context);
  const file = path.join(top, 'file');
  fs.writeFileSync(file, '');
  assert.equal(existingFolder(`${top}${path.sep}.`), top);
  for (const name of [file, path.join(top, 'none')]) {
    assert.throws(
      () => existingFolder(name),
      (error) =>
        error instanceof CliError && error.exitCode === 2 && error.text.en === `--root "${name}" is not a folder.`,
    );
  }
});
