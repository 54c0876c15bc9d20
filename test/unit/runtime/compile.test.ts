/** The addon compiled here, with made-up compilers that fail; for real it is compile-native.test.ts. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { addonSource, sourceHash, sourceHashOf } from '../../../src/runtime/addon.ts';
import {
  checkSource,
  compileAddon,
  compileArguments,
  compilerWheel,
  systemCompiler,
  unpackCompiler,
} from '../../../src/runtime/compile.ts';
import type { InstallPort } from '../../../src/runtime/install.ts';
import { chooseWay, placeAddon, spaceOf } from '../../../src/runtime/place.ts';
import { ownPlatform, platforms } from '../../../src/runtime/platforms.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const source = addonSource(root);
const platform = ownPlatform();

function folderFor(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-compile-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function port(folder: string, more: Partial<InstallPort> = {}): InstallPort {
  fs.mkdirSync(path.join(folder, 'runtime'), { recursive: true });
  return { folder: path.join(folder, 'runtime'), assets: root, progress: () => undefined, ...more };
}

function program(folder: string, name: string, body: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, `#!${process.execPath}\n${body}`, { mode: 0o755 });
  return file;
}

/** Runs with another PATH. */
async function onPathOf<T>(folders: string, work: () => Promise<T>): Promise<T> {
  const { PATH: before, CXX: compiler } = process.env;
  process.env['PATH'] = folders;
  delete process.env['CXX'];
  try {
    return await work();
  } finally {
    process.env['PATH'] = before;
    if (compiler !== undefined) process.env['CXX'] = compiler;
  }
}

async function refusal(action: Promise<unknown>): Promise<RuntimeError> {
  const error = await action.then(
    () => assert.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RuntimeError, String(error));
  assert.ok(error.text.zh.length > 10);
  return error;
}

test('the source is the published one, and another is not compiled', (context) => {
  assert.equal(sourceHashOf(source), sourceHash);
  checkSource(source);
  const folder = folderFor(context);
  fs.cpSync(path.join(source.root, 'binding'), path.join(folder, 'binding'), { recursive: true });
  const copy = { ...source, root: folder };
  checkSource(copy);
  fs.appendFileSync(path.join(folder, 'binding', 'utils.h'), '\n');
  assert.throws(() => checkSource(copy), /not the published one/);
  assert.throws(() => checkSource({ ...source, root: path.join(folder, 'nowhere') }), /missing/);
});

test('sources go in by relative names; each platform finds its libraries from the addon’s place', () => {
  for (const each of platforms) {
    const pinned = { command: 'zig', first: ['c++'], version: '', pinned: true };
    const args = compileArguments(pinned, each, source, '/runtime/deps/lib', '/out');
    assert.ok(args.includes('binding/tfjs_backend.cc') && args.includes(each.target));
    const wanted = each.name.startsWith('darwin') ? '@loader_path' : '$ORIGIN';
    assert.ok(args.includes(`-Wl,-rpath,${wanted}/../../deps/lib`));
    assert.ok(args.includes(path.join('/runtime/deps/lib', each.libraries[0])));
  }
});

test('a compiler that fails is quoted; one that is none is refused', async (context) => {
  const folder = folderFor(context);
  const old = program(
    folder,
    'c++',
    `if (process.argv[2] === '--version') { console.log('old 1.0'); process.exit(0); }
     console.error("cc1plus: error: unrecognized command line option '-std=c++17'"); process.exit(1);`,
  );
  const compiler = await systemCompiler(old, folder);
  assert.equal(compiler?.version, 'old 1.0');
  const options = { platform, source, libraries: folder, output: path.join(folder, 'out.node'), scratch: folder };
  const failed = await refusal(compileAddon(compiler, options));
  assert.equal(failed.code, 'compiler');
  assert.match(failed.message, /old 1\.0.*C\+\+17.*--compiler pinned[^]*-std=c\+\+17/);
  assert.match((await refusal(systemCompiler(path.join(folder, 'none'), folder))).message, /no C\+\+ compiler/);
  assert.equal(await onPathOf(folder, async () => (await systemCompiler(undefined, folder))?.command), old);
});

test('without an addon, a compiler and Python, each way out is named before anything is fetched', async (context) => {
  const folder = folderFor(context);
  await onPathOf(folder, async () => {
    const way = await chooseWay(port(folder), platform, { compile: true });
    assert.ok(way.kind === 'compile' && way.compiler === null);
    assert.ok(spaceOf(way, platform) > 5e8);
    const error = await refusal(placeAddon(way, path.join(folder, 'x'), platform, port(folder), {}));
    assert.equal(error.code, 'compiler');
    assert.match(error.message, /g\+\+.*xcode-select --install.*pip.*ziglang-0\.17\.0.*--from/);
  });
  assert.deepEqual(fs.readdirSync(path.join(folder, 'runtime')), []);
});

test('the addon of the extension is taken where it has one, and never another with its name', async (context) => {
  const linux = platforms.find(({ name }) => name === 'linux-x64');
  const arm = platforms.find(({ name }) => name === 'linux-arm64');
  assert.ok(linux && arm);
  const folder = folderFor(context);
  assert.equal((await chooseWay(port(folder), linux, {})).kind, 'copy');
  assert.equal((await chooseWay(port(folder), linux, { compiler: 'pinned' })).kind, 'compile');
  assert.equal((await chooseWay(port(folder), arm, {})).kind, 'compile');
  const file = path.join(folder, 'native/linux-x64/tfjs_binding.node');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, 'another');
  const error = await refusal(chooseWay(port(folder, { assets: folder }), linux, {}));
  assert.equal(error.code, 'addon');
});

test('of the compiler’s wheel everything that is its own is unpacked, and the compiler can be run', async (context) => {
  const folder = folderFor(context);
  const body = `#!${process.execPath}\nconsole.log('made up');`;
  const file = path.join(folder, 'made.whl');
  fs.writeFileSync(
    file,
    zipSync({ 'ziglang/zig': strToU8(body), 'ziglang/lib/a.h': strToU8('a'), 'other/x': strToU8('') }),
  );
  const wheel = { ...compilerWheel(platform), version: '9.9' };
  const compiler = await unpackCompiler(file, wheel, folder);
  assert.deepEqual(
    [compiler.command, compiler.first, compiler.pinned],
    [path.join(folder, 'ziglang/zig'), ['c++'], true],
  );
  assert.match(compiler.version, /9\.9/);
  assert.equal(fs.statSync(compiler.command).mode & 0o777, 0o755);
  assert.equal(fs.readFileSync(path.join(folder, 'ziglang/lib/a.h'), 'utf8'), 'a');
  assert.ok(!fs.existsSync(path.join(folder, 'other')));
});
