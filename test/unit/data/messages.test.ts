/** Errors of data files in both languages. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DataError, systemReason, type DataErrorCode } from '../../../src/data/error.ts';
import { textOf } from '../../../src/data/messages.ts';

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
    const { en, zh } = textOf(new DataError(code, 'a.csv: details.'));
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
  assert.deepEqual(textOf(error), { en: 'English.', zh: '中文。' });
  assert.deepEqual(
    [error.name, error.message, error.code, error.file, error.row, error.column, error.pointer],
    ['DataError', 'English.', 'label', 'a.csv', 3, 'b', '/data'],
  );
  const bare = new DataError('zip', 'x');
  assert.deepEqual(
    [bare.zh, bare.file, bare.row, bare.column, bare.pointer],
    [undefined, undefined, undefined, undefined, undefined],
  );
});

test('what the system refuses is said in words', () => {
  for (const [code, words] of [
    ['ENOENT', 'there is no such file'],
    ['ENOTDIR', 'a part of the path is not a folder'],
    ['EACCES', 'this user may not read it'],
    ['EPERM', 'this user may not read it'],
    ['ELOOP', 'its symbolic links run in a circle'],
    ['EISDIR', 'it is a folder'],
    ['ENAMETOOLONG', 'the name is too long'],
    ['EMFILE', 'it cannot be read (EMFILE)'],
  ] as const)
    assert.equal(systemReason(Object.assign(new Error('x'), { code })), words);
  for (const error of [new Error('x'), null, undefined, 'ENOENT', 5])
    assert.equal(systemReason(error), 'it cannot be read');
});
