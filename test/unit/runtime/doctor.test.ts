import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { doctor } from '../../../src/runtime/doctor.ts';
import { productVersion, wasmVersion } from '../../../src/runtime/versions.ts';

const assets = path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist');

test('the embedded engine is found and chosen, the native one is explained', () => {
  const { engines, chosen } = doctor({ assetsDirectory: assets });
  assert.equal(chosen, 'wasm');
  assert.deepEqual(
    engines.map(({ name, available }) => [name, available]),
    [
      ['native', false],
      ['wasm', true],
    ],
  );
  assert.ok(engines[0]?.reason);
  // Node 20 and newer know SIMD on every processor that tfjs is built for.
  assert.match(engines[1]?.detail.en ?? '', /with SIMD/);
});

test('without SIMD the plain file is asked for; without WebAssembly, files or sound files it says why', (context) => {
  const plain = doctor({ assetsDirectory: assets, webAssembly: { validate: () => false } });
  assert.match(plain.engines[1]?.detail.en ?? '', /without SIMD/);
  assert.equal(plain.chosen, 'wasm');
  assert.equal(doctor({ assetsDirectory: assets, webAssembly: null }).chosen, null);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-doctor-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const missing = doctor({ assetsDirectory: folder });
  assert.match(missing.engines[1]?.reason?.en ?? '', /missing/);
  fs.writeFileSync(path.join(folder, 'tfjs-backend-wasm-simd.wasm'), 'not wasm');
  assert.match(doctor({ assetsDirectory: folder }).engines[1]?.reason?.en ?? '', /damaged/);
});

test('the versions written in the code are those of package.json', () => {
  const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as {
    version: string;
    devDependencies: Record<string, string>;
  };
  assert.equal(productVersion, manifest.version);
  assert.equal(wasmVersion, manifest.devDependencies['@tensorflow/tfjs-backend-wasm']);
});
