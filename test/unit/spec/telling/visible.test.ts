import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visible, visibleLine } from '../../../../src/spec/telling/visible.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** C0 without tab and line feed, DEL and C1, and everything of Unicode that turns text round or begins a line. */
const steering = [
  ...range(0x00, 0x08),
  ...range(0x0b, 0x1f),
  ...range(0x7f, 0x9f),
  ...[0x061c, 0x200e, 0x200f, 0x2028, 0x2029],
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
];

test('what steers a display is shown as what it is', () => {
  for (const code of steering) {
    const escaped = `a\\u${code.toString(16).padStart(4, '0')}b`;
    assert.equal(visible(`a${String.fromCharCode(code)}b`), escaped);
    assert.equal(visibleLine(`a${String.fromCharCode(code)}b`), escaped);
  }
  assert.equal(visible('a\u001b[2J\u001b]0;title\u0007\u202ec'), 'a\\u001b[2J\\u001b]0;title\\u0007\\u202ec');
});

test('lines stay lines, except within one', () => {
  assert.equal(visible('分类\n\tx\r\ny\rz'), '分类\n\tx\r\ny\\u000dz');
  assert.equal(visibleLine('a\nmtl: done\r\n\tb'), 'a\\nmtl: done\\r\\n\\tb');
});

test('every other letter stays, and what is escaped once is not escaped again', () => {
  const text = 'Größe “分类” ﷽ e\u0301 👩\u200d🔬 \u00a0 אבג \\u001b';
  assert.equal(visible(text), text);
  const once = visible('\u001b\u2066');
  assert.equal(visible(once), once);
});

test('JSON text holds the same values afterwards', () => {
  const value = { [`k${String.fromCharCode(...steering)}`]: [String.fromCharCode(...steering), 1.5, null] };
  const text = visible(JSON.stringify(value));
  assert.deepEqual(JSON.parse(text), value);
  assert.doesNotMatch(text, /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
});
