// What is heard of the sentences that tests provoke.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { ear, isMaker, mistakesIn, withEar } from '../../../scripts/lib/heard.mjs';
import { root } from '../../../scripts/lib/process.mjs';
import { text } from '../../../src/common/text.ts';

test('English in place of Chinese and half-width marks are found; names, code and formulas are left alone', () => {
  const half = 'half-width marks between Chinese characters';
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['There is no such file.', '没有此文件。', []],
    ['There is no such file.', 'There is no such file.', ['no Chinese', 'English in the Chinese']],
    ['Not read: there is no such file.', '未读取：there is no such file。', ['English in the Chinese']],
    ['Two, both wrong.', '两个,都不对。', [half]],
    ['Two (both wrong).', '两个(都不对)。', [half]],
    ['Values: 3.', '取值 :3。', [half]],
    ['Set "scale": "pixels".', '请设置 "scale": "pixels"。', []],
    ['A “this, is his own name” is missing.', '缺少“这,是他自己的名字 as he wrote it”。', []],
    ['The shape is [3, 4].', '形状为 [3, 4]，不是 [样本, 高]。', []],
    ['/tasks/a leads to nothing.', '/tasks/任务,一 没有对应的内容。', []],
    ['It said:\nno such file or folder', '其输出为：\nno such file or folder', []],
    ['MAE', 'MAE', []],
    ['甲!#?', '甲!#?', []],
  ];
  for (const [en, zh, found] of cases) assert.deepEqual(mistakesIn(en, zh), found, zh);
});

test('the maker of sentences is listened to, here as well', () => {
  const file = `${root}/src/common/text.ts`;
  assert.ok(isMaker(file) && !isMaker(`${root}/src/data/text.ts`));
  assert.match(withEar(fs.readFileSync(file, 'utf8')), new RegExp(`text = \\(.*=>\\s+globalThis\\.${ear}\\?\\.`));
  assert.throws(() => withEar('export const other = 1;'), /in another way/);
  const said: string[] = [];
  const holder = globalThis as unknown as Record<string, unknown>;
  const usual = holder[ear];
  holder[ear] = (en: string, zh: string): undefined => void said.push(en, zh);
  try {
    assert.deepEqual(text('Yes.', '是。'), { en: 'Yes.', zh: '是。' });
  } finally {
    holder[ear] = usual;
  }
  assert.deepEqual(said, ['Yes.', '是。']);
});
