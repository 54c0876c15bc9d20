/** Errors of data files in both languages. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { DataError, systemReason, unreadable } from '../../../src/data/error.ts';
import { text } from '../../../src/common/text.ts';

test('a message is told in both languages, with its place', () => {
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

test('a file that cannot be read is named with the reason', () => {
  const error = unreadable('a.csv', Object.assign(new Error('x'), { code: 'EACCES' }));
  assert.deepEqual(
    [error.code, error.file, error.text],
    ['unreadable', 'a.csv', { en: 'a.csv: this user may not read it.', zh: 'a.csv：当前用户无权读取。' }],
  );
});
