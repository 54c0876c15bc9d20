/** Sentences in both languages, put together from parts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, joined, labeled, text, withoutEnd } from '../../../src/common/text.ts';

test('a sentence is English first; without its end it loses the last sign alone', () => {
  assert.deepEqual(text('one', '一'), { en: 'one', zh: '一' });
  assert.deepEqual(withoutEnd(text('Version 2.1 is here.', '见 2.1 版。已更新。')), {
    en: 'Version 2.1 is here',
    zh: '见 2.1 版。已更新',
  });
  for (const kept of [text('see a.b for more', '见。之后'), text('“Stop.”', '“停。”'), text('', '')])
    assert.deepEqual(withoutEnd(kept), kept);
});

test('several stand in their order, with each language’s own sign between them', () => {
  assert.deepEqual(joined([text('a', '甲'), text('b', '乙'), text('c', '丙')]), { en: 'a; b; c', zh: '甲；乙；丙' });
  assert.deepEqual(joined([text('a', '甲')]), { en: 'a', zh: '甲' });
  assert.deepEqual(joined([]), { en: '', zh: '' });
  const label = text('Formula', '公式');
  assert.deepEqual([labeled(label, 'en'), labeled(label, 'zh')], ['Formula: ', '公式：']);
});

test('one is a singular, none and a half are not', () => {
  assert.deepEqual(
    [0, 0.5, 1, 2].map((count) => counted(count, 'run')),
    ['0 runs', '0.5 runs', '1 run', '2 runs'],
  );
  assert.deepEqual(
    [1, 3].map((count) => counted(count, 'class is', 'classes are')),
    ['1 class is', '3 classes are'],
  );
});
