/** Installations that go wrong, with a made-up Python; one that goes right is install-native.test.ts. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { addonHashes } from '../../../src/runtime/addon.ts';
import { pipArguments, pipFailure } from '../../../src/runtime/download.ts';
import { sha256OfFile } from '../../../src/files/hash.ts';
import { install, type InstallPort } from '../../../src/runtime/install.ts';
import { currentRuntime } from '../../../src/runtime/installed.ts';
import { onPath } from '../../../src/runtime/python.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';
import { platformFor } from '../../../src/runtime/platforms.ts';
import { cpuVariantOf } from '../../../src/runtime/wheels.ts';

/** An extension that brings an addon, made up: in this process it is the one of this version. */
const assets = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-assets-'));
const addon = path.join(assets, 'native/linux-x64/tfjs_binding.node');
fs.mkdirSync(path.dirname(addon), { recursive: true });
fs.writeFileSync(addon, 'the addon');
Object.assign(addonHashes, { 'linux-x64': sha256OfFile(addon) });
after(() => fs.rmSync(assets, { recursive: true, force: true }));
/** A test may put another program in its place. */
const node = process.execPath;
const machine = { platform: 'linux', arch: 'x64', glibc: '2.31', processorFlags: null };
const linux = platformFor('linux', 'x64');
assert.ok(linux);
const [wheel] = cpuVariantOf(linux).wheels;
assert.ok(wheel);

function folderFor(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-install-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that answers as `python -I -m pip` would; `download` is what it does when it is to fetch. */
function fakePython(folder: string, download: string): string {
  const file = path.join(folder, 'python3');
  const script = `#!${node}
const args = process.argv.slice(2);
if (args.slice(0, 3).join(' ') !== '-I -m pip') process.exit(2);
if (args[3] === '--version') { console.log('pip 23.2.1 from somewhere (python 3.11)'); process.exit(0); }
const dest = args[args.indexOf('--dest') + 1];
const fs = require('fs');
${download}`;
  fs.writeFileSync(file, script, { mode: 0o755 });
  return file;
}

function port(folder: string, more: Partial<InstallPort> = {}): InstallPort {
  return { folder: path.join(folder, 'runtime'), assets, machine, progress: () => undefined, ...more };
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
    return 'none';
  } catch (error) {
    assert.ok(error instanceof RuntimeError, String(error));
    return error.code;
  }
}

/** Instead of loading the engine, another process says this: `answer` on stdout, `said` on stderr, and its exit status. */
function answering(context: TestContext, folder: string, answer: object, said = '', status = 0): void {
  const file = path.join(folder, 'engine');
  const lines = [`console.log(${JSON.stringify(JSON.stringify(answer))})`, `console.error(${JSON.stringify(said)})`];
  fs.writeFileSync(file, `#!${node}\n${lines.join(';\n')};\nprocess.exitCode = ${String(status)};`, { mode: 0o755 });
  process.execPath = file;
  context.after(() => {
    process.execPath = node;
  });
}

const works = { version: '2.99.1', gpu: false, product: [7, 10, 15, 22] };

/** The one wheel of this platform has other content for the length of a test, and lies where downloads lie. */
function smallWheel(context: TestContext, folder: string): void {
  assert.ok(wheel);
  const before = { ...wheel };
  const libraries = { 'tensorflow/libtensorflow_cc.so.2': strToU8('the library') };
  const bytes = zipSync({ ...libraries, 'tensorflow/libtensorflow_framework.so.2': strToU8('its frame') });
  const file = path.join(folder, 'runtime', 'downloads', wheel.file);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  Object.assign(wheel, { sha256: sha256OfFile(file), bytes: bytes.length, unpacked: 20 });
  context.after(() => Object.assign(wheel, before));
}

/** What an installation that failed may leave: complete downloads alone. */
function left(folder: string): string[] {
  return fs.readdirSync(path.join(folder, 'runtime')).filter((name) => name !== 'downloads');
}

test('a wheel with other bytes than the published ones is deleted and never unpacked', async (context) => {
  const folder = folderFor(context);
  const python = fakePython(folder, `fs.writeFileSync(dest + '/${wheel.file}', 'another file');`);
  assert.equal(await codeOf(install(port(folder), { python })), 'hash');
  assert.deepEqual(left(folder), []);
  assert.deepEqual(fs.readdirSync(path.join(folder, 'runtime', 'downloads')), []);
});

test('no connection, no Python, no pip, no space: each is said before or while, and leaves nothing', async (context) => {
  const folder = folderFor(context);
  const offline = fakePython(
    folder,
    `console.error('NewConnectionError: Name or service not known'); process.exit(1);`,
  );
  assert.equal(await codeOf(install(port(folder), { python: offline })), 'offline');
  assert.equal(await codeOf(install(port(folder), { python: path.join(folder, 'nowhere') })), 'no-python');
  const noPip = path.join(folder, 'nopip');
  fs.writeFileSync(noPip, `#!${node}\nconsole.error('No module named pip'); process.exit(1);`, {
    mode: 0o755,
  });
  assert.equal(await codeOf(install(port(folder), { python: noPip })), 'no-pip');
  const other = fakePython(folder, `fs.writeFileSync(dest + '/tensorflow_cpu-2.21.0-cp312-other.whl', '');`);
  assert.equal(await codeOf(install(port(folder), { python: other })), 'pip');
  assert.equal(await codeOf(install(port(folder, { machine: { ...machine, glibc: null } }))), 'libc');
  assert.equal(await codeOf(install(port(folder, { assets: folder }))), 'addon');
  assert.equal(await codeOf(install(port(folder), { from: path.join(folder, 'no-folder') })), 'source');
  assert.equal(await codeOf(install(port(folder), { from: folder })), 'source');
  // A Python environment without TensorFlow: its interpreter is asked.
  const environment = path.join(folder, 'env');
  fs.mkdirSync(path.join(environment, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(environment, 'bin', 'python'), `#!${node}\nconsole.log('');`, { mode: 0o755 });
  await assert.rejects(install(port(folder), { from: environment }), /that Python has no tensorflow/);
  assert.deepEqual(left(folder), []);
});

test('canceling ends pip and what it started, and leaves nothing', async (context) => {
  const folder = folderFor(context);
  const python = fakePython(
    folder,
    `fs.writeFileSync(process.env.TMPDIR + '/part', 'x'.repeat(1000)); setInterval(() => {}, 1000);`,
  );
  const stop = new AbortController();
  let most = 0;
  const seen: InstallPort['progress'] = (phase, done) => {
    if (phase !== 'download' || done === 0) return;
    most = Math.max(most, done);
    stop.abort();
  };
  assert.equal(await codeOf(install(port(folder, { progress: seen, signal: stop.signal }), { python })), 'cancelled');
  assert.equal(most, 1000);
  assert.deepEqual(left(folder), []);
});

test('one installation at a time; one that fails leaves the runtime in use as it was', async (context) => {
  const folder = folderFor(context);
  const local = 'tensorflow-local-12345678';
  const used = path.join(folder, 'runtime', local);
  fs.mkdirSync(used, { recursive: true });
  const manifest = {
    v: 1,
    name: local,
    version: '2.20.0',
    gpu: false,
    source: 'x',
    addon: '',
    bytes: 0,
    installed: '',
  };
  fs.writeFileSync(path.join(used, 'runtime.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(folder, 'runtime', 'current.json'), JSON.stringify({ v: 1, name: local }));
  const python = fakePython(
    folder,
    `fs.writeFileSync(process.env.TMPDIR + '/part', 'x'); setInterval(() => {}, 1000);`,
  );
  const stop = new AbortController();
  let second: Promise<string> | undefined;
  const progress: InstallPort['progress'] = (phase, done) => {
    if (phase !== 'download' || done === 0) return;
    second ??= codeOf(install(port(folder), { python })).finally(() => stop.abort());
  };
  assert.equal(await codeOf(install(port(folder, { progress, signal: stop.signal }), { python })), 'cancelled');
  assert.equal(await second, 'busy');
  assert.equal(currentRuntime(path.join(folder, 'runtime'))?.manifest.name, local);
  assert.deepEqual(left(folder).sort(), ['current.json', local]);
});

test('pip is asked for the exact file, without running or building anything', () => {
  const args = pipArguments(wheel, '/downloads', '23.2.1');
  assert.deepEqual(args.slice(0, 4), ['-I', '-m', 'pip', 'download']);
  for (const word of ['--only-binary=:all:', '--no-deps', 'manylinux_2_27_x86_64', 'tensorflow-cpu==2.21.0']) {
    assert.ok(args.includes(word), word);
  }
  assert.ok(!args.includes('--resume-retries'));
  assert.ok(pipArguments(wheel, '/downloads', '25.3').includes('--resume-retries'));
  // Which index is asked is the user's configuration alone.
  assert.ok(!args.some((word) => /index|isolated|trusted/.test(word)));
});

test('pip’s complaints become sentences that say what to do', () => {
  const said = (output: string): string => `${pipFailure(wheel, output).code}: ${pipFailure(wheel, output).message}`;
  assert.match(said('OSError: [Errno 28] No space left on device'), /^space: /);
  assert.match(said('SSLError(SSLCertVerificationError(1, CERTIFICATE_VERIFY_FAILED'), /^offline: .*global\.cert/);
  assert.match(said('ProxyError(Cannot connect to proxy.)'), /^offline: .*global\.proxy.*--from/);
  // As pip, urllib3 and the system's resolver say it.
  for (const complaint of [
    "NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection>: Failed to establish a new connection')",
    "ConnectTimeoutError('Connection to index timed out. (connect timeout=15)')",
    "ConnectionError(ProtocolError('Connection aborted.'))",
    '[Errno 111] Connection refused',
    'curl: (7) connection refused',
    '[Errno -2] Name or service not known',
    '[Errno -3] Temporary failure in name resolution',
    '[Errno 101] Network is unreachable',
    '[Errno 11001] getaddrinfo failed',
    "ReadTimeoutError('Read timed out. (read timeout=15)')",
    "ProxyError('Your proxy appears to only use HTTP')",
    'Cannot connect to proxy.',
    "ProtocolError('Connection broken: ConnectionResetError(104, reset by peer)')",
    "ProtocolError('Connection broken: IncompleteRead(1 bytes read)')",
  ]) {
    assert.match(said(complaint), /^offline: pip cannot reach/, complaint);
  }
  assert.match(said('ERROR: No matching distribution found for tensorflow-cpu==2.21.0'), /^offline: .*index/);
  assert.match(said('something else\nthe last line'), /^pip: [^]*the last line/);
  // The last four lines that say something.
  assert.ok(said('0\n1\n2\n\n  \n3\n4\n').endsWith('It said:\n1\n2\n3\n4'), said('0\n1\n2\n\n  \n3\n4\n'));
});

test('programs are looked for in absolute folders of PATH alone', (context) => {
  const folder = folderFor(context);
  const python = fakePython(folder, '');
  assert.deepEqual(onPath(['python3'], { PATH: ['.', 'bin', '', folder].join(path.delimiter) }), [python]);
  assert.deepEqual(onPath(['python3'], { PATH: '.' }), []);
});

const [cc, framework] = ['deps/lib/libtensorflow_cc.so.2', 'deps/lib/libtensorflow_framework.so.2'];
const name = 'tensorflow-cpu-2.21.0';
const addonPlace = 'lib/napi-v8/tfjs_binding.node';

test('what was fetched is sealed, tested and put into use; the second time nothing is done', async (context) => {
  const folder = folderFor(context);
  smallWheel(context, folder);
  const python = fakePython(folder, 'process.exit(9);');
  answering(context, folder, works);
  const told: string[] = [];
  const where = port(folder, {
    progress: (phase, done, total) => told.push(`${phase} ${String(done)}/${String(total)}`),
  });
  // What lay there under that name makes way.
  fs.mkdirSync(path.join(where.folder, name, 'deps'), { recursive: true });
  fs.writeFileSync(path.join(where.folder, name, 'deps', 'old'), '');
  const before = new Date().toISOString();
  const { runtime, probe, already } = await install(where, { python });
  assert.deepEqual([already, probe.version, probe.gpu], [false, '2.99.1', false]);
  const { installed, files, ...manifest } = runtime.manifest;
  assert.ok(installed >= before && installed <= new Date().toISOString());
  assert.deepEqual(manifest, {
    v: 1,
    name,
    version: '2.99.1',
    gpu: false,
    source: 'pip',
    addon: addonHashes['linux-x64'],
    hashes: { [wheel.file]: wheel.sha256 },
    bytes: 'the library'.length + 'its frame'.length + fs.statSync(addon).size,
  });
  assert.deepEqual(Object.keys(files ?? {}), [cc, framework]);
  assert.deepEqual(currentRuntime(where.folder), runtime);
  assert.ok(runtime.current);
  assert.deepEqual(left(folder).toSorted(), ['current.json', name]);
  assert.deepEqual(fs.readdirSync(path.join(where.folder, 'downloads')), [], 'the wheel is spent');
  assert.deepEqual(fs.readdirSync(runtime.folder).toSorted(), ['checked.json', 'deps', 'lib', 'runtime.json']);
  assert.deepEqual(fs.readdirSync(path.join(runtime.folder, 'deps')), ['lib']);
  assert.equal(fs.statSync(runtime.folder).mode & 0o777, 0o755);
  const all = `download 0/${String(wheel.bytes)}`;
  assert.deepEqual(told, ['check 0/1', all, 'verify 0/1', 'test 0/1', 'test 1/1']);

  // Neither Python nor a wheel is there any more.
  told.length = 0;
  const again = await install(where, { python: path.join(folder, 'nowhere') });
  assert.deepEqual([again.already, again.probe.version, again.runtime], [true, '2.99.1', runtime]);
  assert.deepEqual(told, ['test 0/1']);
  // An addon of an older version is replaced, and noted.
  fs.writeFileSync(path.join(runtime.folder, addonPlace), 'an older one');
  const noted = path.join(runtime.folder, 'runtime.json');
  fs.writeFileSync(noted, JSON.stringify({ ...runtime.manifest, addon: 'older' }));
  const refreshed = await install(where, { python: path.join(folder, 'nowhere') });
  assert.deepEqual([refreshed.already, refreshed.runtime.manifest], [true, runtime.manifest]);
  assert.equal(sha256OfFile(path.join(runtime.folder, addonPlace)), addonHashes['linux-x64']);
  assert.deepEqual(currentRuntime(where.folder)?.manifest, runtime.manifest);
});

test('a runtime that is damaged or does not work is fetched anew; one that others may change is refused', async (context) => {
  const folder = folderFor(context);
  smallWheel(context, folder);
  answering(context, folder, works);
  const where = port(folder);
  const { runtime } = await install(where, { python: fakePython(folder, '') });
  const again = (): Promise<string> => codeOf(install(where, { python: path.join(folder, 'nowhere') }));
  assert.equal(await again(), 'none');
  if (process.getuid !== undefined) {
    fs.chmodSync(path.join(runtime.folder, 'deps'), 0o777);
    assert.equal(await again(), 'owner');
    fs.chmodSync(path.join(runtime.folder, 'deps'), 0o755);
  }
  // Of another name, or when a place to take it from is named, it is not the one that is asked for.
  assert.equal(await codeOf(install(where, { from: path.join(folder, 'nowhere') })), 'source');
  // Without Python it ends where it would fetch: that far it went.
  fs.writeFileSync(path.join(runtime.folder, cc), 'the libation');
  assert.equal(await again(), 'no-python');
  fs.writeFileSync(path.join(runtime.folder, cc), 'the library');
  assert.equal(await again(), 'none');
  answering(context, folder, {}, 'Error: libx.so: cannot open shared object file', 1);
  assert.equal(await again(), 'no-python');
  assert.equal(currentRuntime(where.folder)?.manifest.name, name, 'it stays in use');
});

test('what does not work never gets its name; a GPU that was seen is noted', async (context) => {
  const folder = folderFor(context);
  const there = path.join(folder, 'there');
  fs.mkdirSync(there);
  for (const file of [cc, framework]) fs.writeFileSync(path.join(there, path.basename(file)), file);
  const where = port(folder);
  for (const [answer, status] of [
    [works, 1],
    [{ ...works, product: [7, 10, 15, 23] }, 0],
    [{ gpu: false }, 0],
  ] as const) {
    // prettier-ignore
    answering(context, folder, answer, '', status);
    assert.equal(await codeOf(install(where, { from: there })), 'load');
    assert.deepEqual(left(folder), []);
  }
  const said =
    'Created device /job:localhost/replica:0/task:0/device:GPU:0 with 100 MB memory:  -> device: 0, name: Some GPU, pci bus id: 0000:00:00.0';
  answering(context, folder, { ...works, gpu: true }, said);
  const { runtime, probe } = await install(where, { from: there, gpu: true });
  assert.equal(probe.device, 'Some GPU');
  assert.deepEqual([runtime.manifest.device, runtime.manifest.gpu, runtime.manifest.source], ['Some GPU', true, there]);
  assert.ok(/^tensorflow-local-[0-9a-f]{8}$/.test(runtime.manifest.name), runtime.manifest.name);
  // Canceled after the test: what is in use stays, and nothing else does.
  const stop = new AbortController();
  let tests = 0;
  const progress: InstallPort['progress'] = (phase) => {
    if (phase === 'test' && ++tests === 1) stop.abort();
  };
  fs.writeFileSync(path.join(there, path.basename(cc)), 'another');
  assert.equal(await codeOf(install({ ...where, progress, signal: stop.signal }, { from: there })), 'cancelled');
  assert.deepEqual(left(folder).toSorted(), ['current.json', runtime.manifest.name]);
});
