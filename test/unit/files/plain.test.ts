import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as path from 'node:path';
import { test } from 'node:test';
import {
  besides,
  namesIn,
  openForAppending,
  openPlain,
  readBytes,
  readJson,
  readText,
  renameOver,
  replaceFile,
  sizeOf,
  smallFile,
  syncFolder,
  writeAll,
  writeNew,
} from '../../../src/files/plain.ts';
import { fillDisk } from '../full-disk.ts';
import { temporaryFolder } from '../runs/helpers.ts';

test('what a full disk does not take leaves nothing behind, and the old content in place', (context) => {
  const folder = temporaryFolder(context);
  fs.writeFileSync(path.join(folder, 'old'), 'as it was');
  const end = fillDisk();
  try {
    assert.throws(() => writeNew(path.join(folder, 'new'), 'text', true), { code: 'ENOSPC' });
    assert.throws(() => replaceFile(path.join(folder, 'old'), 'text'), { code: 'ENOSPC' });
  } finally {
    end();
  }
  assert.deepEqual(fs.readdirSync(folder), ['old']);
  assert.equal(fs.readFileSync(path.join(folder, 'old'), 'utf8'), 'as it was');
  writeNew(path.join(folder, 'new'), 'text', true);
  assert.throws(() => writeNew(path.join(folder, 'new'), 'other', true), { code: 'EEXIST' });
  assert.equal(fs.readFileSync(path.join(folder, 'new'), 'utf8'), 'text', 'a name that is taken is left alone');
});

test('the size of a plain file alone', (context) => {
  const folder = temporaryFolder(context);
  fs.writeFileSync(path.join(folder, 'file'), 'four');
  fs.symlinkSync('file', path.join(folder, 'link'));
  assert.equal(sizeOf(path.join(folder, 'file')), 4);
  for (const name of ['link', 'absent', '.']) assert.equal(sizeOf(path.join(folder, name)), null, name);
});

test('large files are written and read in pieces that Node takes', (context) => {
  const file = path.join(temporaryFolder(context), 'weights.bin');
  const { writeSync, readSync } = fs;
  const asked: number[] = [];
  const pieces = (name: 'writeSync' | 'readSync'): void => {
    const real = name === 'writeSync' ? writeSync : readSync;
    const few = (handle: number, bytes: Uint8Array, offset: number, length: number): number => {
      asked.push(length);
      return (real as typeof few)(handle, bytes, offset, Math.min(3, length));
    };
    context.mock.method(fs, name, few);
  };
  pieces('writeSync');
  pieces('readSync');
  syncBuiltinESMExports();
  try {
    writeNew(file, Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), false);
    assert.deepEqual([...(readBytes(file, 8) ?? [])], [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(asked, [8, 5, 2, 8, 5, 2]);
    asked.length = 0;
    // No memory is touched: only the lengths matter.
    const huge = { byteLength: 2 ** 31 + 1 } as Uint8Array;
    context.mock.method(fs, 'writeSync', (_handle: number, _bytes: unknown, _offset: number, length: number) => {
      asked.push(length);
      return length;
    });
    syncBuiltinESMExports();
    writeAll(0, huge);
    assert.deepEqual(asked, [2 ** 30, 2 ** 30, 1]);
  } finally {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  }
});

test('a reader takes what is small enough, plain and there; all else is absent', (context) => {
  const folder = temporaryFolder(context);
  const at = (name: string): string => path.join(folder, name);
  fs.writeFileSync(at('eight'), 'eight ch');
  fs.symlinkSync('eight', at('link'));
  assert.equal(readBytes(at('eight'), 8)?.toString(), 'eight ch');
  assert.equal(readBytes(at('eight'), 7), null);
  for (const name of ['link', 'absent', '.']) assert.equal(readBytes(at(name), 99), null, name);
  // Small control files: 64 KiB at most.
  assert.equal(smallFile, 65_536);
  fs.writeFileSync(at('most'), `"${'x'.repeat(65_534)}"`);
  fs.writeFileSync(at('more'), `"${'x'.repeat(65_535)}"`);
  assert.deepEqual([readText(at('most'))?.length, readText(at('more'))], [65_536, null]);
  assert.deepEqual([(readJson(at('most')) as string).length, readJson(at('more'))], [65_534, undefined]);
  assert.deepEqual([readJson(at('eight')), readJson(at('absent')), readText(at('eight'), 7)], [undefined, undefined, null]); // prettier-ignore
  assert.deepEqual([namesIn(folder).toSorted(), namesIn(at('eight'))], [['eight', 'link', 'more', 'most'], []]);
});

test('nothing is opened through a link, and no folder as a file', (context) => {
  const folder = temporaryFolder(context);
  const at = (name: string): string => path.join(folder, name);
  fs.writeFileSync(at('file'), 'a');
  fs.symlinkSync('file', at('link'));
  for (const open of [openPlain, openForAppending]) {
    assert.throws(() => open(at('link')));
    assert.throws(() => open(folder), (error: NodeJS.ErrnoException) => error.code === 'EINVAL' || error.code === 'EISDIR'); // prettier-ignore
  }
  for (const name of ['file', 'new']) {
    const handle = openForAppending(at(name));
    writeAll(handle, Buffer.from('bc'));
    fs.closeSync(handle);
  }
  assert.deepEqual(['file', 'new'].map((name) => fs.readFileSync(at(name), 'utf8')), ['abc', 'bc']); // prettier-ignore
  const handle = openPlain(at('file'));
  assert.throws(() => writeAll(handle, Buffer.from('x')));
  fs.closeSync(handle);
});

test('what must last is synced, with its folder; what need not is not', (context) => {
  const folder = temporaryFolder(context);
  const synced = context.mock.method(fs, 'fsyncSync', () => undefined);
  syncBuiltinESMExports();
  try {
    replaceFile(path.join(folder, 'a'), 'text');
    replaceFile(path.join(folder, 'a'), 'text', {});
    assert.equal(synced.mock.callCount(), 0);
    replaceFile(path.join(folder, 'a'), Uint8Array.from([120]), { sync: true });
    assert.equal(synced.mock.callCount(), 2);
    syncFolder(path.join(folder, 'absent'));
  } finally {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  }
  assert.deepEqual([fs.readFileSync(path.join(folder, 'a'), 'utf8'), fs.readdirSync(folder)], ['x', ['a']]);
  assert.match(besides('/x/run.json'), /^\/x\/\.run\.json\.[0-9a-f]{12}\.tmp$/);
  assert.notEqual(besides('a'), besides('a'));
});

test('a rename that Windows refuses for a moment is tried ten times, ever more slowly; no other failure is', (context) => {
  const waits: unknown[] = [];
  context.mock.method(Atomics, 'wait', (...[, , , milliseconds]: unknown[]) => waits.push(milliseconds));
  const own = Object.getOwnPropertyDescriptor(process, 'platform') ?? assert.fail();
  const renames = (platform: string, code: string, failures: number): readonly [number, boolean] => {
    let left = failures;
    const mocked = context.mock.method(fs, 'renameSync', () => {
      if (left-- > 0) throw Object.assign(new Error(code), { code });
    });
    syncBuiltinESMExports();
    Object.defineProperty(process, 'platform', { ...own, value: platform });
    waits.length = 0;
    let done = true;
    try {
      renameOver('a', 'b');
    } catch {
      done = false;
    }
    Object.defineProperty(process, 'platform', own);
    const calls = mocked.mock.callCount();
    mocked.mock.restore();
    syncBuiltinESMExports();
    return [calls, done];
  };
  for (const code of ['EPERM', 'EACCES', 'EBUSY']) assert.deepEqual(renames('win32', code, 2), [3, true]);
  assert.deepEqual(waits, [10, 20]);
  assert.deepEqual(renames('win32', 'EBUSY', 9), [10, true]);
  assert.deepEqual(renames('win32', 'EBUSY', 99), [10, false]);
  assert.deepEqual(waits, [10, 20, 30, 40, 50, 60, 70, 80, 90]);
  assert.deepEqual(renames('win32', 'ENOENT', 1), [1, false]);
  assert.deepEqual(renames('linux', 'EBUSY', 1), [1, false]);
});
