/** Which runtimes there are, which one is used, what their manifests must say, and taking them away. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { sourceHash } from '../../../src/runtime/addon.ts';
import {
  clearLeftovers,
  currentRuntime,
  listRuntimes,
  removeRuntimes,
  trustedAddon,
  type Runtime,
} from '../../../src/runtime/installed.ts';
import { platforms } from '../../../src/runtime/platforms.ts';
import { readCurrent, readManifest, writeJson, type Manifest } from '../../../src/runtime/manifest.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';

const manifestOf = (name: string): Manifest => ({
  v: 1,
  name,
  version: '2.21.0',
  gpu: true,
  source: 'pip',
  addon: 'aa',
  bytes: 5,
  installed: 'then',
  hashes: { 'a.whl': 'bb' },
  device: 'Some GPU',
  files: { 'deps/lib/x.so': { bytes: 1, sha256: 'cc' } },
  built: { compiler: 'c++ 1', source: 'dd' },
});

function folderWith(context: TestContext, ...names: string[]): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-installed-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const name of names) {
    fs.mkdirSync(path.join(folder, name));
    writeJson(path.join(folder, name, 'runtime.json'), manifestOf(name));
  }
  return folder;
}

const use = (folder: string, name: unknown): void => writeJson(path.join(folder, 'current.json'), { v: 1, name });

test('runtimes are listed by name; the one in use is marked; what is none is none', (context) => {
  const folder = folderWith(context, 'b-2', 'a-1', 'c-3');
  fs.renameSync(path.join(folder, 'c-3'), path.join(folder, 'd-4'));
  fs.mkdirSync(path.join(folder, 'Upper'));
  fs.writeFileSync(path.join(folder, 'file'), '');
  const listed = (): unknown => listRuntimes(folder).map(({ manifest, current }) => [manifest.name, current]);
  assert.deepEqual(listed(), [['a-1', false], ['b-2', false]]); // prettier-ignore
  assert.equal(currentRuntime(folder), null);
  use(folder, 'b-2');
  assert.deepEqual(listed(), [['a-1', false], ['b-2', true]]); // prettier-ignore
  const manifest = manifestOf('b-2');
  assert.deepEqual(currentRuntime(folder), { folder: path.join(folder, 'b-2'), manifest, current: true });
  assert.deepEqual(listRuntimes(path.join(folder, 'none')), []);
  for (const name of ['../b-2', '', 5, 'B']) {
    use(folder, name);
    assert.equal(readCurrent(folder), null, String(name));
  }
});

test('one runtime goes alone; with the one in use goes its mark; all go with what was fetched', async (context) => {
  const folder = folderWith(context, 'a-1', 'b-2', 'c-3');
  fs.mkdirSync(path.join(folder, 'downloads'));
  fs.mkdirSync(path.join(folder, 'staging-1'));
  use(folder, 'b-2');
  const left = (): string[] => fs.readdirSync(folder).toSorted();
  assert.deepEqual(await removeRuntimes(folder, 'a-1'), ['a-1']);
  assert.deepEqual(left(), ['b-2', 'c-3', 'current.json', 'downloads']);
  await assert.rejects(removeRuntimes(folder, 'a-1'), (error: unknown) => {
    assert.ok(error instanceof RuntimeError && error.code === 'source');
    assert.equal(error.message, 'No runtime named "a-1" is installed (b-2, c-3).');
    assert.equal(error.text.zh, '未安装名为“a-1”的运行时（b-2, c-3）。');
    return true;
  }); // prettier-ignore
  assert.deepEqual(await removeRuntimes(folder), ['b-2', 'c-3']);
  assert.deepEqual(left(), []);
  await assert.rejects(removeRuntimes(folder, 'a-1'), /\(there is none\)/);
  assert.deepEqual(await removeRuntimes(folder), []);
});

test('what a killed installation left goes, and nothing else', (context) => {
  const folder = folderWith(context, 'a-1');
  for (const name of ['staging-1', 'staging-2-old', 'downloads']) fs.mkdirSync(path.join(folder, name, 'x'), { recursive: true }); // prettier-ignore
  clearLeftovers(folder);
  assert.deepEqual(fs.readdirSync(folder).toSorted(), ['a-1', 'downloads']);
});

test('a manifest is read back whole; one that lacks what must be there is none', (context) => {
  const folder = path.join(folderWith(context, 'a-1'), 'a-1');
  const manifest = manifestOf('a-1');
  const readWith = (other: object): Manifest | null => {
    writeJson(path.join(folder, 'runtime.json'), { ...manifest, ...other });
    return readManifest(folder);
  };
  assert.deepEqual(readWith({}), manifest);
  for (const part of ['v', 'name', 'version', 'source', 'addon', 'installed', 'gpu', 'bytes']) {
    assert.equal(readWith({ [part]: null }), null, part);
  }
  for (const name of ['A', '', '../x', `a${'b'.repeat(81)}`]) assert.equal(readWith({ name }), null, name);
  assert.equal(readWith({ name: `a${'b'.repeat(80)}` })?.name.length, 81);
  const without = (part: keyof Manifest): object => Object.fromEntries(Object.entries(manifest).filter(([key]) => key !== part)); // prettier-ignore
  for (const part of ['device', 'files', 'built'] as const) {
    assert.deepEqual(readWith({ [part]: 5 }), without(part), part);
  }
  assert.deepEqual(readWith({ built: { compiler: 'c++' } }), without('built'));
  assert.deepEqual(readWith({ built: { source: 'x' } }), without('built'));
  assert.deepEqual(readWith({ hashes: { a: 'x', b: 1 } })?.hashes, { a: 'x' });
  assert.deepEqual(readWith({ hashes: null })?.hashes, {});
  fs.writeFileSync(path.join(folder, 'runtime.json'), '{');
  assert.equal(readManifest(folder), null);
  fs.writeFileSync(path.join(folder, 'runtime.json'), '5');
  assert.equal(readManifest(folder), null);
});

test('an addon is trusted when it is whole, and what this version brings or was compiled here from its source', (context) => {
  const folder = folderWith(context, 'a-1');
  const at = path.join(folder, 'a-1');
  const [platform] = platforms;
  assert.ok(platform !== undefined);
  const write = (name: string, content: string): void => {
    fs.mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
    fs.writeFileSync(path.join(at, name), content);
  };
  const runtime = (more: Partial<Manifest> = {}): Runtime => {
    const { files: _, ...manifest } = manifestOf('a-1');
    return { folder: at, manifest: { ...manifest, ...more }, current: true };
  };
  const whole = (missing: string): object => ({
    code: 'load',
    message: `The native engine in ${at} is not whole: ${missing} is missing. Install it again: "mtl runtime install".`,
    text: {
      en: `The native engine in ${at} is not whole: ${missing} is missing. Install it again: "mtl runtime install".`,
      zh: `${at} 中的原生引擎不完整：缺少 ${missing}。请重新安装：“mtl runtime install”。`,
    },
  });
  const [one, two] = platform.libraries;
  assert.throws(() => trustedAddon(runtime(), platform), whole(one));
  write(`deps/lib/${one}`, 'x');
  assert.throws(() => trustedAddon(runtime(), platform), whole(two));
  write(`deps/lib/${two}`, 'y');
  assert.throws(() => trustedAddon(runtime(), platform), whole('tfjs_binding.node'));
  write('lib/napi-v8/tfjs_binding.node', 'addon');
  const addon = path.join(at, 'lib', 'napi-v8', 'tfjs_binding.node');
  const own = createHash('sha256').update('addon').digest('hex');
  const compiled = { compiler: 'c++', source: sourceHash };
  assert.equal(trustedAddon(runtime({ addon: own, built: compiled }), platform), addon);
  const strange: readonly Partial<Manifest>[] = [
    {},
    { addon: own },
    { addon: own, built: { ...compiled, source: 'other' } },
    { addon: 'other', built: compiled },
  ];
  for (const more of strange)
    assert.throws(() => trustedAddon(runtime(more), platform), {
      code: 'addon',
      message: `${addon} is not the addon of this version and is not loaded. Bring it up to date: "mtl runtime install".`,
    });
});
