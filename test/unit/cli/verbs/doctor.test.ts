// What `mtl doctor` says of the engines that are there and of those that are not, for people and for programs.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { sha256OfFile } from '../../../../src/files/hash.ts';
import { addonHashes } from '../../../../src/runtime/addon.ts';
import { addonMember } from '../../../../src/runtime/layout.ts';
import { ownPlatform, platformFor } from '../../../../src/runtime/platforms.ts';
import { wasmVersion } from '../../../../src/runtime/versions.ts';
import { temporaryFolder } from '../../runs/helpers.ts';
import { within } from '../in-process.ts';

beforeEach(() => setLanguage('en'));

function runtimeFolder(context: TestContext): string {
  const folder = fs.realpathSync(temporaryFolder(context));
  const before = process.env['MTL_RUNTIME_DIR'];
  process.env['MTL_RUNTIME_DIR'] = folder;
  context.after(() => {
    if (before === undefined) delete process.env['MTL_RUNTIME_DIR'];
    else process.env['MTL_RUNTIME_DIR'] = before;
  });
  return folder;
}

/** A runtime that may be loaded; instead of loading it, another program says `answer`. */
function withRuntime(context: TestContext, gpu: boolean, answer: object): string {
  const folder = runtimeFolder(context);
  const at = path.join(folder, 'one');
  for (const name of [...ownPlatform().libraries.map((each) => path.join('deps', 'lib', each)), addonMember]) {
    fs.mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
    fs.writeFileSync(path.join(at, name), 'content');
  }
  const addon = sha256OfFile(path.join(at, addonMember));
  const manifest = { v: 1, name: 'one', version: '2.21.0', gpu, source: 'pip', addon, bytes: 5e6, installed: '' };
  fs.writeFileSync(path.join(at, 'runtime.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(folder, 'current.json'), JSON.stringify({ v: 1, name: 'one' }));
  const [hashes, node] = [{ ...addonHashes }, process.execPath];
  context.after(() => {
    Object.assign(addonHashes, hashes);
    process.execPath = node;
  });
  Object.assign(addonHashes, { [ownPlatform().name]: addon });
  const program = path.join(folder, 'engine');
  fs.writeFileSync(program, `#!${node}\nconsole.log(${JSON.stringify(JSON.stringify(answer))});\n`, { mode: 0o755 });
  process.execPath = program;
  return at;
}

const works = { version: '2.99.1', gpu: false, product: [7, 10, 15, 22] };
const embedded = `wasm: cpu · ${wasmVersion} · embedded, WebAssembly with SIMD`;
const notHere = platformFor(process.platform, process.arch) === undefined ? 'there is no native engine for it' : false;

test('an engine that is not there says why, and training takes the other', async (context) => {
  runtimeFolder(context);
  const { code, out, err } = await within(['doctor']);
  assert.deepEqual([code, err], [0, '']);
  const lines = out.split('\n');
  assert.match(lines[0] ?? '', /^✗ native: \S/);
  assert.deepEqual(lines.slice(1), [`✓ ${embedded}`, 'Training takes: wasm', '']);
  const chinese = (await within(['doctor', '--lang', 'zh'])).out.split('\n');
  assert.match(chinese[0] ?? '', /^✗ native: .*[\u4e00-\u9fff]/u);
  assert.deepEqual(chinese.slice(1), [
    `✓ wasm: cpu · ${wasmVersion} · 内置，WebAssembly（SIMD）`,
    '训练将使用：wasm',
    '',
  ]);
});

test('without any engine: both say why, exit 1', async (context) => {
  runtimeFolder(context);
  const own = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly') ?? {};
  context.after(() => void Object.defineProperty(globalThis, 'WebAssembly', own));
  Object.defineProperty(globalThis, 'WebAssembly', { configurable: true, value: undefined });
  const { code, out } = await within(['doctor']);
  assert.equal(code, 1);
  assert.match(
    out,
    /^✗ native: .*\n✗ wasm: This Node\.js runs without WebAssembly \(--jitless\?\)\. .*\nNo engine can train here\.\n$/,
  );
  const chinese = await within(['doctor', '--lang', 'zh']);
  assert.match(chinese.out, /\n✗ wasm: 当前 Node\.js 未启用 WebAssembly.*\n没有可用于训练的引擎。\n$/);
  const json = await within(['doctor', '--json']);
  assert.equal(json.code, 1);
  assert.equal((JSON.parse(json.out) as { chosen: unknown }).chosen, null);
});

test(
  'where both work training takes the native one; its addon stands in the JSON',
  { skip: notHere },
  async (context) => {
    const at = withRuntime(context, false, works);
    const { code, out } = await within(['doctor']);
    assert.equal(code, 0);
    const lines = out.split('\n');
    // A GPU of this machine may be mentioned in between.
    assert.match(lines[0] ?? '', /^✓ native: cpu · TensorFlow 2\.99\.1 · /);
    assert.ok(lines[0]?.endsWith(`5 MB in ${at}`), lines[0]);
    assert.deepEqual(lines.slice(1), [`✓ ${embedded}`, 'Training takes: native', '']);
    const report = JSON.parse((await within(['doctor', '--json'])).out) as { v: number; engines: { detail: string }[] };
    const [native, wasm] = report.engines;
    const detail = native?.detail ?? '';
    assert.deepEqual(report, {
      v: 1,
      engines: [
        { name: 'native', available: true, device: 'cpu', version: 'TensorFlow 2.99.1', detail, addon: 'installed' },
        wasm,
      ],
      chosen: 'native',
    });
    assert.deepEqual(wasm, {
      ...{ name: 'wasm', available: true, device: 'cpu', version: wasmVersion },
      detail: 'embedded, WebAssembly with SIMD',
    });
  },
);

test(
  'the build for GPUs names its device, or says that it runs on the processor',
  { skip: notHere },
  async (context) => {
    const at = withRuntime(context, true, works);
    const [line = ''] = (await within(['doctor'])).out.split('\n');
    assert.match(line, /^✓ native: cpu · TensorFlow 2\.99\.1 · the GPU build runs on the CPU, because .*; 5 MB in /);
    const [chinese = ''] = (await within(['doctor', '--lang', 'zh'])).out.split('\n');
    assert.match(chinese, /^✓ native: cpu · TensorFlow 2\.99\.1 · GPU 版本正在使用 CPU，原因：.*；/);
    assert.ok(chinese.endsWith(`；${at}，5 MB`), chinese);
    fs.writeFileSync(
      process.execPath,
      fs
        .readFileSync(process.execPath, 'utf8')
        .replace('console.log', "console.error('Created device: 0, name: Some GPU, pci'); console.log")
        .replaceAll('false', 'true'),
    );
    assert.equal(
      (await within(['doctor'])).out.split('\n')[0],
      `✓ native: Some GPU · TensorFlow 2.99.1 · 5 MB in ${at}`,
    );
  },
);

test('for programs why an engine is not there is its reason', async (context) => {
  runtimeFolder(context);
  const { engines } = JSON.parse((await within(['doctor', '--json'])).out) as {
    engines: readonly Readonly<Record<string, unknown>>[];
  };
  const { reason, addon: _, ...native } = engines[0] ?? {};
  assert.deepEqual(native, { name: 'native', available: false, device: '', version: '', detail: '' });
  assert.match(String(reason), /\S/);
  assert.equal('reason' in (engines[1] ?? {}), false);
  assert.equal('addon' in (engines[1] ?? {}), false);
});
