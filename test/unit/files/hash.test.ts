import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { fileState, hashFile, sha256OfFile } from '../../../src/files/hash.ts';
import { temporaryFolder } from '../runs/helpers.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('the hash of a file is that of its bytes, however many pieces it is read in', async (context) => {
  const file = path.join(temporaryFolder(context), 'data');
  fs.writeFileSync(file, 'abc');
  // FIPS 180-2, B.1.
  const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.deepEqual([(await hashFile(file)).sha256, sha256OfFile(file)], [known, known]);
  const bytes = Buffer.alloc(2.5 * 1024 * 1024, 'many bytes ');
  fs.writeFileSync(file, bytes);
  for (const beginning of [0, 3, 1024 * 1024, 1024 * 1024 + 1, bytes.length]) {
    const read: number[] = [];
    const found = await hashFile(file, { beginning, onBytes: (count) => read.push(count) });
    assert.equal(found.sha256, sha256(bytes));
    assert.equal(sha256OfFile(file), sha256(bytes));
    assert.equal(found.bytes, bytes.length);
    assert.equal(found.beginning, sha256(bytes.subarray(0, beginning)), String(beginning));
    assert.deepEqual(read, [1024 * 1024, 1024 * 1024, 512 * 1024]);
  }
  assert.equal((await hashFile(file, { beginning: bytes.length + 1 })).beginning, undefined, 'it became shorter');
});

test('an empty file has a hash; one that is missing throws what the system says', async (context) => {
  const file = path.join(temporaryFolder(context), 'data');
  fs.writeFileSync(file, '');
  const found = await hashFile(file);
  assert.deepEqual([found.bytes, found.sha256], [0, sha256(Buffer.alloc(0))]);
  assert.equal(sha256OfFile(file), found.sha256);
  await assert.rejects(hashFile(`${file}.csv`), { code: 'ENOENT' });
  assert.throws(() => sha256OfFile(`${file}.csv`), { code: 'ENOENT' });
});

test('a file that was written is in another state, even if its time is set back', async (context) => {
  const file = path.join(temporaryFolder(context), 'data');
  fs.writeFileSync(file, 'abc');
  const { mtime } = fs.statSync(file);
  const { state } = await hashFile(file);
  assert.equal(await fileState(file), state);
  fs.writeFileSync(file, 'abd');
  fs.utimesSync(file, mtime, mtime);
  assert.notEqual(await fileState(file), state);
  fs.rmSync(file);
  assert.equal(await fileState(file), null);
});
