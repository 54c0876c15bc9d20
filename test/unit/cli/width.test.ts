import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveTable } from '../../../src/cli/live-table.ts';
import { columns, cut, padEnd, padStart, widthOf } from '../../../src/cli/width.ts';

test('columns of characters: wide ones two, marks none', () => {
  const widths = [['', 0], ['a', 1], ['é', 1], ['e\u0301', 1], ['中', 2], ['，', 2], ['ｱ', 1], ['한', 2], ['🐧', 2], ['𠀀', 2], ['a\u200bb', 2]] as const; // prettier-ignore
  for (const [text, width] of widths) assert.equal(widthOf(text), width, text);
});

test('padding to a width; what is wider stays', () => {
  assert.deepEqual([padEnd('中', 4), padStart('中', 4)], ['中  ', '  中']);
  assert.deepEqual([padEnd('中文', 3), padStart('中文', 3)], ['中文', '中文']);
});

test('cut to a width: what fits stays, the rest is an ellipsis', () => {
  const cuts = [['abcd', 4, 'abcd'], ['abcd', 3, 'ab…'], ['abcd', 1, '…'], ['中文字', 5, '中文…'], ['中文字', 4, '中…'], ['a中文', 3, 'a…'], ['a中文', 4, 'a中…'], ['中ab', 3, '中…']] as const; // prettier-ignore
  for (const [text, width, kept] of cuts) {
    assert.equal(cut(text, width), kept, `${text} ${String(width)}`);
    assert.ok(widthOf(cut(text, width)) <= width);
  }
});

test('rows of unequal length: the first column to the left, the others to the right, or as many to the left as are words', () => {
  const rows = [['a', '1', 'x'], ['bcd', '100'], ['中', '20', 'yy']]; // prettier-ignore
  assert.deepEqual(columns(rows), ['a      1   x', 'bcd  100', '中    20  yy']);
  assert.deepEqual(columns(rows, { words: 3 }), ['a    1    x', 'bcd  100', '中   20   yy']);
  assert.deepEqual(columns(rows, { words: 2 }), ['a    1     x', 'bcd  100', '中   20   yy']);
  assert.deepEqual(columns([]), []);
});

/** What a table writes on a terminal. */
function drawn(size: { columns?: number; rows?: number }) {
  const written: string[] = [];
  const table = new LiveTable({ ...size, write: (text: string) => written.push(text) });
  const take = (): string => written.splice(0).join('');
  return { table, take };
}

test('a table leaves a column free, is at least 19 wide, and takes a terminal without a size for 80 × 24', () => {
  assert.deepEqual(
    [80, 100, 5, undefined].map((width) => drawn(width === undefined ? {} : { columns: width }).table.width),
    [79, 99, 19, 79],
  );
  const lines = Array.from({ length: 40 }, (_, index) => String(index));
  for (const [rows, shown] of [
    [10, 9],
    [1, 1],
    [undefined, 23],
  ] as const) {
    // prettier-ignore
    const { table, take } = drawn(rows === undefined ? {} : { rows });
    table.draw(lines, 0);
    assert.equal(take().split('\n').length - 1, shown);
  }
});

test('a table is redrawn ten times a second at most, at once when its length changes', () => {
  const { table, take } = drawn({});
  table.draw(['a'], 5);
  assert.equal(take(), 'a\n');
  table.draw(['b'], 104);
  assert.equal(take(), '');
  table.draw(['c'], 105);
  assert.equal(take(), '\u001b[1F\u001b[0Jc\n');
  table.draw(['d', 'e'], 106);
  assert.equal(take(), '\u001b[1F\u001b[0Jd\ne\n');
  table.draw(['f', 'g'], 205);
  assert.equal(take(), '');
});

test('what is drawn cannot steer the terminal, and a line above is cut', () => {
  const { table, take } = drawn({ columns: 20 });
  table.draw(['a\u001b[2J'], 0);
  assert.equal(take(), 'a\\u001b[2J\n');
  table.above('x'.repeat(30));
  assert.equal(take(), `\u001b[1F\u001b[0J${'x'.repeat(18)}…\na\\u001b[2J\n`);
});
