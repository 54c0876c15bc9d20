import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from '../../../src/common/text.ts';
import { systemCode, systemText, textOfError, ToldError, toldText } from '../../../src/common/told-error.ts';

const system = (code: string): Error => Object.assign(new Error(`${code}: words`), { code });

test('an error for people is English where one language is asked for, and both in its text', () => {
  const cause = new Error('x');
  const error = new ToldError(text('No.', '不行。'), { cause });
  assert.deepEqual([error.message, error.text, error.cause], ['No.', { en: 'No.', zh: '不行。' }, cause]);
  assert.equal(textOfError(error), error.text);
});

test('an error of another bundle is known by its form', () => {
  const foreign = Object.assign(new Error('No.'), { text: { en: 'No.', zh: '不行。' } });
  assert.deepEqual(toldText(foreign), { en: 'No.', zh: '不行。' });
  for (const other of [
    new Error('x'),
    Object.assign(new Error('x'), { text: 'x' }),
    Object.assign(new Error('x'), { text: null }),
    Object.assign(new Error('x'), { text: { en: 'x' } }),
    Object.assign(new Error('x'), { text: { en: 'x', zh: 1 } }),
    { text: { en: 'x', zh: 'y' } },
    null,
    'x',
  ])
    assert.equal(toldText(other), undefined);
});

test('a system error is told by its code, any other keeps its one language, quoted in Chinese', () => {
  assert.deepEqual(textOfError(system('EACCES')), {
    en: 'This user has no permission (EACCES: words)',
    zh: '当前用户没有权限（“EACCES: words”）',
  });
  assert.deepEqual(textOfError(new Error('x')), { en: 'x', zh: '“x”' });
  assert.deepEqual(textOfError('x'), { en: 'x', zh: '“x”' });
  // What the editor threw in the person's language.
  assert.deepEqual(textOfError(new Error('没有。')), { en: '没有。', zh: '没有。' });
  for (const code of ['toString', 'EWHAT', '']) assert.equal(systemText(system(code)), undefined);
});

test('the system’s code of a failed call, or nothing', () => {
  assert.equal(systemCode(system('ENOENT')), 'ENOENT');
  for (const other of [new Error('x'), null, 'ENOENT', undefined]) assert.equal(systemCode(other), '');
});

test('whatever disks and paths refuse is told in words of both languages', () => {
  const codes = 'ENOENT ENOTDIR EISDIR EACCES EPERM EROFS ELOOP ENAMETOOLONG ENOSPC EDQUOT EMFILE ENFILE EBUSY EIO';
  for (const code of codes.split(' ')) {
    const { en = '', zh = '' } = systemText(system(code)) ?? {};
    assert.match(en, /^[a-z' -]+$/, code);
    assert.match(zh, /^\p{Script=Han}+$/u, code);
  }
});
