import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listOf } from '../../../../src/plan/problems/quote.ts';

test('a short list is whole, of a long one the beginning is told and the rest counted, in both languages', () => {
  assert.deepEqual(listOf(['a']), { en: '"a"', zh: '“a”' });
  assert.deepEqual(listOf(['a', 'b']), { en: '"a", "b"', zh: '“a”、“b”' });
  const names = Array.from({ length: 1400 }, (_, index) => `n${String(index)}`);
  assert.deepEqual(listOf(names), {
    en: '"n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7" and 1392 more',
    zh: '“n0”、“n1”、“n2”、“n3”、“n4”、“n5”、“n6”、“n7”等 1400 个',
  });
  assert.equal(listOf(names.slice(0, 8)).en.includes('more'), false);
  assert.equal(listOf(['x'.repeat(60)]).en, `"${'x'.repeat(40)}…"`);
});
