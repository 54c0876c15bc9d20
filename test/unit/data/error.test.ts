/** Errors of data files in both languages. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DataError, systemReason, type DataErrorCode } from '../../../src/data/error.ts';
import { text } from '../../../src/common/text.ts';

/** The codes as the type lists them. */
const codes = [
  ...(/export type DataErrorCode =([^;]*);/
    .exec(readFileSync(new URL('../../../src/data/error.ts', import.meta.url), 'utf8'))?.[1]
    ?.matchAll(/'([^']+)'/g) ?? []),
].map(([, code]) => code as DataErrorCode);

test('each kind of trouble has words of its own in Chinese, followed by the details', () => {
  assert.ok(codes.length >= 26);
  const said = new Map<string, string>();
  for (const code of codes) {
    const { en, zh } = new DataError(code, 'a.csv: details.').text;
    assert.equal(en, 'a.csv: details.', code);
    const words = /^(.+)。a\.csv: details\.$/.exec(zh)?.[1] ?? '';
    assert.match(words, /[\u4e00-\u9fff]{2}/, code);
    assert.equal(said.get(words), undefined, `${code} has words of its own`);
    said.set(words, code);
  }
});

test('a message written in both languages is told as it was written', () => {
  const error = new DataError(
    'label',
    { en: 'English.', zh: '中文。' },
    { file: 'a.csv', row: 3, column: 'b', pointer: '/data' },
  );
  assert.deepEqual(error.text, { en: 'English.', zh: '中文。' });
  assert.deepEqual(
    [error.name, error.message, error.code, error.file, error.row, error.column, error.pointer],
    ['DataError', 'English.', 'label', 'a.csv', 3, 'b', '/data'],
  );
  const bare = new DataError('zip', text('x', '某'));
  assert.deepEqual([bare.file, bare.row, bare.column, bare.pointer], [undefined, undefined, undefined, undefined]);
});

test('what the system refuses is said in words', () => {
  for (const [code, en, zh] of [
    ['ENOENT', 'there is no such file', '文件不存在'],
    ['ENOTDIR', 'a part of the path is not a folder', '路径中有一部分不是文件夹'],
    ['EACCES', 'this user may not read it', '当前用户无权读取'],
    ['EPERM', 'this user may not read it', '当前用户无权读取'],
    ['ELOOP', 'its symbolic links run in a circle', '符号链接形成循环'],
    ['EISDIR', 'it is a folder', '这是文件夹'],
    ['ENAMETOOLONG', 'the name is too long', '名称过长'],
    ['EMFILE', 'this process has too many open files', '本进程打开的文件过多'],
    ['EWHAT', 'it cannot be read (EWHAT)', '无法读取（EWHAT）'],
  ] as const)
    assert.deepEqual(systemReason(Object.assign(new Error('x'), { code })), { en, zh });
  for (const error of [new Error('x'), null, undefined, 'ENOENT', 5])
    assert.deepEqual(systemReason(error), { en: 'it cannot be read', zh: '无法读取' });
});
