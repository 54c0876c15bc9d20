import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closest, pointerAt, rangeOf, valueRangeOf } from '../../../../src/editor/window/pointers.ts';

const text = `{
  // comment
  "network": { "特征/提取": { "layers": [ { "type": "dense" }, { "type": "flatten" }, ] } },
}`;

test('the place of a pointer, or of the longest part of it that exists', () => {
  const at = (pointer: string): string => {
    const range = rangeOf(text, pointer);
    return range ? text.slice(range.start, range.end) : '';
  };
  assert.equal(at('/network/特征~1提取/layers/1'), '{ "type": "flatten" }');
  assert.ok(at('/network/特征~1提取').startsWith('"特征/提取"'));
  assert.equal(at('/network/特征~1提取/layers/7'), at('/network/特征~1提取/layers'));
  assert.equal(rangeOf('', '/x'), undefined);
  const source = '{ "data": { "source": "a.csv" } }';
  const value = valueRangeOf(source, '/data/source/train/0');
  assert.equal(source.slice(value?.start, value?.end), '"a.csv"');
});

test('the pointer at an offset', () => {
  assert.equal(pointerAt(text, text.indexOf('flatten')), '/network/特征~1提取/layers/1/type');
  assert.equal(pointerAt('{ "a": ', 4), '/a');
  assert.equal(pointerAt('', 0), '');
});

test('the closest node has the longest pointer around the place', () => {
  const nodes = [{ pointer: '/network/a' }, { pointer: '/network' }, { pointer: null }, { pointer: '/network/ab' }];
  assert.equal(closest(nodes, '/network/a/layers/0'), nodes[0]);
  assert.equal(closest(nodes, '/network/abc'), nodes[1]);
  assert.equal(closest(nodes, '/tasks/x'), undefined);
});

test('what has no place of its own, or the whole, is passed over wherever it stands', () => {
  const nodes = [{ pointer: null }, { pointer: '' }, { pointer: '/a' }, { pointer: '/a/b' }, { pointer: '/a' }];
  assert.equal(closest(nodes, '/a/b/c'), nodes[3]);
  assert.equal(closest(nodes, '/a'), nodes[2], 'the first of the same');
  assert.equal(closest(nodes, '/ab'), undefined);
  const nameless = { pointer: '/' };
  assert.equal(closest([nameless], '//x'), nameless, 'a name may be nothing');
  assert.equal(closest<{ readonly pointer: string }>([], '/a')?.pointer, undefined);
});

test('the place of a property is key and value, that of its value is the value', () => {
  const source = '{ "a": { "b": 12 } }';
  const cut = (range: { start: number; end: number } | undefined): string => source.slice(range?.start, range?.end);
  assert.equal(cut(rangeOf(source, '/a/b')), '"b": 12');
  assert.equal(cut(valueRangeOf(source, '/a/b')), '12');
  assert.equal(cut(rangeOf(source, '')), source);
  assert.equal(valueRangeOf('', '/a'), undefined);
});
