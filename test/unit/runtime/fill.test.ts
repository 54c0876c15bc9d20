/** What comes into the staging folder, by each way; wheels of a few bytes stand for those of TensorFlow. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { zipSync, type Zippable } from 'fflate';
import { compilerWheel } from '../../../src/runtime/compile.ts';
import { fill, type FillJob } from '../../../src/runtime/fill.ts';
import { platformFor } from '../../../src/runtime/platforms.ts';
import type { InstallPort } from '../../../src/runtime/port.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';
import type { Variant, Wheel } from '../../../src/runtime/wheels.ts';

const platform = platformFor('linux', 'x64');
assert.ok(platform);
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const [cc, framework] = platform.libraries;

/** Of every member named `keep/…` its file; `executable` has the mode bits of one. */
function wheelOf(file: string, content: Zippable, more: Partial<Wheel> = {}): { wheel: Wheel; bytes: Uint8Array } {
  const bytes = zipSync(content);
  const wheel = {
    package: 'x',
    version: '1',
    file,
    sha256: sha256(bytes),
    platforms: ['any'],
    bytes: bytes.length,
    unpacked: 20_000_000,
    members: (member: string) => (member.startsWith('keep/') ? member.replace('keep/', 'deps/lib/') : null),
    ...more,
  };
  return { wheel, bytes };
}

const executable = { os: 3, attrs: 0o100755 << 16 };
const first = wheelOf('first.whl', {
  'keep/': new Uint8Array(),
  'keep/a.so': new TextEncoder().encode('library a'),
  'other/b': new TextEncoder().encode('not wanted'),
});
const second = wheelOf('second.whl', {
  'keep/tool': [new TextEncoder().encode('a tool'), executable],
  'keep/long': [new Uint8Array(17_000_000), { level: 1 }],
});
const variant: Variant = { name: 'made-1', gpu: true, version: '1', wheels: [first.wheel, second.wheel] };

interface Setting {
  readonly folder: string;
  readonly staging: string;
  readonly told: unknown[][];
  readonly job: (more?: Partial<FillJob>) => FillJob;
}

function setUp(context: TestContext, from?: string): Setting {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-fill-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const staging = path.join(folder, 'staging');
  fs.mkdirSync(staging);
  const told: unknown[][] = [];
  const port: InstallPort = { folder, assets: folder, progress: (...what) => told.push(what) };
  const way = { kind: 'copy', file: '', hash: '' } as const;
  assert.ok(platform);
  const base: FillJob = { port, request: { from: from && path.join(folder, from) }, platform, variant, way };
  return { folder, staging, told, job: (more = {}) => ({ ...base, ...more }) };
}

/** Lays both wheels into a folder. */
function lay(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const { wheel, bytes } of [first, second]) fs.writeFileSync(path.join(folder, wheel.file), bytes);
}

/** A disk on which so many bytes are free. */
async function withFree<T>(bytes: number, action: () => Promise<T>): Promise<T> {
  const { statfsSync } = nodeFs;
  nodeFs.statfsSync = (() => ({ bavail: bytes, bsize: 1 })) as never;
  syncBuiltinESMExports();
  try {
    return await action();
  } finally {
    nodeFs.statfsSync = statfsSync;
    syncBuiltinESMExports();
  }
}

/** The least of free bytes with which it is not refused for want of space is exactly this. */
async function needs(bytes: number, action: () => Promise<unknown>): Promise<void> {
  await withFree(bytes, action);
  await assert.rejects(
    withFree(bytes - 1, action),
    (error) => error instanceof RuntimeError && error.code === 'space',
    String(bytes),
  );
}

const read = (...names: string[]): string => fs.readFileSync(path.join(...names), 'utf8');
const below = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();

const laid = ['deps/lib/a.so', 'deps/lib/long', 'deps/lib/tool'];
const hashes = { 'first.whl': first.wheel.sha256, 'second.whl': second.wheel.sha256 };

test('of wheels that lie there what is wanted is unpacked, with its right to be run; the person’s files stay', async (context) => {
  const { folder, staging, told, job } = setUp(context, 'wheels');
  lay(path.join(folder, 'wheels'));
  const filled = await fill(staging, job());
  const source = path.join(folder, 'wheels');
  assert.deepEqual(filled, { name: 'made-1', gpu: true, source, hashes, spent: [], headers: null });
  assert.deepEqual(below(staging), laid);
  assert.equal(read(staging, 'deps/lib/a.so'), 'library a');
  assert.equal(fs.statSync(path.join(staging, 'deps/lib/tool')).mode & 0o111, 0o111);
  assert.equal(fs.statSync(path.join(staging, 'deps/lib/a.so')).mode & 0o111, 0);
  assert.deepEqual(fs.readdirSync(source).toSorted(), ['first.whl', 'second.whl']);
  assert.deepEqual(told.slice(0, 2), [
    ['verify', 0, 2, 'first.whl'],
    ['verify', 1, 2, 'second.whl'],
  ]);
  // Every eight million bytes are told, of all that there are to unpack.
  const unpacked = told.slice(2) as [string, number, number, string][];
  assert.deepEqual([...new Set(unpacked.map(([phase, , total, what]) => `${phase} ${String(total)} ${what}`))], ['unpack 40000000 long']); // prettier-ignore
  const amounts = unpacked.map(([, done]) => done);
  assert.equal(amounts.length, 2);
  for (const [index, done] of amounts.entries()) {
    const since = done - (amounts[index - 1] ?? 0);
    assert.ok(since >= 8_000_000 && since < 9_000_000, String(since));
  }
});

test('progress never passes the whole', async (context) => {
  const { folder, staging, told, job } = setUp(context, 'wheels');
  lay(path.join(folder, 'wheels'));
  const wheels = [first.wheel, { ...second.wheel, unpacked: 9_000_000 }].map((wheel) => ({ ...wheel, unpacked: wheel.unpacked / 20 })); // prettier-ignore
  await fill(staging, job({ variant: { ...variant, wheels } }));
  const unpacked = told.filter(([phase]) => phase === 'unpack');
  assert.deepEqual(unpacked.map(([, done, total]) => [done, total]), [[1_450_000, 1_450_000], [1_450_000, 1_450_000]]); // prettier-ignore
});

test('a wheel that is missing is named, with the folder; another file of its name is refused and kept', async (context) => {
  const { folder, staging, job } = setUp(context, 'wheels');
  lay(path.join(folder, 'wheels'));
  const damaged = path.join(folder, 'wheels', 'second.whl');
  fs.writeFileSync(damaged, 'another');
  await assert.rejects(fill(staging, job()), (error: unknown) => {
    assert.ok(error instanceof RuntimeError && error.code === 'hash', String(error));
    assert.ok(error.message.includes(damaged) && error.message.includes(second.wheel.sha256));
    return true;
  });
  assert.equal(read(damaged), 'another');
  fs.rmSync(damaged);
  const where = path.join(folder, 'wheels');
  fs.writeFileSync(path.join(where, 'another.whl'), '');
  for (const lacking of ['second.whl', 'first.whl, second.whl']) {
    await assert.rejects(fill(staging, job()), (error: unknown) => {
      assert.ok(error instanceof RuntimeError && error.code === 'source', String(error));
      assert.match(error.message, /Fetch exactly these files from the Python package index\.$/);
      assert.ok(error.message.startsWith(`--from "${where}" lacks ${lacking}. `), error.message);
      assert.ok(error.text.zh.startsWith(`--from “${where}”缺少 ${lacking}。`), error.text.zh);
      return true;
    });
    assert.deepEqual(below(staging), []);
    fs.rmSync(path.join(where, 'first.whl'), { force: true });
  }
});

test('complete downloads are not fetched again, are counted as here, and are spent', async (context) => {
  const { folder, staging, told, job } = setUp(context);
  lay(path.join(folder, 'downloads'));
  const python = path.join(folder, 'python3');
  // Of pip only its version can be had: to fetch anything would fail.
  const answers = `#!${process.execPath}\nif (!process.argv.includes('--version')) process.exit(9);\nconsole.log('pip 23.2.1 from x');`;
  fs.writeFileSync(python, answers, { mode: 0o755 });
  const filled = await fill(staging, job({ request: { python } }));
  const spent = ['first.whl', 'second.whl'].map((file) => path.join(folder, 'downloads', file));
  assert.deepEqual(filled, { name: 'made-1', gpu: true, source: 'pip', hashes, spent, headers: null });
  assert.deepEqual(below(staging), laid);
  const [a, b] = [first.wheel.bytes, second.wheel.bytes];
  assert.deepEqual(told.slice(0, 3), [
    ['check', 0, 1, 'pip'],
    ['download', 0, a + b, 'first.whl'],
    ['download', a, a + b, 'second.whl'],
  ]);
  await assert.rejects(
    fill(staging, job({ request: { python: path.join(folder, 'none') } })),
    (error) => error instanceof RuntimeError && error.code === 'no-python',
  );
});

test('what is still to be fetched counts after what is here', async (context) => {
  const { folder, staging, told, job } = setUp(context);
  lay(path.join(folder, 'there'));
  fs.mkdirSync(path.join(folder, 'downloads'));
  fs.copyFileSync(path.join(folder, 'there', 'first.whl'), path.join(folder, 'downloads', 'first.whl'));
  const python = path.join(folder, 'python3');
  const fetches = `#!${process.execPath}
const args = process.argv.slice(2);
if (args.includes('--version')) console.log('pip 23.2.1 from x');
else require('fs').copyFileSync(${JSON.stringify(path.join(folder, 'there', 'second.whl'))}, args[args.indexOf('--dest') + 1] + '/second.whl');`;
  fs.writeFileSync(python, fetches, { mode: 0o755 });
  await fill(staging, job({ request: { python } }));
  assert.deepEqual(below(staging), laid);
  const [a, b] = [first.wheel.bytes, second.wheel.bytes];
  const last = told.filter(([phase]) => phase === 'download').at(-1);
  assert.deepEqual(last, ['download', a + b, a + b, 'second.whl']);
});

test('the space that is needed: what is unpacked, what is still to be fetched, what the addon takes', async (context) => {
  const { folder, staging, job } = setUp(context);
  const none = { python: path.join(folder, 'none') };
  const [a, b] = [first.wheel.bytes, second.wheel.bytes];
  const unpacked = 40_000_000 + 50_000_000;
  // Where the disk is large enough the next thing that is missing speaks.
  const fetching =
    (more: Partial<FillJob> = {}) =>
    (): Promise<unknown> =>
      fill(staging, job({ request: none, ...more })).catch((error: unknown) => {
        if (!(error instanceof RuntimeError) || error.code !== 'no-python') throw error;
      });
  await needs(unpacked + a + b + Math.max(a, b), fetching());
  fs.mkdirSync(path.join(folder, 'downloads'));
  fs.writeFileSync(path.join(folder, 'downloads', 'second.whl'), second.bytes);
  await needs(unpacked + 2 * a, fetching());
  const source = { root: '', napi: '' } as const;
  const compiler = { command: 'c++', first: [], version: 'c++', pinned: false };
  await needs(unpacked + 2 * a + 10_000_000, fetching({ way: { kind: 'compile', source, compiler } }));
  assert.ok(platform);
  const pinned = compilerWheel(platform);
  const more = 2 * pinned.bytes + pinned.unpacked + 100_000_000;
  await needs(unpacked + 2 * a + more, fetching({ way: { kind: 'compile', source, compiler: null } }));
  // Wheels that lie there are not copied.
  lay(path.join(folder, 'wheels'));
  let round = 0;
  const request = { from: path.join(folder, 'wheels') };
  const staged =
    (more: Partial<FillJob> = {}) =>
    (): Promise<unknown> => {
      const fresh = `${staging}-${String(++round)}`;
      fs.mkdirSync(fresh);
      return fill(fresh, job({ request, ...more }));
    };
  await needs(unpacked, staged());
  await needs(unpacked + 10_000_000, staged({ way: { kind: 'compile', source, compiler } }));
});

/** A folder with the two libraries. */
function libraries(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, cc), 'the library');
  fs.writeFileSync(path.join(folder, framework), 'its frame');
}

test('libraries of another installation are copied, hashed and named after', async (context) => {
  const { folder, staging, told, job } = setUp(context, 'there');
  libraries(path.join(folder, 'there', 'tensorflow'));
  const filled = await fill(staging, job());
  assert.deepEqual(filled, {
    name: `tensorflow-local-${sha256('the library').slice(0, 8)}`,
    gpu: false,
    source: path.join(folder, 'there'),
    hashes: { [cc]: sha256('the library'), [framework]: sha256('its frame') },
    spent: [],
    headers: null,
  });
  assert.deepEqual(below(staging), [`deps/lib/${cc}`, `deps/lib/${framework}`]);
  assert.equal(read(staging, 'deps/lib', framework), 'its frame');
  assert.deepEqual(told, [
    ['unpack', 0, 2, cc],
    ['unpack', 1, 2, framework],
  ]);
  // The person may say that they are CUDA's.
  const again = path.join(folder, 'again');
  fs.mkdirSync(again);
  assert.equal((await fill(again, job({ request: { ...job().request, gpu: true } }))).gpu, true);
});

test('CUDA’s libraries beside them stay where they are and are led to', async (context) => {
  const { folder, staging, job } = setUp(context, 'there');
  libraries(path.join(folder, 'there', 'tensorflow'));
  fs.mkdirSync(path.join(folder, 'there', 'nvidia', 'cublas'), { recursive: true });
  const filled = await fill(staging, job());
  assert.equal(filled.gpu, true);
  const link = path.join(staging, 'deps', 'nvidia');
  assert.ok(fs.lstatSync(link).isSymbolicLink());
  assert.equal(fs.readlinkSync(link), fs.realpathSync(path.join(folder, 'there', 'nvidia')));
});

test('libraries need their own size and a little more; canceled, none is copied', async (context) => {
  const { folder, staging, job } = setUp(context, 'there');
  libraries(path.join(folder, 'there'));
  const own = 'the library'.length + 'its frame'.length;
  await needs(own + 50_000_000, () => fill(staging, job()));
  const compiler = { command: 'c++', first: [], version: 'c++', pinned: false };
  const way = { kind: 'compile', source: { root: '', napi: '' }, compiler } as const;
  await assert.rejects(fill(staging, job({ way })), /without their headers/);
  const header = path.join(folder, 'there', 'include', 'tensorflow', 'c', 'c_api.h');
  fs.mkdirSync(path.dirname(header), { recursive: true });
  fs.writeFileSync(header, '');
  await needs(own + 60_000_000, () => fill(staging, job({ way })));
  const stopped = path.join(folder, 'stopped');
  fs.mkdirSync(stopped);
  const port = { ...job().port, signal: AbortSignal.abort() };
  await assert.rejects(
    fill(stopped, job({ port })),
    (error) => error instanceof RuntimeError && error.code === 'cancelled',
  );
  assert.deepEqual(below(stopped), []);
});

test('headers of libraries lie in the package, beside the folder of the libraries, or above a runtime’s', async (context) => {
  const { folder, staging, job } = setUp(context, 'there');
  const compiler = { command: 'c++', first: [], version: 'c++', pinned: false };
  const way = { kind: 'compile', source: { root: '', napi: '' }, compiler } as const;
  const places = [
    ['there/tensorflow', 'there/tensorflow/include'],
    ['there', 'include'],
    ['there/deps/lib', 'there/include'],
  ] as const;
  for (const [at, include] of places) {
    libraries(path.join(folder, at));
    await assert.rejects(fill(staging, job({ way })), (error: unknown) => {
      assert.ok(error instanceof RuntimeError && error.code === 'source', String(error));
      assert.match(error.text.zh, /没有头文件/);
      return error.message.includes(path.join(folder, 'there'));
    });
    fs.mkdirSync(path.join(folder, include, 'tensorflow', 'c'), { recursive: true });
    fs.writeFileSync(path.join(folder, include, 'tensorflow', 'c', 'c_api.h'), '');
    const { headers } = await fill(staging, job({ way }));
    assert.deepEqual(headers, { folder: path.join(folder, include), published: false });
    for (const name of ['there', 'include']) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
});
