import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { addonVersion } from '../../../src/runtime/addon.ts';
import { doctor } from '../../../src/runtime/doctor.ts';
import { productVersion, wasmVersion } from '../../../src/runtime/versions.ts';

const assets = path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist');

const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-doctor-'));
after(() => fs.rmSync(empty, { recursive: true, force: true }));
const runtimeFolder = path.join(empty, 'runtime');

test('the embedded engine is found and chosen, the native one is explained', async () => {
  const { engines, chosen } = await doctor({ assetsDirectory: assets, runtimeFolder });
  assert.equal(chosen, 'wasm');
  assert.deepEqual(
    engines.map(({ name, available }) => [name, available]),
    [
      ['native', false],
      ['wasm', true],
    ],
  );
  assert.match(engines[0]?.reason?.en ?? '', /mtl runtime install|built for Linux/);
  // Node 20 and newer know SIMD on every processor that tfjs is built for.
  assert.match(engines[1]?.detail.en ?? '', /with SIMD/);
});

test('without SIMD the plain file is asked for; without WebAssembly, files or sound files it says why', async (context) => {
  const plain = await doctor({ assetsDirectory: assets, runtimeFolder, webAssembly: { validate: () => false } });
  assert.match(plain.engines[1]?.detail.en ?? '', /without SIMD/);
  assert.equal(plain.chosen, 'wasm');
  assert.equal((await doctor({ assetsDirectory: assets, runtimeFolder, webAssembly: null })).chosen, null);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-doctor-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const missing = await doctor({ assetsDirectory: folder, runtimeFolder });
  assert.match(missing.engines[1]?.reason?.en ?? '', /missing/);
  fs.writeFileSync(path.join(folder, 'tfjs-backend-wasm-simd.wasm'), 'not wasm');
  const damaged = await doctor({ assetsDirectory: folder, runtimeFolder });
  assert.match(damaged.engines[1]?.reason?.en ?? '', /damaged/);
});

test('a machine that the native engine is not built for is told so, and trains on the embedded one', async () => {
  const hardware = { platform: 'linux', arch: 'x64', glibc: null, processorFlags: null };
  const { engines, chosen } = await doctor({ assetsDirectory: assets, runtimeFolder, hardware });
  assert.match(engines[0]?.reason?.en ?? '', /GNU C library/);
  assert.equal(chosen, 'wasm');
});

test('the versions written in the code are those of package.json', () => {
  const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as {
    version: string;
    devDependencies: Record<string, string>;
  };
  assert.equal(productVersion, manifest.version);
  assert.equal(addonVersion, manifest.devDependencies['@tensorflow/tfjs-node-gpu']);
  assert.equal(wasmVersion, manifest.devDependencies['@tensorflow/tfjs-backend-wasm']);
});
