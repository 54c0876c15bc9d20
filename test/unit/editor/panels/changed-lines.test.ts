import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changedLines } from '../../../../src/editor/panels/changed-lines.ts';
import { applyEdits } from '../../../../src/spec/index.ts';

test('whole lines between a common beginning and a common end', () => {
  assert.deepEqual(changedLines('a\nb\nc\n', 'a\nB\nc\n'), { start: 2, end: 4, text: 'B\n' });
  assert.deepEqual(changedLines('a\r\nb\r\nc', 'a\r\nb2\r\nc'), { start: 3, end: 6, text: 'b2\r\n' });
  assert.deepEqual(changedLines('a', 'b'), { start: 0, end: 1, text: 'b' });
  assert.deepEqual(changedLines('a\n', 'a\na\n'), { start: 2, end: 2, text: 'a\n' });
  // The beginning and the end do not overlap, though empty lines are like one another.
  assert.deepEqual(changedLines('a\n\n', 'a\n\n\n\n'), { start: 3, end: 3, text: '\n\n' });
  assert.deepEqual(changedLines('a\n\n\n\n', 'a\n\n'), { start: 3, end: 5, text: '' });
  // The last line needs no end of its own to be a common one; nor does an empty first one.
  assert.deepEqual(changedLines('a\nb', 'a\nz\nb'), { start: 2, end: 2, text: 'z\n' });
  assert.deepEqual(changedLines('\nb', 'x\nb'), { start: 0, end: 1, text: 'x\n' });
});

test('the edit makes the one text the other', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r\n', '任', '😀') });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edit = changedLines(before, after);
      assert.equal(applyEdits(before, [edit]), after);
      for (const place of [edit.start, edit.end])
        assert.ok(place === 0 || place === before.length || before[place - 1] === '\n');
    }),
  );
});
