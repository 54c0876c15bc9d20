/** What is wrong with an archive, said of the data file; what is wrong with it in which case is in test/unit/files/zip.test.ts. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { inArchive } from '../../../src/data/archive.ts';
import { DataError } from '../../../src/data/error.ts';
import type { SourceFile } from '../../../src/data/paths.ts';
import type { Archive } from '../../../src/files/zip.ts';
import { zipOf } from '../files/zip-of.ts';
import { filesOf } from './handles.ts';

const content = Buffer.from('first');

function fileFor(context: TestContext, bytes: Uint8Array): SourceFile {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-archive-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'a.npz');
  fs.writeFileSync(file, bytes);
  return { path: file, name: 'data/a.npz', bytes: bytes.length };
}

async function refusal(promise: Promise<unknown>): Promise<DataError> {
  const error: unknown = await promise.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DataError, String(error));
  assert.equal(error.file, 'data/a.npz');
  return error;
}

async function read(archive: Archive): Promise<string> {
  let text = '';
  for (const member of archive.members)
    for await (const piece of archive.content(member)) text += Buffer.from(piece).toString();
  return text;
}

test('a damaged archive is told of, whether that is seen at once, at its beginning or while it is read', async (context) => {
  const damaged = {
    en: 'data/a.npz is not a whole NPZ (ZIP) archive: “a.npy” is damaged (wrong checksum). Save or copy it again.',
    zh: 'data/a.npz 不是完整的 NPZ（ZIP）归档：“a.npy”已损坏（校验和不符）。请重新保存或复制。',
  };
  const wrong = fileFor(context, zipOf([{ name: 'a.npy', content, crc: 1 }]));
  const error = await refusal(inArchive(wrong, { members: 1 }, read));
  assert.deepEqual([error.code, error.text], ['zip', damaged]);
  const none = await refusal(inArchive(fileFor(context, content), { members: 1 }, read));
  assert.deepEqual([none.code, /its directory is missing/.test(none.message)], ['zip', true]);
  const packed = fileFor(context, zipOf([{ name: 'a.npy', content, method: 8 }]));
  const begun = inArchive(packed, { members: 1 }, async (archive) =>
    archive.begin(archive.members[0] ?? assert.fail(), 100),
  );
  assert.match((await refusal(begun)).message, /“a\.npy” cannot be inflated\. Save/);
});

test('too many members, and a file that cannot be opened', async (context) => {
  const file = fileFor(context, zipOf(['a', 'b'].map((name) => ({ name, content }))));
  const many = await refusal(inArchive(file, { members: 1 }, read));
  const words = {
    en: 'data/a.npz has 2 members; the limit is 1. Save only the arrays that are needed.',
    zh: 'data/a.npz 有 2 个成员，上限为 1。请只保存所需的数组。',
  };
  assert.deepEqual([many.code, many.text], ['too-large', words]);
  const gone = await refusal(inArchive({ ...file, path: `${file.path}.no` }, { members: 1 }, read));
  assert.deepEqual([gone.code, gone.message], ['unreadable', 'data/a.npz: there is no such file.']);
});

test('the file is closed in the end, and what its user throws comes out as it is', async (context) => {
  const file = fileFor(context, zipOf([{ name: 'a.npy', content }]));
  assert.equal(await inArchive(file, { members: 1 }, read), 'first');
  const own = new Error('own');
  const failing = async (): Promise<never> => Promise.reject(own);
  await assert.rejects(inArchive(file, { members: 1 }, failing), (error) => error === own);
  for (const use of [read, failing])
    assert.deepEqual(await filesOf(async () => inArchive(file, { members: 1 }, use)), { opened: 1, left: 0 });
});
