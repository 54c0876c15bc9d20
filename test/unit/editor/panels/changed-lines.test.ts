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
