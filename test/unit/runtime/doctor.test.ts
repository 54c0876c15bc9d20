import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { addonHashes, addonVersion } from '../../../src/runtime/addon.ts';
import { doctor, examineEngine, type EngineReport } from '../../../src/runtime/doctor.ts';
import { sha256OfFile } from '../../../src/files/hash.ts';
import { addonMember } from '../../../src/runtime/layout.ts';
import { ownPlatform } from '../../../src/runtime/platforms.ts';
import { productVersion, wasmVersion } from '../../../src/runtime/versions.ts';

const assets = path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist');

const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-doctor-'));
after(() => fs.rmSync(empty, { recursive: true, force: true }));
const places = { runtimeFolder: path.join(empty, 'runtime'), addonFolder: path.resolve('.') };

test('the embedded engine is found and chosen, the native one is explained', async () => {
  const { engines, chosen } = await doctor({ assetsDirectory: assets, ...places });
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
  const plain = await doctor({ assetsDirectory: assets, ...places, webAssembly: { validate: () => false } });
  assert.match(plain.engines[1]?.detail.en ?? '', /without SIMD/);
  assert.equal(plain.chosen, 'wasm');
  assert.equal((await doctor({ assetsDirectory: assets, ...places, webAssembly: null })).chosen, null);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-doctor-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const missing = await doctor({ assetsDirectory: folder, ...places });
  assert.match(missing.engines[1]?.reason?.en ?? '', /missing/);
  fs.writeFileSync(path.join(folder, 'tfjs-backend-wasm-simd.wasm'), 'not wasm');
  const damaged = await doctor({ assetsDirectory: folder, ...places });
  assert.match(damaged.engines[1]?.reason?.en ?? '', /damaged/);
});

test('a machine that the native engine is not built for is told so, and trains on the embedded one', async () => {
  const hardware = { platform: 'linux', arch: 'x64', glibc: null, processorFlags: null };
  const { engines, chosen } = await doctor({ assetsDirectory: assets, ...places, hardware });
  assert.match(engines[0]?.reason?.en ?? '', /GNU C library/);
  assert.equal(chosen, 'wasm');
});

test('it is told whether the addon comes along or is compiled on installation, and what that fetches', async (context) => {
  const addonFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-doctor-'));
  context.after(() => fs.rmSync(addonFolder, { recursive: true, force: true }));
  fs.mkdirSync(path.join(addonFolder, 'native', 'linux-x64'), { recursive: true });
  const ask = async (arch: string): Promise<EngineReport> => {
    const hardware = { platform: 'linux', arch, glibc: '2.31', processorFlags: null };
    return examineEngine('native', { assetsDirectory: assets, ...places, addonFolder, hardware });
  };
  const compiled = await ask('x64');
  assert.equal(compiled.addon, 'compiled-on-install');
  assert.match(compiled.reason?.en ?? '', /fetches it \(274 MB.*compiled on installation.*\(101 MB/);
  assert.match(compiled.reason?.zh ?? '', /274 MB.*在安装时编译.*101 MB/);
  assert.match(
    compiled.reason?.en ?? '',
    /\(274 MB; with --gpu \d\.\d GB\)\. The addon .* with a compiler that is fetched/,
  );
  assert.match(compiled.reason?.zh ?? '', /（274 MB；加 --gpu 为 \d\.\d GB）。Node .*所用的编译器一并下载/);
  const { reason } = await ask('arm64');
  assert.match(
    reason?.en ?? '',
    /\(\d+ MB\)\. The addon .* this system’s C\+\+ compiler or one that is fetched, too \(98 MB/,
  );
  assert.match(reason?.zh ?? '', /（\d+ MB）。Node .*使用本系统的 C\+\+ 编译器.*98 MB/);
  const file = path.join(addonFolder, 'native', 'linux-x64', 'tfjs_binding.node');
  fs.writeFileSync(file, 'another');
  const damaged = await ask('x64');
  assert.equal(damaged.addon, undefined);
  assert.match(damaged.reason?.en ?? '', /is not the addon of this version/);
  const before = { ...addonHashes };
  context.after(() => Object.assign(addonHashes, before));
  Object.assign(addonHashes, { 'linux-x64': sha256OfFile(file) });
  const prebuilt = await ask('x64');
  assert.equal(prebuilt.addon, 'prebuilt');
  assert.match(prebuilt.reason?.en ?? '', /with --gpu [^)]*\)\. Training uses/);
  assert.match(prebuilt.reason?.zh ?? '', /加 --gpu [^）]*）。训练使用/);
  assert.equal((await ask('ia32')).addon, undefined);
});

test('a runtime that does not load is no engine, and the loader’s own words say why', async (context) => {
  const runtimeFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-doctor-'));
  context.after(() => fs.rmSync(runtimeFolder, { recursive: true, force: true }));
  const runtime = path.join(runtimeFolder, 'one');
  for (const name of [...ownPlatform().libraries.map((each) => path.join('deps', 'lib', each)), addonMember]) {
    fs.mkdirSync(path.dirname(path.join(runtime, name)), { recursive: true });
    fs.writeFileSync(path.join(runtime, name), 'no library');
  }
  const addon = sha256OfFile(path.join(runtime, addonMember));
  const manifest = { v: 1, name: 'one', version: '2.21.0', gpu: false, source: 'pip', addon, bytes: 0, installed: '' };
  fs.writeFileSync(path.join(runtime, 'runtime.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(runtimeFolder, 'current.json'), JSON.stringify({ v: 1, name: 'one' }));
  const before = { ...addonHashes };
  context.after(() => Object.assign(addonHashes, before));
  Object.assign(addonHashes, { 'linux-x64': addon });
  const options = { assetsDirectory: assets, runtimeFolder, addonFolder: runtimeFolder };
  const { available, addon: said, reason } = await examineEngine('native', options);
  assert.deepEqual([available, said], [false, 'installed']);
  assert.match(reason?.en ?? '', /cannot be loaded: .*tfjs_binding\.node: file too short\. Remove it/);
  assert.match(reason?.zh ?? '', /^无法加载原生引擎（.*file too short/);
});

test('a runtime that has lost its addon is said to have, and what an installation does about it', async (context) => {
  const runtimeFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-doctor-'));
  context.after(() => fs.rmSync(runtimeFolder, { recursive: true, force: true }));
  const at = path.join(runtimeFolder, 'one', 'deps', 'lib');
  fs.mkdirSync(at, { recursive: true });
  for (const name of ownPlatform().libraries) fs.writeFileSync(path.join(at, name), '');
  const manifest = {
    v: 1,
    name: 'one',
    version: '2.21.0',
    gpu: false,
    source: 'pip',
    addon: '',
    bytes: 0,
    installed: '',
  };
  fs.writeFileSync(path.join(runtimeFolder, 'one', 'runtime.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(runtimeFolder, 'current.json'), JSON.stringify({ v: 1, name: 'one' }));
  const hardware = { platform: 'linux', arch: 'x64', glibc: '2.31', processorFlags: null };
  const options = { assetsDirectory: assets, runtimeFolder, addonFolder: runtimeFolder, hardware };
  const { available, addon, reason } = await examineEngine('native', options);
  assert.deepEqual([available, addon], [false, 'compiled-on-install']);
  assert.match(reason?.en ?? '', /tfjs_binding\.node is missing\. Install it again: "mtl runtime install"/);
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
