import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import nodeFs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { checkRuntime, noteSealed, refuseForeign, sealFiles } from '../../../src/runtime/guard.ts';
import { sha256OfFile } from '../../../src/files/hash.ts';
import { install } from '../../../src/runtime/install.ts';
import { currentRuntime, trustedAddon, type Runtime } from '../../../src/runtime/installed.ts';
import { readManifest } from '../../../src/runtime/manifest.ts';
import { platformFor } from '../../../src/runtime/platforms.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';

const linux = platformFor('linux', 'x64');
assert.ok(linux);
const posix = process.getuid !== undefined;
const [cc, framework] = ['deps/lib/libtensorflow_cc.so.2', 'deps/lib/libtensorflow_framework.so.2'];
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const described = (text: string): object => ({ bytes: Buffer.byteLength(text), sha256: sha256(text) });
const contents = { [cc]: 'the library', [framework]: 'its frame', 'deps/nvidia/cublas/lib/libcublas.so.12': 'kernels' };

/** A runtime of small files; `files` is what its manifest says of them. */
function runtimeOf(context: TestContext, files: object | undefined, name = 'tensorflow-local-12345678'): Runtime {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-guard-'));
  context.after(() => fs.rmSync(root, { recursive: true, force: true }));
  const folder = path.join(root, name);
  const addon = 'lib/napi-v8/tfjs_binding.node';
  for (const [file, text] of Object.entries({ ...contents, [addon]: 'addon' })) {
    fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
  const manifest = {
    v: 1,
    name,
    version: '2.21.0',
    gpu: false,
    source: 'x',
    addon: '',
    bytes: 0,
    installed: '',
    files,
  };
  fs.writeFileSync(path.join(folder, 'runtime.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(root, 'current.json'), JSON.stringify({ v: 1, name }));
  const runtime = currentRuntime(root);
  assert.ok(runtime);
  return runtime;
}

const listed = Object.fromEntries(Object.entries(contents).map(([name, text]) => [name, described(text)]));
const markOf = ({ folder }: Runtime): { files: Record<string, { status: string; sha256: string }> } =>
  JSON.parse(fs.readFileSync(path.join(folder, 'checked.json'), 'utf8')) as never;

function refused(action: () => unknown, code: string, ...words: readonly (string | RegExp)[]): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(error instanceof RuntimeError, String(error));
    assert.equal(error.code, code);
    for (const word of words) assert.ok(error.message.search(word) >= 0, `${String(word)}: ${error.message}`);
    assert.match(error.text.zh, /[\u4e00-\u9fff]/);
    return true;
  });
}

/** Libraries that are opened while something is done. */
function opened(action: () => void): readonly string[] {
  const { openSync } = nodeFs;
  const files: string[] = [];
  nodeFs.openSync = (file, ...rest) => {
    if (String(file).includes('.so')) files.push(String(file));
    return openSync(file, ...rest);
  };
  syncBuiltinESMExports();
  try {
    action();
  } finally {
    nodeFs.openSync = openSync;
    syncBuiltinESMExports();
  }
  return files;
}

test('the files of the manifest are hashed once, and again when anything of them has changed', (context) => {
  const runtime = runtimeOf(context, listed);
  checkRuntime(runtime, linux);
  const first = markOf(runtime);
  assert.deepEqual(Object.keys(first.files).toSorted(), Object.keys(contents).toSorted());
  assert.equal(first.files[cc]?.sha256, sha256('the library'));
  // The mark is what is believed the second time: nothing is read then.
  const written = fs.statSync(path.join(runtime.folder, 'checked.json')).ino;
  assert.deepEqual(
    opened(() => checkRuntime(runtime, linux)),
    [],
  );
  assert.equal(fs.statSync(path.join(runtime.folder, 'checked.json')).ino, written, 'nothing to write anew');
  // The same bytes at another time: hashed, found good, noted.
  fs.utimesSync(path.join(runtime.folder, cc), 1, 1);
  assert.deepEqual(
    opened(() => checkRuntime(runtime, linux)),
    [path.join(runtime.folder, cc)],
  );
  assert.notEqual(markOf(runtime).files[cc]?.status, first.files[cc].status);
  // Another content of the same length, with the old time of change: the system's own time tells.
  const { mtimeMs } = fs.statSync(path.join(runtime.folder, framework));
  fs.writeFileSync(path.join(runtime.folder, framework), 'its fraud');
  fs.utimesSync(path.join(runtime.folder, framework), mtimeMs / 1000, mtimeMs / 1000);
  refused(() => checkRuntime(runtime, linux), 'library', framework, /damaged or was replaced.*mtl runtime install/);
});

test('a library of another size, and one that is missing or no file, is refused unread', (context) => {
  for (const spoil of [
    (file: string) => fs.appendFileSync(file, '!'),
    (file: string) => fs.rmSync(file),
    (file: string) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
  ]) {
    for (const name of Object.keys(contents)) {
      const runtime = runtimeOf(context, listed);
      spoil(path.join(runtime.folder, name));
      refused(() => checkRuntime(runtime, linux), 'library', name);
      assert.ok(!fs.existsSync(path.join(runtime.folder, 'checked.json')));
    }
  }
});

test('a mark that is damaged, or of another file, is not believed', (context) => {
  const runtime = runtimeOf(context, { ...listed, [cc]: described('the libration') });
  const ofFile = (value: unknown): string => JSON.stringify({ files: { [cc]: value } });
  for (const mark of ['', '{', 'null', '{"files":null}', ofFile({ bytes: 11 }), ofFile(null), ofFile(11)]) {
    fs.writeFileSync(path.join(runtime.folder, 'checked.json'), mark);
    refused(() => checkRuntime(runtime, linux), 'library', cc);
  }
  // What is no mark says nothing against a file either.
  const pieces = [
    { sha256: 'x', status: 's' },
    { bytes: 11, status: 's' },
    { bytes: 11, sha256: 'x' },
  ].map(ofFile);
  for (const mark of [ofFile(null), ofFile(11), ...pieces]) {
    const unlisted = runtimeOf(context, undefined);
    fs.writeFileSync(path.join(unlisted.folder, 'checked.json'), mark);
    checkRuntime(unlisted, linux);
    assert.deepEqual(Object.keys(markOf(unlisted).files).toSorted(), [cc, framework]);
  }
});

test('without a list of files the first look counts, and known runtimes have theirs in the program', (context) => {
  const runtime = runtimeOf(context, undefined);
  checkRuntime(runtime, linux);
  assert.deepEqual(Object.keys(markOf(runtime).files).toSorted(), [cc, framework]);
  fs.writeFileSync(path.join(runtime.folder, cc), 'the libertin');
  refused(() => checkRuntime(runtime, linux), 'library', cc);
  const published = runtimeOf(context, undefined, 'tensorflow-cpu-2.21.0');
  refused(() => checkRuntime(published, linux), 'library', cc);
});

test('what others own or may change is not loaded', { skip: !posix }, (context) => {
  const runtime = runtimeOf(context, listed);
  const user = fs.statSync(runtime.folder).uid;
  const parts = ['..', '.', 'deps', 'deps/lib', 'deps/nvidia/cublas/lib', 'lib', 'lib/napi-v8', cc, framework, 'lib/napi-v8/tfjs_binding.node', 'runtime.json', '../current.json']; // prettier-ignore
  for (const part of parts) {
    const place = path.join(runtime.folder, part);
    const { mode } = fs.statSync(place);
    fs.chmodSync(place, mode | 0o002);
    refused(() => checkRuntime(runtime, linux), 'owner', place, /every user.*chmod -R o-w.*MTL_RUNTIME_DIR/);
    fs.chmodSync(place, mode);
    // Root's own files are everybody's to load; another user's are not.
    if (user !== 0) refused(() => checkRuntime(runtime, linux, user + 1), 'owner', /belongs to another user/);
  }
  // A group of one's own may write: the usual umask of many systems.
  fs.chmodSync(runtime.folder, 0o775);
  checkRuntime(runtime, linux);
});

test('another user’s place is named with its number; root’s and one’s own are fine', { skip: !posix }, (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-owner-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  refuseForeign(folder, [folder], null);
  refuseForeign(folder, [folder]);
  // Only root can give files away; anybody else plays the one who comes across them.
  const isRoot = fs.statSync(folder).uid === 0;
  if (isRoot) {
    refuseForeign(folder, [folder], 1000);
    fs.chownSync(folder, 1234, 1234);
  }
  const { uid } = fs.statSync(folder);
  const words = [`number ${String(uid)}`, /MTL_RUNTIME_DIR.*mtl runtime install/];
  refused(() => refuseForeign(folder, [folder], uid + 1), 'owner', ...words);
  refused(() => refuseForeign(folder, [folder], 0), 'owner', ...words);
  refuseForeign(folder, [folder], uid);
  refuseForeign(folder, [path.join(folder, 'missing')], 1000);
  // What is not there hides nothing that comes after it.
  refused(() => refuseForeign(folder, [path.join(folder, 'missing'), folder], uid + 1), 'owner', ...words);
});

test('nothing is installed where every user may write', { skip: !posix }, async (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-guard-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.chmodSync(folder, 0o777);
  const port = { folder, assets: folder, progress: () => undefined };
  await assert.rejects(
    install({ ...port, machine: { platform: 'linux', arch: 'x64', glibc: '2.31', processorFlags: null } }),
    (error: unknown) => error instanceof RuntimeError && error.code === 'owner',
  );
  assert.deepEqual(fs.readdirSync(folder), []);
});

test(
  'an installation writes down what it laid there, and leaves no right to others',
  { skip: !posix },
  async (context) => {
    const runtime = runtimeOf(context, undefined);
    const loose = path.join(runtime.folder, 'deps/lib');
    fs.chmodSync(loose, 0o777);
    fs.chmodSync(path.join(runtime.folder, cc), 0o666);
    const outside = path.join(path.dirname(runtime.folder), 'outside');
    fs.mkdirSync(outside);
    fs.chmodSync(outside, 0o777);
    fs.symlinkSync(outside, path.join(runtime.folder, 'deps', 'linked'));
    const files = await sealFiles(runtime.folder);
    assert.deepEqual(files, listed);
    assert.deepEqual(Object.keys(files), Object.keys(files).toSorted(), 'in an order that no folder decides');
    noteSealed(runtime.folder, files);
    assert.deepEqual(
      opened(() => checkRuntime({ ...runtime, manifest: { ...runtime.manifest, files } }, linux)),
      [],
      'the first start hashes nothing',
    );
    assert.equal(fs.statSync(loose).mode & 0o777, 0o755);
    assert.equal(fs.statSync(path.join(runtime.folder, cc)).mode & 0o777, 0o644);
    assert.equal(fs.statSync(outside).mode & 0o777, 0o777, 'what a link leads to is not ours');
  },
);

test('the trainer and the doctor ask before they load', (context) => {
  const runtime = runtimeOf(context, { ...listed, [cc]: described('another') });
  refused(() => trustedAddon(runtime, linux), 'library', cc);
});

test('lists of files that leave the runtime, or say no size, are none', (context) => {
  for (const files of [
    { 'deps/../../x': listed[cc] },
    { '/etc/passwd': listed[cc] },
    { [cc]: { sha256: '' } },
    { [cc]: null },
  ]) {
    assert.equal(readManifest(runtimeOf(context, files).folder)?.files, undefined);
  }
  assert.deepEqual(readManifest(runtimeOf(context, listed).folder)?.files, listed);
});

test('a long file is hashed whole', (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-guard-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'long');
  const text = 'long'.repeat(3_000_001);
  fs.writeFileSync(file, text);
  assert.equal(sha256OfFile(file), sha256(text));
});
