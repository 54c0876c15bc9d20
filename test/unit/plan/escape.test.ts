import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeName, escapePhrase } from '../../../src/plan/escape.ts';

/** What Mermaid makes of entities in the end. */
const decode = (text: string): string =>
  text.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

test('letters, digits, Chinese and single spaces stay readable', () => {
  assert.equal(escapeName('特征 extraction 2'), '特征 extraction 2');
  assert.equal(escapePhrase('conv2d 10 × 3×3, relu'), 'conv2d 10 × 3×3, relu');
});

test('what Mermaid, markdown or HTML would act on is encoded', () => {
  assert.equal(escapeName('`"%%{$$<b>'), '#96;#34;#37;#37;#123;#36;#36;#60;b#62;');
  assert.equal(escapeName('a\nb'), 'a#10;b');
  assert.equal(escapeName('ﬂ°°60¶ß'), '#64258;#176;#176;60#182;#223;');
});

test('a space at the beginning, and every one after another, is encoded: Mermaid would drop it', () => {
  for (const encode of [escapeName, escapePhrase]) {
    assert.equal(encode(' a'), '#32;a');
    assert.equal(encode('a b c'), 'a b c');
    assert.equal(encode('a   b'), 'a #32;#32;b');
    assert.equal(encode('a '), 'a ');
  }
  assert.equal(escapePhrase('ﬂ-ß'), '#64258;-#223;');
  assert.equal(escapeName('a-b'), 'a#45;b');
});

test('any text comes back, and nothing but letters, digits, spaces and entities is written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const encode of [escapeName, escapePhrase]) {
        const encoded = encode(text);
        assert.equal(decode(encoded), text);
        assert.doesNotMatch(encoded, /["`{}<>|%$*_~&@\\\n\r\t]/);
        assert.doesNotMatch(encoded, / {2}/);
      }
      assert.match(escapeName(text), /^(?:[\p{L}\p{M}\p{N} ]|#\d+;)*$/u);
    }),
    { numRuns: 500 },
  );
});
