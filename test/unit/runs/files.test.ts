import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as path from 'node:path';
import { test } from 'node:test';
import { readBytes, replaceFile, sizeOf, writeAll, writeNew } from '../../../src/runs/files.ts';
import { fillDisk } from '../full-disk.ts';
import { temporaryFolder } from './helpers.ts';

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
