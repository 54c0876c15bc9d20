/** The addon compiled here, with made-up compilers that fail; for real it is compile-native.test.ts. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { addonHashes, addonSource, sourceHash, sourceHashOf } from '../../../src/runtime/addon.ts';
import {
  checkSource,
  compileAddon,
  compileArguments,
  compilerWheel,
  systemCompiler,
  unpackCompiler,
} from '../../../src/runtime/compile.ts';
import type { InstallPort, InstallRequest } from '../../../src/runtime/install.ts';
import type { Manifest } from '../../../src/runtime/manifest.ts';
import { chooseWay, placeAddon, refreshAddon, spaceOf, type PlaceJob } from '../../../src/runtime/place.ts';
import { ownPlatform, platforms } from '../../../src/runtime/platforms.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const source = addonSource(root);
const platform = ownPlatform();
const [linuxX64] = platforms.filter(({ name }) => name === 'linux-x64') as [(typeof platforms)[number]];

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
    if (compiler === undefined) delete process.env['CXX'];
    else process.env['CXX'] = compiler;
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
    const [headers, libraries] = ['/runtime/include', '/runtime/deps/lib'];
    const args = compileArguments(pinned, { platform: each, source, headers, libraries, output: '/out' });
    assert.deepEqual(args.slice(args.indexOf('-I'), args.indexOf('-I') + 4), ['-I', source.napi, '-I', headers]);
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
  const output = path.join(folder, 'out.node');
  const options = { platform, source, headers: folder, libraries: folder, output, scratch: folder };
  const failed = await refusal(compileAddon(compiler, options));
  assert.equal(failed.code, 'compiler');
  assert.match(failed.message, /old 1\.0.*C\+\+17.*--compiler pinned[^]*-std=c\+\+17/);
  assert.match((await refusal(systemCompiler(path.join(folder, 'none'), folder))).message, /no C\+\+ compiler/);
  assert.equal(await onPathOf(folder, async () => (await systemCompiler(undefined, folder))?.command), old);
});

test('the compiler that CXX names is taken before those on the PATH, if it is named by its whole path', async (context) => {
  const folder = folderFor(context);
  const body = "console.log('one 1.0')";
  const [meant, other] = [program(folder, 'meant', body), program(folder, 'c++', body)];
  const chosen = (cxx: string): Promise<string | undefined> =>
    onPathOf(folder, async () => {
      process.env['CXX'] = cxx;
      return (await systemCompiler(undefined, folder))?.command;
    });
  assert.equal(await chosen(meant), meant);
  assert.equal(await chosen('meant'), other);
});

test('without an addon, a compiler and Python, each way out is named before anything is fetched', async (context) => {
  const folder = folderFor(context);
  await onPathOf(folder, async () => {
    const way = await chooseWay(port(folder), platform, { compile: true });
    assert.ok(way.kind === 'compile' && way.compiler === null);
    assert.ok(spaceOf(way, platform) > 5e8);
    const headers = { folder, published: true };
    const job = { way, platform, port: port(folder), request: {} };
    assert.match((await refusal(placeAddon(path.join(folder, 'x'), null, job))).message, /without their headers/);
    const error = await refusal(placeAddon(path.join(folder, 'x'), headers, job));
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
  const file = path.join(folder, 'native/linux-x64/tfjs_binding.node');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  laySource(folder);
  fs.writeFileSync(file, 'another');
  const where = port(folder, { assets: folder });
  const error = await refusal(chooseWay(where, linux, {}));
  assert.equal(error.code, 'addon');
  assert.equal((await chooseWay(where, arm, {})).kind, 'compile');
  pin(context, 'linux-x64', 'another');
  assert.deepEqual(await chooseWay(where, linux, {}), { kind: 'copy', file, hash: addonHashes['linux-x64'] });
  assert.equal((await chooseWay(where, linux, { compiler: 'pinned' })).kind, 'compile');
  fs.rmSync(file);
  assert.equal((await chooseWay(where, linux, {})).kind, 'compile');
});

/** As the extension brings the source, with no addon. */
function laySource(assets: string): void {
  const target = path.join(assets, 'native/source');
  fs.cpSync(path.join(source.root, 'binding'), path.join(target, 'binding'), { recursive: true });
  fs.cpSync(source.napi, path.join(target, 'napi'), { recursive: true });
}

/** For the length of a test another addon is the one of this version. */
function pin(context: TestContext, name: keyof typeof addonHashes, content: string): void {
  const before = { ...addonHashes };
  Object.assign(addonHashes, { [name]: createHash('sha256').update(content).digest('hex') });
  context.after(() => Object.assign(addonHashes, before));
}

test('where it is known what must come out, the compiler that makes it goes first, as long as it can be had', async (context) => {
  const folder = folderFor(context);
  const [linux, arm] = ['linux-x64', 'linux-arm64'].map((name) => platforms.find((each) => each.name === name));
  assert.ok(linux && arm);
  const compiler = program(folder, 'c++', `console.log('of the system');`);
  // Without an addon that may be built in the working tree.
  laySource(path.join(folder, 'assets'));
  const of = async (at: typeof platform, request: InstallRequest = {}): Promise<string> => {
    const way = await onPathOf(folder, () =>
      chooseWay(port(folder, { assets: path.join(folder, 'assets') }), at, request),
    );
    assert.ok(way.kind === 'compile');
    return way.compiler?.command ?? 'fetched';
  };
  assert.equal(await of(linux), compiler, 'without Python');
  program(folder, 'python3', `console.error('No module named pip'); process.exit(1);`);
  assert.equal(await of(linux), compiler, 'without pip');
  program(folder, 'python3', `console.log('pip 23.2.1 from somewhere (python 3.11)');`);
  assert.equal(await of(linux), 'fetched');
  assert.equal(await of(arm), compiler, 'no bytes are known: the system’s is as good');
  assert.equal(await of(linux, { compile: true }), compiler);
  assert.equal(await of(linux, { compiler }), compiler);
  // With --from nothing is fetched that need not be; a wheel that lies there is.
  const wheels = path.join(folder, 'wheels');
  fs.mkdirSync(wheels);
  assert.equal(await of(linux, { from: wheels }), compiler);
  fs.writeFileSync(path.join(wheels, compilerWheel(linux).file), '');
  assert.equal(await of(linux, { from: wheels }), 'fetched');
  assert.equal(await of(linux, { from: path.join(wheels, 'tensorflow.whl') }), 'fetched');
  fs.rmSync(compiler);
  assert.equal(await of(linux, { from: folder }), 'fetched', 'there is no other');
});

/** A compiler's wheel whose compiler writes these bytes, beside which nothing is fetched; and what is placed with it. */
function compiling(context: TestContext, folder: string, writes: string, more: Partial<InstallPort> = {}): PlaceJob {
  const wheel = compilerWheel(linuxX64);
  const before = { ...wheel };
  // Node itself hands the place for coverage on.
  const said = `${writes}\nrequire('fs').appendFileSync(${JSON.stringify(path.join(folder, 'env'))}, Object.keys(process.env).filter((name) => name !== 'NODE_V8_COVERAGE').sort().join());`;
  const bytes = zipSync({ 'ziglang/zig': strToU8(`#!${process.execPath}\n${said}`) });
  const wheels = path.join(folder, 'wheels');
  fs.mkdirSync(wheels, { recursive: true });
  fs.writeFileSync(path.join(wheels, wheel.file), bytes);
  Object.assign(wheel, { sha256: createHash('sha256').update(bytes).digest('hex') });
  context.after(() => Object.assign(wheel, before));
  const way = { kind: 'compile', source, compiler: null } as const;
  return { way, platform: linuxX64, port: port(folder, more), request: { from: wheels } };
}

const writing = (text: string): string =>
  `const { argv } = process; require('fs').writeFileSync(argv[argv.indexOf('-o') + 1], ${JSON.stringify(text)});`;

test('only the bytes that must come out are put into a runtime; nothing of this machine reaches the compiler', async (context) => {
  const folder = folderFor(context);
  const headers = { folder, published: true };
  const runtime = path.join(folder, 'one');
  const place = path.join(runtime, 'lib/napi-v8/tfjs_binding.node');
  const job = compiling(context, folder, writing('made here'));
  const error = await refusal(placeAddon(runtime, headers, job));
  assert.equal(error.code, 'compiler');
  const found = createHash('sha256').update('made here').digest('hex');
  for (const part of [found, addonHashes['linux-x64'] ?? '', sourceHash, '--compiler FILE'])
    assert.ok(error.message.includes(part) && error.text.zh.includes(part), part);
  assert.ok(!fs.existsSync(runtime));
  assert.deepEqual(fs.readdirSync(job.port.folder), [], 'the compiler is deleted');
  assert.match(
    fs.readFileSync(path.join(folder, 'env'), 'utf8'),
    /^PATH,TMPDIR,ZIG_GLOBAL_CACHE_DIR,ZIG_LOCAL_CACHE_DIR$/,
  );
  pin(context, 'linux-x64', 'made here');
  const placed = await placeAddon(runtime, headers, job);
  assert.deepEqual(placed, { addon: found, built: { compiler: `zig c++ ${compilerWheel(linuxX64).version}`, source: sourceHash } }); // prettier-ignore
  assert.equal(fs.readFileSync(place, 'utf8'), 'made here');
  // Of another TensorFlow's headers nobody knows what must come out: what did is written down.
  const other = compiling(context, folder, writing('of other headers'));
  const noted = await placeAddon(runtime, { folder, published: false }, other);
  assert.equal(noted.addon, createHash('sha256').update('of other headers').digest('hex'));
});

test('canceled while it compiles, or with a full disk, nothing is left and it is said', async (context) => {
  const folder = folderFor(context);
  const headers = { folder, published: true };
  const runtime = path.join(folder, 'one');
  const stop = new AbortController();
  const progress: InstallPort['progress'] = (phase) => {
    if (phase === 'compile') setTimeout(() => stop.abort(), 50);
  };
  const waiting = compiling(context, folder, 'setInterval(() => {}, 1000);', { progress, signal: stop.signal });
  assert.equal((await refusal(placeAddon(runtime, headers, waiting))).code, 'cancelled');
  assert.deepEqual([fs.readdirSync(waiting.port.folder), fs.existsSync(runtime)], [[], false]);
  const full = compiling(context, folder, `console.error('error: NoSpaceLeft'); process.exit(1);`);
  const error = await refusal(placeAddon(runtime, headers, full));
  assert.equal(error.code, 'space');
  assert.match(error.message, /became full.*MTL_RUNTIME_DIR/);
  assert.deepEqual([fs.readdirSync(full.port.folder), fs.existsSync(runtime)], [[], false]);
});

test('where the compiler cannot be fetched, the other way out is named', async (context) => {
  const folder = folderFor(context);
  const python = program(
    folder,
    'python3',
    `if (process.argv.includes('--version')) console.log('pip 23.2.1 from somewhere');
     else { console.error('NewConnectionError: Name or service not known'); process.exit(1); }`,
  );
  const way = { kind: 'compile', source, compiler: null } as const;
  const job: PlaceJob = { way, platform: linuxX64, port: port(folder), request: { python } };
  const error = await refusal(placeAddon(path.join(folder, 'one'), { folder, published: true }, job));
  assert.equal(error.code, 'offline');
  assert.match(error.message, /ziglang-[^]*compiler of the addon.*--compiler FILE/);
  assert.match(error.text.zh, /--compiler FILE/);
  assert.deepEqual(
    fs.readdirSync(job.port.folder).filter((name) => name !== 'downloads'),
    [],
  );
});

test('a compiler that was fetched is unpacked, told of, and spent once the addon is there', async (context) => {
  const folder = folderFor(context);
  const told: unknown[] = [];
  const progress: InstallPort['progress'] = (...words) => told.push(words);
  const { request: beside, ...rest } = compiling(context, folder, writing('made here'), { progress });
  pin(context, 'linux-x64', 'made here');
  const wheel = compilerWheel(linuxX64);
  const downloads = path.join(rest.port.folder, 'downloads');
  fs.mkdirSync(downloads);
  fs.copyFileSync(path.join(beside.from ?? '', wheel.file), path.join(downloads, wheel.file));
  const python = program(folder, 'python3', `console.log('pip 23.2.1 from somewhere');`);
  await placeAddon(path.join(folder, 'one'), { folder, published: true }, { ...rest, request: { python } });
  assert.deepEqual(told, [
    ['download', 0, wheel.bytes, wheel.file],
    ['unpack', 0, 1, wheel.file],
    ['compile', 0, 1, `zig c++ ${wheel.version}`],
  ]);
  assert.deepEqual([fs.readdirSync(rest.port.folder), fs.readdirSync(downloads)], [['downloads'], []]);
});

test('a compiler beside the wheels that are named is the published one, or is not run', async (context) => {
  const folder = folderFor(context);
  const job = compiling(context, folder, writing('made here'));
  const own = path.join(job.request.from ?? '', compilerWheel(linuxX64).file);
  fs.writeFileSync(own, zipSync({ 'ziglang/zig': strToU8(`#!${process.execPath}\n${writing('another')}`) }));
  const error = await refusal(placeAddon(path.join(folder, 'one'), { folder, published: false }, job));
  assert.deepEqual([error.code, error.message.startsWith(`${own} is not the published file`)], ['hash', true]);
  assert.deepEqual([fs.readdirSync(job.port.folder), fs.existsSync(path.join(folder, 'one'))], [[], false]);
  assert.ok(fs.existsSync(own), 'the person’s file stays');
});

test('without headers nothing is compiled; where an addon comes along none are needed', async (context) => {
  const folder = folderFor(context);
  const job = compiling(context, folder, writing('made here'));
  const runtime = path.join(folder, 'one');
  assert.equal((await refusal(placeAddon(runtime, null, job))).code, 'source');
  const file = path.join(folder, 'brought.node');
  fs.writeFileSync(file, 'brought', { mode: 0o600 });
  const copying: PlaceJob = { ...job, way: { kind: 'copy', file, hash: 'its hash' } };
  assert.deepEqual(await placeAddon(runtime, null, copying), { addon: 'its hash' });
  const place = path.join(runtime, 'lib/napi-v8/tfjs_binding.node');
  assert.equal(fs.readFileSync(place, 'utf8'), 'brought');
  assert.equal(fs.statSync(place).mode & 0o777, 0o755);
  // The same bytes are left where they are: a process may have them loaded.
  const { ino } = fs.statSync(place);
  await placeAddon(runtime, null, copying);
  assert.equal(fs.statSync(place).ino, ino);
  fs.writeFileSync(file, 'newer');
  await placeAddon(runtime, null, copying);
  assert.equal(fs.readFileSync(place, 'utf8'), 'newer');
  assert.deepEqual(fs.readdirSync(path.dirname(place)), ['tfjs_binding.node']);
});

test('an installed runtime’s addon is made again only where it is missing or another version’s, and with its headers', async (context) => {
  const folder = folderFor(context);
  const job = compiling(context, folder, writing('made here'));
  pin(context, 'linux-x64', 'made here');
  const at = path.join(folder, 'one');
  const place = path.join(at, 'lib/napi-v8/tfjs_binding.node');
  const of = (content: string): string => createHash('sha256').update(content).digest('hex');
  const manifest: Manifest = {
    ...{ v: 1, name: 'one', version: '2.21.0', gpu: false, source: 'pip', addon: of('made here'), hashes: {} },
    ...{ bytes: 1, installed: 'then' },
  };
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, 'made here');
  assert.equal(await refreshAddon({ folder: at, manifest }, job), manifest, 'the expected bytes');
  // Compiled here while the hash of the source included TensorFlow's headers, and from another source.
  fs.writeFileSync(place, 'by another compiler');
  const built = { compiler: 'c++', source: 'e6c4dc0283936c79e8d6a8be2c8dfab29b89b859ac8b6a8b6b27f51268003aea' };
  const own = { ...manifest, addon: of('by another compiler'), built };
  assert.equal(await refreshAddon({ folder: at, manifest: own }, job), own);
  const older = { ...own, built: { ...built, source: 'older' } };
  assert.equal(await refreshAddon({ folder: at, manifest: older }, job), null, 'no headers: the wheel is needed again');
  fs.rmSync(place);
  assert.equal(await refreshAddon({ folder: at, manifest }, job), null);
  // Headers with the hash of those that the wheel brings.
  fs.mkdirSync(path.join(at, 'include'));
  fs.writeFileSync(path.join(at, 'include', 'a.h'), 'another header');
  assert.equal(await refreshAddon({ folder: at, manifest }, job), null, 'others are not compiled against');
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
