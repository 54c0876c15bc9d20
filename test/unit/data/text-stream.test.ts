/** Texts read in pieces: the encoding is that of the whole file, wherever the pieces end. */
import { strict as assert } from 'node:assert';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import iconv from 'iconv-lite';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import type { SourceFile } from '../../../src/data/paths.ts';
import { readText } from '../../../src/data/text.ts';
import { streamText } from '../../../src/data/text-stream.ts';
import { filesOf } from './handles.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'text-stream-'));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

function fileOf(content: Uint8Array): SourceFile {
  const file = path.join(folder, 'a.txt');
  fs.writeFileSync(file, content);
  return { path: file, name: 'a.txt', bytes: content.length };
}

interface Found {
  readonly text: string;
  readonly encoding: string;
  readonly detected: boolean;
  readonly pieces: number;
}
async function stream(file: SourceFile, partBytes: number, given?: string): Promise<Found> {
  const source = await streamText(file, given, partBytes);
  const pieces: string[] = [];
  for await (const piece of source.pieces()) pieces.push(piece);
  return { text: pieces.join(''), encoding: source.encoding, detected: source.detected, pieces: pieces.length };
}
const failure = async (promise: Promise<unknown>): Promise<DataError> =>
  promise.then(
    () => assert.fail('no error'),
    (error: unknown) => (error instanceof DataError ? error : Promise.reject(error as Error)),
  );

/** As long as the first look, and longer than it. */
const long = 'name,size\n'.repeat(410);

test('each encoding is found, told, and its mark taken off', async () => {
  const chinese = '姓名,城市\n张三,北京\n';
  const cases: readonly (readonly [Uint8Array, string, string])[] = [
    [Buffer.from(chinese), 'utf-8', chinese],
    [Buffer.from(`\ufeff${chinese}`), 'utf-8', chinese],
    [iconv.encode(chinese, 'gb18030'), 'gb18030', chinese],
    [iconv.encode(chinese, 'utf-16le', { addBOM: true }), 'utf-16le', chinese],
    [iconv.encode(chinese, 'utf-16be', { addBOM: true }), 'utf-16be', chinese],
    [iconv.encode(chinese, 'utf-16le', { addBOM: false }), 'utf-16le', chinese],
    [iconv.encode(chinese, 'utf-16be', { addBOM: false }), 'utf-16be', chinese],
    // Without a byte that is 0 the mark alone tells.
    [iconv.encode('红绿', 'utf-16le', { addBOM: true }), 'utf-16le', '红绿'],
    [iconv.encode('红绿', 'utf-16be', { addBOM: true }), 'utf-16be', '红绿'],
    [Buffer.from(long + chinese), 'utf-8', long + chinese],
    // The second guess has all bytes, those before the first odd one too.
    [iconv.encode(long + chinese, 'gb18030'), 'gb18030', long + chinese],
    [iconv.encode(chinese + long + chinese, 'gb18030'), 'gb18030', chinese + long + chinese],
    [new Uint8Array(0), 'utf-8', ''],
  ];
  for (const [bytes, encoding, text] of cases) {
    const file = fileOf(bytes);
    for (const partBytes of [bytes.length < 100 ? 1 : 131, 4096, 100_000]) {
      const found = await stream(file, partBytes);
      assert.deepEqual([found.text, found.encoding, found.detected], [text, encoding, true]);
    }
    const whole = await readText(file, defaultLimits);
    assert.deepEqual([whole.text, whole.encoding, whole.detected], [text, encoding, true]);
  }
});

test('a given encoding is none that was found; what is not of it says so', async () => {
  const file = fileOf(iconv.encode('Köln', 'windows-1252'));
  assert.deepEqual(await stream(file, 2, 'latin1'), {
    text: 'Köln',
    encoding: 'windows-1252',
    detected: false,
    pieces: 2,
  });
  const invalid = await failure(stream(file, 2, 'utf-8'));
  assert.deepEqual([invalid.code, invalid.file], ['encoding', 'a.txt']);
  assert.match(invalid.message, /^a\.txt is not valid utf-8\./);
  assert.match((await failure(stream(file, 2, 'klingon'))).message, /the encoding “klingon” is not known/);
  // A character that the end of the file cuts.
  assert.match((await failure(stream(fileOf(Uint8Array.of(97, 0xe4, 0xb8)), 2, 'utf-8'))).message, /not valid utf-8/);
  assert.match((await failure(stream(fileOf(Uint8Array.of(97, 0xe4)), 2))).message, /neither UTF-8 nor GB18030/);
  const half = fileOf(iconv.encode('张三北京张三北京', 'gb18030').subarray(0, -1));
  assert.match((await failure(stream(half, 3))).message, /neither UTF-8 nor GB18030/);
});

test('pieces are not longer than asked for, and none is empty', async () => {
  assert.equal((await stream(fileOf(Buffer.from('abcdefg')), 3)).pieces, 3);
  assert.equal((await stream(fileOf(Buffer.from('abcdefg')), 100)).pieces, 1);
  // Three bytes a character: of pieces of one byte only every third is a text.
  assert.equal((await stream(fileOf(Buffer.from('中文')), 1)).pieces, 2);
});

test('zeros are no text, in whichever piece they stand', async () => {
  const latin = iconv.encode('Köln', 'windows-1252');
  const zero = Uint8Array.of(0);
  const letters = Buffer.from('a,b\n');
  const pairs = iconv.encode('a,b\n'.repeat(500), 'utf-16le', { addBOM: false });
  for (const parts of [
    [letters, zero],
    [Buffer.from(long), zero, letters],
    [Buffer.from(long), Buffer.from(long), zero],
    // Before, and behind, what is not valid UTF-8.
    [Buffer.from(long), zero, Buffer.from(long), latin],
    [Buffer.from(long), latin, Buffer.from(long), zero],
    [latin, Buffer.from(long), zero, Buffer.from(long)],
    // Only how a file begins says that it is UTF-16.
    [Buffer.from(long), pairs],
  ]) {
    const file = fileOf(Buffer.concat(parts));
    for (const partBytes of [100, 4096, 100_000]) {
      const error = await failure(stream(file, partBytes));
      assert.equal(error.code, 'encoding');
      assert.match(error.message, /^a\.txt is no text file: it holds zero bytes/);
    }
  }
});

test('Western letters are not taken for Chinese, whatever their order', async () => {
  const chinese = iconv.encode('张三北京', 'gb18030');
  const western = iconv.encode('über Köln', 'windows-1252');
  for (const parts of [
    [western],
    [Buffer.from(long), western],
    [chinese, western, western, western],
    [western, western, western, chinese],
  ]) {
    const file = fileOf(Buffer.concat(parts));
    for (const partBytes of [1, 4096, 100_000])
      assert.match((await failure(stream(file, partBytes))).message, /neither UTF-8 nor GB18030/);
  }
  // Valid pairs of GB 2312, but a byte that no GB18030 text has.
  const odd = fileOf(Buffer.concat([chinese, chinese, Uint8Array.of(0xff), chinese]));
  for (const partBytes of [1, 100_000]) assert.match((await failure(stream(odd, partBytes))).message, /neither/);
});

test('a file that cannot be read says why, by the name that the person gave it', async () => {
  const gone = { path: path.join(folder, 'none'), name: 'data/none.txt', bytes: 3 };
  for (const given of [undefined, 'utf-8']) {
    const error = await failure(stream(gone, 10, given));
    assert.deepEqual([error.code, error.file], ['unreadable', 'data/none.txt']);
    assert.equal(error.message, 'data/none.txt: there is no such file.');
  }
  const error = await failure(stream({ path: folder, name: 'data', bytes: 3 }, 10));
  assert.deepEqual([error.code, error.message], ['unreadable', 'data: it is a folder.']);
});

test('no file stays open: not when all was read, nor when a reader stops or the text is not valid', async () => {
  const readSome = async (file: SourceFile): Promise<void> => {
    const source = await streamText(file, undefined, 4);
    for await (const piece of source.pieces()) if (piece !== '') break;
  };
  const valid = fileOf(Buffer.from('abcdefghij'));
  assert.deepEqual(await filesOf(async () => stream(valid, 4)), { opened: 2, left: 0 });
  assert.deepEqual(await filesOf(async () => readSome(valid)), { opened: 2, left: 0 });
  assert.deepEqual(await filesOf(async () => readText(valid, defaultLimits)), { opened: 1, left: 0 });
  const invalid = fileOf(iconv.encode('Köln', 'windows-1252'));
  assert.deepEqual(await filesOf(async () => stream(invalid, 1)), { opened: 2, left: 0 });
  assert.deepEqual(await filesOf(async () => stream(invalid, 1, 'utf-8')), { opened: 1, left: 0 });
  const folderAsFile = { path: folder, name: 'data', bytes: 3 };
  assert.deepEqual(await filesOf(async () => readText(folderAsFile, defaultLimits)), { opened: 1, left: 0 });
});
