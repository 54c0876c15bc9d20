import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { zipSync, type Zippable } from 'fflate';
import { RuntimeError } from '../../../src/runtime/error.ts';
import { safeTarget, unpack } from '../../../src/runtime/unpack.ts';
import { zipOf, type Entry } from '../files/zip-of.ts';

function folderFor(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-unpack-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function archive(folder: string, content: Zippable): string {
  const file = path.join(folder, 'made.whl');
  fs.writeFileSync(file, zipSync(content));
  return file;
}

const asNamed = { names: (member: string): string => member };

test('what another program packed comes out byte by byte, stored and deflated', async (context) => {
  const folder = folderFor(context);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.constantFrom<0 | 6>(0, 6), async (bytes, level) => {
      const file = archive(folder, {
        'a/': new Uint8Array(),
        'a/b.so.2': [bytes, { level, extra: { 0x7071: Uint8Array.of(1, 2, 3) } }],
        'empty.txt': new Uint8Array(),
        'not wanted': bytes,
      });
      const names: Readonly<Record<string, string>> = { 'a/b.so.2': 'deps/lib/b.so', 'empty.txt': 'empty' };
      const reported = new Map<string, number>();
      const report = (count: number, name: string): unknown => reported.set(name, (reported.get(name) ?? 0) + count);
      await unpack(file, folder, { names: (member) => names[member] ?? null, report });
      assert.deepEqual(new Uint8Array(fs.readFileSync(path.join(folder, 'deps/lib/b.so'))), bytes);
      assert.equal(reported.get('deps/lib/b.so') ?? 0, bytes.length);
      assert.equal(fs.readFileSync(path.join(folder, 'empty')).length, 0);
      assert.deepEqual(fs.readdirSync(folder).sort(), ['deps', 'empty', 'made.whl']);
    }),
    { numRuns: 30 },
  );
});

test('what may be executed may be so again, and nothing else', async (context) => {
  const folder = folderFor(context);
  const bytes = Uint8Array.of(1);
  const file = archive(folder, { tool: [bytes, { os: 3, attrs: 0o100755 << 16 }], 'a.so': bytes });
  await unpack(file, folder, asNamed);
  const modes = ['tool', 'a.so'].map((name) => fs.statSync(path.join(folder, name)).mode & 0o111);
  if (process.platform !== 'win32') assert.deepEqual(modes, [0o111, 0]);
});

test('names that leave the folder are refused before anything is written', async (context) => {
  const folder = folderFor(context);
  const inside = path.join(folder, 'inside');
  for (const name of ['../out', 'a/../../out', '/etc/out', 'C:\\out', 'a\\b', '..', '', 'a//b', './a', 'a\u0000b']) {
    assert.equal(safeTarget(inside, name), null, JSON.stringify(name));
  }
  const file = archive(folder, { '../escaped.txt': new Uint8Array([1]) });
  await assert.rejects(unpack(file, inside, asNamed), { code: 'archive', message: /"\.\.\/escaped\.txt"/ });
  assert.deepEqual(fs.readdirSync(folder), ['made.whl']);
});

test('any name either stays below the folder or is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', ':', ' ', '\u0000', 'é') }), (name) => {
      const target = safeTarget('/base/folder', name);
      assert.ok(target === null || target.startsWith('/base/folder/'));
    }),
  );
});

test('cut off, overwritten and lying archives are refused, and leave no file', async (context) => {
  const folder = folderFor(context);
  const file = path.join(folder, 'made.whl');
  const refused = async (bytes: Uint8Array): Promise<RuntimeError> => {
    fs.writeFileSync(file, bytes);
    const error: unknown = await unpack(file, folder, asNamed).catch((reason: unknown) => reason);
    assert.ok(error instanceof RuntimeError && error.code === 'archive', String(error));
    assert.match(error.message, /^made\.whl is not a sound archive \(.+\)\. Delete it and install again\.$/);
    assert.match(error.text.zh, /^made\.whl 不是完好的压缩包（.+）。请删除后重新安装。$/);
    assert.deepEqual(fs.readdirSync(folder), ['made.whl']);
    return error;
  };
  const honest: Entry = {
    name: 'a.so',
    content: new Uint8Array(3000).map((_, i) => (i * 7919) % 251),
    deflate: true,
  };
  const whole = zipOf([honest]);
  for (const bytes of [whole.subarray(0, whole.length - 30), new Uint8Array(10), Buffer.from('not an archive')])
    await refused(bytes);
  for (const lie of [{ size: 2999 }, { size: 3001 }, { compressed: 20 }, { offset: 5 }, { method: 12 }])
    await refused(zipOf([{ ...honest, ...lie }]));
  const damaged = await refused(zipOf([{ ...honest, crc: 7 }]));
  assert.deepEqual(damaged.text, {
    en: 'made.whl is not a sound archive (“a.so” is damaged (wrong checksum)). Delete it and install again.',
    zh: 'made.whl 不是完好的压缩包（“a.so”已损坏（校验和不符））。请删除后重新安装。',
  });
  assert.match((await refused(zipOf([{ ...honest, mode: 0o120777 }]))).message, /“a\.so” is a link/);
});

test('an archive with 64-bit fields is one', async (context) => {
  const folder = folderFor(context);
  const file = path.join(folder, 'made.whl');
  const content = Buffer.from('a library');
  fs.writeFileSync(file, zipOf([{ name: 'a.so', content, wide: ['size', 'compressed', 'offset'] }], { zip64: true }));
  await unpack(file, folder, asNamed);
  assert.equal(fs.readFileSync(path.join(folder, 'a.so'), 'utf8'), 'a library');
});

test('a canceled extraction leaves no file', async (context) => {
  const folder = folderFor(context);
  const file = archive(folder, { 'a.so': new Uint8Array(2_000_000) });
  const stop = new AbortController();
  const going = unpack(file, folder, { ...asNamed, report: () => stop.abort(), signal: stop.signal });
  await assert.rejects(going, { code: 'cancelled' });
  assert.deepEqual(fs.readdirSync(folder), ['made.whl']);
});

test('a disk that becomes full says so itself, and no piece of a file stays', async (context) => {
  const folder = folderFor(context);
  const file = archive(folder, { 'a.so': new Uint8Array(2_000_000) });
  const { mock } = context.mock.method(fsp, 'writeFile', async (part: string, pieces: AsyncIterable<Uint8Array>) => {
    for await (const piece of pieces) {
      fs.writeFileSync(part, piece);
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    }
  });
  syncBuiltinESMExports();
  context.after(() => {
    mock.restore();
    syncBuiltinESMExports();
  });
  await assert.rejects(unpack(file, folder, asNamed), { code: 'ENOSPC' });
  assert.deepEqual(fs.readdirSync(folder), ['made.whl']);
});
