import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { replaceFile, sizeOf, writeNew } from '../../../src/runs/files.ts';
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
