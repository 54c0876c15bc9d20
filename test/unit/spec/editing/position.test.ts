/** Offsets, lines and paths: at the edges of values, and for every line end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTree } from '../../../../src/spec/index.ts';
import { lineColumn, nearestAt, nodeAt, pathAt } from '../../../../src/spec/editing/position.ts';

//              0         1         2         3         4
//              0123456789012345678901234567890123456789012345
const source = ' { "a": [10, { "b": "x" }], "c": , "a": true } ';
const { tree } = parseTree(source);

test('each offset has its innermost place', () => {
  const places: readonly (readonly [number, number, string, readonly (string | number)[]])[] = [
    [1, 1, 'value', []],
    [2, 2, 'gap', []],
    [3, 6, 'key', ['a']],
    [7, 7, 'gap', []],
    [8, 8, 'value', ['a']],
    [9, 11, 'value', ['a', 0]],
    [12, 12, 'gap', ['a']],
    [13, 13, 'value', ['a', 1]],
    [14, 14, 'gap', ['a', 1]],
    [15, 18, 'key', ['a', 1, 'b']],
    [19, 19, 'gap', ['a', 1]],
    [20, 23, 'value', ['a', 1, 'b']],
    [24, 24, 'gap', ['a', 1]],
    [25, 25, 'value', ['a', 1]],
    [26, 26, 'value', ['a']],
    [27, 27, 'gap', []],
    [28, 31, 'key', ['c']],
    // A key without a value has no place of its own for one.
    [32, 34, 'gap', []],
    // The second of two equal keys is a place as well.
    [35, 38, 'key', ['a']],
    [39, 39, 'gap', []],
    [40, 44, 'value', ['a']],
    [45, 45, 'gap', []],
    [46, 46, 'value', []],
  ];
  for (const [from, to, within, path] of places)
    for (let offset = from; offset <= to; offset++) {
      const place = pathAt(tree, offset);
      assert.deepEqual([place?.within, place?.path], [within, path], `${offset} ${source.slice(0, offset)}|`);
    }
  assert.equal(pathAt(tree, 0), undefined);
  assert.equal(pathAt(tree, 47), undefined);
  assert.equal(pathAt(undefined, 0), undefined);
});

test('a place has the member that it is the key or the value of', () => {
  assert.deepEqual(
    [9, 16, 21, 13].map((offset) => pathAt(tree, offset)?.member?.key),
    [undefined, 'b', 'b', undefined],
  );
  assert.equal(pathAt(tree, 4)?.member?.key, 'a');
  assert.equal(pathAt(tree, 8)?.member?.key, 'a');
  assert.equal(pathAt(tree, 12)?.member?.key, 'a');
  assert.equal(pathAt(tree, 2)?.member, undefined);
  const inner = parseTree('{ "a": { } }').tree;
  assert.equal(pathAt(inner, 8)?.member?.key, 'a');
});

test('on a key the place is that of its value', () => {
  for (const offset of [4, 16]) {
    const place = pathAt(tree, offset);
    assert.ok(place?.within === 'key' && place.member !== undefined);
    assert.equal(place.node, place.member.value);
  }
});

test('between two values that touch it is the first', () => {
  const touching = parseTree('["a""b"]').tree;
  assert.deepEqual([3, 4, 5].map((offset) => pathAt(touching, offset)?.path), [[0], [0], [1]]); // prettier-ignore
});

test('a pointer leads to its value, and to nothing where there is none', () => {
  const value = (at: string | readonly (string | number)[]): unknown => {
    const found = nodeAt(tree, at);
    return found === undefined ? undefined : source.slice(found.node.start, found.node.end);
  };
  assert.equal(value('/a/0'), '10');
  assert.equal(value('/a/1/b'), '"x"');
  assert.equal(value(['a', 1, 'b']), '"x"');
  assert.equal(nodeAt(tree, '/a/1/b')?.member?.key, 'b');
  assert.equal(nodeAt(tree, '/a/1')?.member, undefined);
  assert.equal(value(''), source.trim());
  for (const at of ['/a/2', '/a/00', '/a/-1', '/a/1.0', '/a/x', '/a/0/x', '/z', 'a', '/a/1/b/0', '/~2'])
    assert.equal(value(at), undefined, at);
  assert.equal(nodeAt(undefined, ''), undefined);
  const near = (at: string | readonly string[]): unknown => {
    const found = nearestAt(tree, at);
    return found === undefined ? undefined : source.slice(found.node.start, found.node.end);
  };
  assert.equal(near('/a/1/b/long/form'), '"x"');
  assert.equal(near(['a', '1', 'b', 'long']), '"x"');
  assert.equal(near('/a/7'), '[10, { "b": "x" }]');
  assert.equal(near('/z/0'), source.trim());
  assert.equal(near('no pointer'), source.trim());
  assert.equal(nearestAt(undefined, '/a'), undefined);
});

test('lines end with LF, CRLF or CR, and offsets come back', () => {
  const text = 'ab\r\nc\n\nde\rf\r';
  const lines = lineColumn(text);
  assert.equal(lines.count, 6);
  const wanted: readonly (readonly [number, number])[] = [
    [1, 1],
    [1, 2],
    [1, 3],
    [1, 4],
    [2, 1],
    [2, 2],
    [3, 1],
    [4, 1],
    [4, 2],
    [4, 3],
    [5, 1],
    [5, 2],
    [6, 1],
  ];
  wanted.forEach(([line, column], offset) => {
    assert.deepEqual(lines.positionOf(offset), { line, column }, String(offset));
    assert.equal(lines.offsetOf({ line, column }), offset, String(offset));
  });
  assert.equal(text.length, 12);
});

test('what lies outside of the text is its nearest place', () => {
  const lines = lineColumn('ab\ncd');
  assert.deepEqual(lines.positionOf(-3), { line: 1, column: 1 });
  assert.deepEqual(lines.positionOf(99), { line: 2, column: 3 });
  assert.equal(lines.offsetOf({ line: 0, column: 2 }), 1);
  assert.equal(lines.offsetOf({ line: 1, column: 0 }), 0);
  assert.equal(lines.offsetOf({ line: 1, column: 9 }), 2);
  assert.equal(lines.offsetOf({ line: 2, column: 9 }), 5);
  assert.equal(lines.offsetOf({ line: 9, column: 1 }), 3);
  assert.equal(lines.offsetOf({ line: 9, column: 9 }), 5);
  assert.deepEqual(
    [lineColumn('').count, lineColumn('').positionOf(0), lineColumn('').offsetOf({ line: 1, column: 1 })],
    [1, { line: 1, column: 1 }, 0],
  );
});
