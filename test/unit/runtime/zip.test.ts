import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { zipSync, type Zippable } from 'fflate';
import { extract, membersOf, safeTarget, type Member } from '../../../src/runtime/zip.ts';

function folderFor(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-zip-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function archive(folder: string, content: Zippable): string {
  const file = path.join(folder, 'made.whl');
  fs.writeFileSync(file, zipSync(content));
  return file;
}

function member(file: string, name: string): Member {
  const found = membersOf(file).find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

test('what another program packed comes out byte by byte, stored and deflated', async (context) => {
  const folder = folderFor(context);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.constantFrom<0 | 6>(0, 6), async (bytes, level) => {
      const file = archive(folder, {
        'a/b.so.2': [bytes, { level, extra: { 0x7071: Uint8Array.of(1, 2, 3) } }],
        'empty.txt': new Uint8Array(),
      });
      let reported = 0;
      const written = await extract(file, member(file, 'a/b.so.2'), folder, 'deps/lib/b.so', (n) => (reported += n));
      assert.equal(written, path.join(folder, 'deps/lib/b.so'));
      assert.deepEqual(new Uint8Array(fs.readFileSync(written)), bytes);
      assert.equal(reported, bytes.length);
      assert.equal(fs.readFileSync(await extract(file, member(file, 'empty.txt'), folder)).length, 0);
    }),
    { numRuns: 30 },
  );
});

test('names that leave the folder are refused before anything is written', async (context) => {
  const folder = folderFor(context);
  const inside = path.join(folder, 'inside');
  for (const name of ['../out', 'a/../../out', '/etc/out', 'C:\\out', 'a\\b', '..', '', 'a//b', './a', 'a\u0000b']) {
    assert.equal(safeTarget(inside, name), null, JSON.stringify(name));
  }
  const file = archive(folder, { '../escaped.txt': new Uint8Array([1]) });
  await assert.rejects(extract(file, member(file, '../escaped.txt'), inside), /not a sound archive/);
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
  const bytes = new Uint8Array(3000).map((_, i) => (i * 7919) % 251);
  const whole = zipSync({ 'a.so': [bytes, { level: 6 }] });
  const file = path.join(folder, 'made.whl');
  for (const content of [whole.subarray(0, whole.length - 30), new Uint8Array(10), Buffer.from('not an archive')]) {
    fs.writeFileSync(file, content);
    assert.throws(() => membersOf(file), /not a sound archive/);
  }
  fs.writeFileSync(file, whole);
  const honest = member(file, 'a.so');
  for (const lie of [{ bytes: 2999 }, { bytes: 3001 }, { packed: honest.packed - 20 }, { offset: 5 }, { method: 12 }]) {
    await assert.rejects(extract(file, { ...honest, ...lie }, folder), /not a sound archive/);
  }
  await assert.rejects(extract(file, { ...honest, mode: 0o120777 }, folder), /link/);
  assert.deepEqual(fs.readdirSync(folder), ['made.whl']);
});

test('a cancelled extraction leaves no file', async (context) => {
  const folder = folderFor(context);
  const file = archive(folder, { 'a.so': new Uint8Array(2_000_000) });
  const stop = new AbortController();
  const going = extract(file, member(file, 'a.so'), folder, 'a.so', () => stop.abort(), stop.signal);
  await assert.rejects(going, /Canceled/);
  assert.deepEqual(fs.readdirSync(folder), ['made.whl']);
});
