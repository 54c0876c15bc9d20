/** JSON Pointers: the examples of RFC 6901. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeToken, parsePointer, pointerOf } from '../../../../src/spec/editing/pointer.ts';

test('the examples of RFC 6901', () => {
  for (const [pointer, tokens] of [
    ['', []],
    ['/foo', ['foo']],
    ['/foo/0', ['foo', '0']],
    ['/', ['']],
    ['/a~1b', ['a/b']],
    ['/c%d', ['c%d']],
    ['/m~0n', ['m~n']],
    ['/~01', ['~1']],
    ['//', ['', '']],
    ['/a~1b~1c~0~0', ['a/b/c~~']],
  ] as const) {
    assert.deepEqual(parsePointer(pointer), tokens, pointer);
    assert.equal(pointerOf(tokens), pointer);
  }
  for (const text of ['foo', 'foo/', '~', '/~', '/a~2b', '/~0~']) assert.equal(parsePointer(text), undefined, text);
  assert.equal(pointerOf(['a', 0, 'b']), '/a/0/b');
  assert.equal(escapeToken('~/~/'), '~0~1~0~1');
});

test('any names come back', () => {
  const names = fc.array(fc.string({ unit: fc.constantFrom('~', '/', '0', '1', 'a', '中'), maxLength: 6 }), {
    maxLength: 4,
  });
  fc.assert(fc.property(names, (tokens) => assert.deepEqual(parsePointer(pointerOf(tokens)), tokens)));
});
