/** Installations that go wrong, with a made-up Python; and one that goes right, where a runtime is there to copy. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { addonFile, addonHashes } from '../../../src/runtime/addon.ts';
import { doctor } from '../../../src/runtime/doctor.ts';
import { pipArguments, pipFailure } from '../../../src/runtime/download.ts';
import { needsLibstdcxx, newestGlibc } from '../../../src/runtime/elf.ts';
import { sha256OfSmallFile } from '../../../src/runtime/hash.ts';
import { install, type InstallPort } from '../../../src/runtime/install.ts';
import { currentRuntime, listRuntimes, removeRuntimes } from '../../../src/runtime/installed.ts';
import { isOlder } from '../../../src/runtime/checks.ts';
import { onPath } from '../../../src/runtime/python.ts';
import { RuntimeError } from '../../../src/runtime/said.ts';
import { platformFor } from '../../../src/runtime/platforms.ts';
import { cpuVariantOf } from '../../../src/runtime/wheels.ts';
import { installedRuntimes } from './installed-runtimes.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const addon = addonFile(root);
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
  const script = `#!${process.execPath}
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
  return { folder: path.join(folder, 'runtime'), assets: root, machine, progress: () => undefined, ...more };
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
  fs.writeFileSync(noPip, `#!${process.execPath}\nconsole.error('No module named pip'); process.exit(1);`, {
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
  fs.writeFileSync(path.join(environment, 'bin', 'python'), `#!${process.execPath}\nconsole.log('');`, { mode: 0o755 });
  await assert.rejects(install(port(folder), { from: environment }), /that Python has no tensorflow/);
  assert.deepEqual(left(folder), []);
});

test('cancelling ends pip and what it started, and leaves nothing', async (context) => {
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
  const name = 'tensorflow-local-12345678';
  const used = path.join(folder, 'runtime', name);
  fs.mkdirSync(used, { recursive: true });
  const manifest = { v: 1, name, version: '2.20.0', gpu: false, source: 'x', addon: '', bytes: 0, installed: '' };
  fs.writeFileSync(path.join(used, 'runtime.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(folder, 'runtime', 'current.json'), JSON.stringify({ v: 1, name }));
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
  assert.equal(currentRuntime(path.join(folder, 'runtime'))?.manifest.name, name);
  assert.deepEqual(left(folder).sort(), ['current.json', name]);
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
  assert.match(said('ERROR: No matching distribution found for tensorflow-cpu==2.21.0'), /^offline: .*index/);
  assert.match(said('something else\nthe last line'), /^pip: [^]*the last line/);
});

test('programs are looked for in absolute folders of PATH alone', (context) => {
  const folder = folderFor(context);
  const python = fakePython(folder, '');
  assert.deepEqual(onPath(['python3'], { PATH: ['.', 'bin', '', folder].join(path.delimiter) }), [python]);
  assert.deepEqual(onPath(['python3'], { PATH: '.' }), []);
});

test('the addon that is shipped has the pinned hash and asks for an old C library only', () => {
  assert.equal(sha256OfSmallFile(addon), addonHashes['linux-x64']);
  const newest = newestGlibc(addon);
  assert.ok(newest !== null && isOlder(newest, [2, 28]), newest ?? '');
  assert.ok(!needsLibstdcxx(addon));
});

const here = currentRuntime(installedRuntimes);
const missing = here === null ? 'the native engine is not installed here: mtl runtime install' : false;

test(
  'TensorFlow of a folder is copied, tested, put into use, listed and removed',
  { skip: missing },
  async (context) => {
    assert.ok(here);
    const folder = folderFor(context);
    const where = port(folder);
    // A Python environment that has TensorFlow, with CUDA's libraries beside it.
    const site = path.join(folder, 'env', 'site-packages');
    fs.mkdirSync(path.join(site, 'nvidia', 'cublas', 'lib'), { recursive: true });
    fs.symlinkSync(path.join(here.folder, 'deps', 'lib'), path.join(site, 'tensorflow'));
    fs.mkdirSync(path.join(folder, 'env', 'bin'));
    const interpreter = `#!${process.execPath}\nconsole.log(${JSON.stringify(path.join(site, 'tensorflow'))});`;
    fs.writeFileSync(path.join(folder, 'env', 'bin', 'python3'), interpreter, { mode: 0o755 });
    const { runtime, probe, already } = await install(where, { from: path.join(folder, 'env') });
    assert.equal(fs.realpathSync(path.join(runtime.folder, 'deps/nvidia')), fs.realpathSync(path.join(site, 'nvidia')));
    assert.equal(already, false);
    assert.equal(probe.version, here.manifest.version);
    const library = runtime.manifest.files?.['deps/lib/libtensorflow_cc.so.2'];
    assert.equal(library?.sha256, runtime.manifest.hashes['libtensorflow_cc.so.2']);
    assert.deepEqual(
      listRuntimes(where.folder).map(({ manifest, current }) => [manifest.name, current]),
      [[runtime.manifest.name, true]],
    );
    const { engines, chosen } = await doctor({ assetsDirectory: root, runtimeFolder: where.folder });
    assert.equal(chosen, 'native');
    assert.match(engines[0]?.version ?? '', /^TensorFlow 2\./);
    // A library that is no library: the doctor says so, and nothing else happens.
    fs.writeFileSync(path.join(runtime.folder, 'deps/lib/libtensorflow_framework.so.2'), 'damaged');
    const broken = await doctor({ assetsDirectory: root, runtimeFolder: where.folder });
    assert.match(broken.engines[0]?.reason?.en ?? '', /not the file that was installed.*mtl runtime remove/);
    // Without a word of what was installed, trying tells.
    const { files: _, ...older } = runtime.manifest;
    fs.writeFileSync(path.join(runtime.folder, 'runtime.json'), JSON.stringify(older));
    fs.rmSync(path.join(runtime.folder, 'checked.json'));
    const tried = await doctor({ assetsDirectory: root, runtimeFolder: where.folder });
    assert.match(tried.engines[0]?.reason?.en ?? '', /cannot be loaded.*mtl runtime remove/);
    assert.throws(() => removeRuntimes(where.folder, 'another'), /No runtime named "another"/);
    assert.deepEqual(removeRuntimes(where.folder), [runtime.manifest.name]);
    assert.deepEqual(fs.readdirSync(where.folder), []);
  },
);
