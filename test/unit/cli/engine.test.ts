/** Whoever asks for the embedded engine does not pay for the native one: its library is in no process of the command. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { examineEngine } from '../../../src/runtime/doctor.ts';
import { installedFolder, nativeMissing } from '../engine/native/support.ts';
import { bundles } from '../trainer/run-helpers.ts';
import { mtl, spec, table } from './run-cli.ts';

const notHere =
  nativeMissing === false && process.platform !== 'linux' ? 'only glibc tells what it loads' : nativeMissing;

/** Runs `mtl` and gives the libraries of TensorFlow that it or a process of its own loaded. */
async function loadedBy(context: TestContext, args: readonly string[]): Promise<string[]> {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-loads-'));
  context.after(() => fs.rmSync(cwd, { recursive: true, force: true }));
  fs.writeFileSync(path.join(cwd, 's.mtl.json'), spec);
  fs.writeFileSync(path.join(cwd, 'table.csv'), table);
  const logs = path.join(cwd, 'logs');
  fs.mkdirSync(logs);
  // The dynamic linker writes one file a process, of everything that is loaded there at any time.
  const env = { MTL_RUNTIME_DIR: installedFolder, LD_DEBUG: 'files', LD_DEBUG_OUTPUT: path.join(logs, 'ld') };
  const { code, stderr } = await mtl(args, { cwd, env });
  assert.equal(code, 0, stderr);
  const text = fs.readdirSync(logs).map((name) => fs.readFileSync(path.join(logs, name), 'utf8'));
  assert.ok(text.join('').includes('file='), 'the linker tells what it loads');
  return text.flatMap((log) => log.match(/(?:libtensorflow|tfjs_binding)[^\s/]*/g) ?? []);
}

const training = ['--set', '/training/epochs=1', '--run-dir', 'run', '--json'];

test('a run on the embedded engine loads nothing native', { skip: notHere }, async (context) => {
  const args = ['train', 's.mtl.json', '--engine', 'wasm', ...training];
  assert.deepEqual(await loadedBy(context, args), []);
  const inSpec = ['train', 's.mtl.json', '--set', '/training/engine="wasm"', ...training];
  assert.deepEqual(await loadedBy(context, inSpec), []);
});

test('a run on the native engine does, which the test would see', { skip: notHere }, async (context) => {
  const args = ['train', 's.mtl.json', '--engine', 'native', ...training];
  assert.ok((await loadedBy(context, args)).some((name) => name.startsWith('libtensorflow_cc')));
});

test('the embedded engine is examined without a look at where the native one would be', async () => {
  const machine = {
    assetsDirectory: bundles,
    get runtimeFolder(): string {
      throw new Error('the native engine is looked at');
    },
    addonFolder: bundles,
  };
  assert.equal((await examineEngine('wasm', machine)).name, 'wasm');
  const native = await examineEngine('native', {
    assetsDirectory: bundles,
    runtimeFolder: path.join(bundles, 'nowhere'),
    addonFolder: bundles,
  });
  assert.deepEqual([native.name, native.available], ['native', false]);
});
