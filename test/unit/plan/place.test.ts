// From a pointer to what is written there, or to the nearest that is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locate } from '../../../src/plan/place.ts';
import { parseTree } from '../../../src/spec/index.ts';

const source = '{"a": {"x y": [10, {"deep": 20}]}, "b": "word"}';
const tree = parseTree(source).tree ?? assert.fail();
function at(pointer: string): readonly [string, string, string | undefined, string | undefined] {
  const { pointer: found, node, key, parent } = locate(tree, pointer);
  const textOf = (range: { readonly start: number; readonly end: number }): string =>
    source.slice(range.start, range.end);
  return [found, textOf(node), key && textOf(key), parent && parent.kind];
}

test('values of objects have their key, items of lists have none', () => {
  assert.deepEqual(at('/b'), ['/b', '"word"', '"b"', 'object']);
  assert.deepEqual(at('/a/x y/0'), ['/a/x y/0', '10', undefined, 'array']);
  assert.deepEqual(at('/a/x y/1/deep'), ['/a/x y/1/deep', '20', '"deep"', 'object']);
  assert.deepEqual(at(''), ['', source, undefined, undefined]);
});

test('what is not written is where its owner is', () => {
  assert.deepEqual(at('/a/other/x')[0], '/a');
  assert.deepEqual(at('/a/x y/2')[0], '/a/x y');
  assert.deepEqual(at('/a/x y/1a')[0], '/a/x y');
  assert.deepEqual(at('/a/x y/a1')[0], '/a/x y');
  assert.deepEqual(at('/a/x y/-')[0], '/a/x y');
  // Numbers of JavaScript that are no positions.
  assert.deepEqual(at('/a/x y/1e0')[0], '/a/x y');
  assert.deepEqual(at('/a/x y/+1')[0], '/a/x y');
  assert.deepEqual(at('/b/0')[0], '/b');
  assert.deepEqual(at('/nowhere')[0], '');
  assert.deepEqual(at('no pointer')[0], '');
});

test('items from the tenth on are found, too', () => {
  const list = parseTree('[0,1,2,3,4,5,6,7,8,9,"ten"]').tree ?? assert.fail();
  assert.equal(locate(list, '/10').pointer, '/10');
});
