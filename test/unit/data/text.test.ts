import { strict as assert } from 'node:assert';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import type { SourceFile } from '../../../src/data/paths.ts';
import { readText } from '../../../src/data/text.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'text-'));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

function fileOf(content: string, bytes = Buffer.byteLength(content)): SourceFile {
  const file = path.join(folder, 'a.csv');
  fs.writeFileSync(file, content);
  return { path: file, name: 'a.csv', bytes };
}

test('a file that has become shorter meanwhile ends where it ends', async () => {
  const { text, complete } = await readText(fileOf('a,b\n1,2\n', 20), defaultLimits);
  assert.deepEqual([text, complete], ['a,b\n1,2\n', false]);
});

test('the beginning alone, where only so much is asked for', async () => {
  const file = fileOf('abcdef');
  const of = async (headBytes: number): Promise<unknown> => {
    const { text, complete } = await readText(file, defaultLimits, { headBytes });
    return [text, complete];
  };
  assert.deepEqual(await of(4), ['abcd', false]);
  assert.deepEqual(await of(6), ['abcdef', true]);
  assert.deepEqual(await of(60), ['abcdef', true]);
});

test('a text as large as the limit is read; a larger one says its size, but its beginning can be looked at', async () => {
  const limits = { ...defaultLimits, textBytes: 6 };
  assert.equal((await readText(fileOf('abcdef'), limits)).text, 'abcdef');
  await assert.rejects(readText(fileOf('abcdefg'), limits), (error) => error instanceof DataError && error.code === 'too-large'); // prettier-ignore
  assert.equal((await readText(fileOf('abcdefg'), limits, { headBytes: 2 })).text, 'ab');
});

test('zero bytes are no text, in one encoding or the other', async () => {
  const rows = Buffer.from('a,b\n'.repeat(20));
  for (const parts of [
    [rows, Buffer.of(0)],
    [rows, Buffer.of(0xd6, 0xd0, 0x2c, 0)],
  ]) {
    const content = Buffer.concat(parts);
    const file = fileOf('', content.length);
    fs.writeFileSync(file.path, content);
    await assert.rejects(readText(file, defaultLimits), (error: unknown) => {
      assert.ok(error instanceof DataError);
      assert.deepEqual(
        [error.code, error.message],
        ['encoding', 'a.csv is no text file: it holds zero bytes. Name a data file, or set data.format.'],
      );
      return true;
    });
  }
});

test('a file that cannot be read says why, by the name that the person gave it', async () => {
  const gone = { path: path.join(folder, 'none'), name: 'data/none.csv', bytes: 3 };
  await assert.rejects(readText(gone, defaultLimits), (error: unknown) => {
    assert.ok(error instanceof DataError && error.code === 'unreadable' && error.file === 'data/none.csv');
    assert.equal(error.message, 'data/none.csv: there is no such file.');
    return true;
  });
});
