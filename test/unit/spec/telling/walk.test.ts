/** Where a path through a spec leads, step by step. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { parseTree } from '../../../../src/spec/index.ts';
import type { SpecNode } from '../../../../src/spec/reading/tree.ts';
import { nodeOf } from '../../../../src/spec/reading/values.ts';
import {
  byKey,
  either,
  later,
  list,
  map,
  number,
  object,
  string,
  tagged,
  typeEntry,
} from '../../../../src/spec/schema/build.ts';
import { childOf, chosen, spotAt, spread, step } from '../../../../src/spec/telling/walk.ts';
import { descriptionOf } from '../../../../src/spec/telling/describe.ts';
import { orderedOf } from '../../../../src/spec/reading/values.ts';

const about = { title: { en: 'X', zh: '中' }, text: { en: 'X.', zh: '中。' } };
const nothing: SpecNode = { kind: 'nothing', start: 0, end: 0 };
const units = number('Units.', '中');
const rate = number('Rate.', '中');
const members = {
  dense: typeEntry('dense', { units }, about),
  dropout: typeEntry('dropout', { rate }, about),
};
const layer = tagged('type', members, 'x', '中');

test('of a union told apart by a tag the member that is named, or whose name is a key; the union itself else', () => {
  assert.equal(chosen(layer, nodeOf({ type: 'dropout' })), members.dropout);
  assert.equal(chosen(layer, nodeOf('dense')), members.dense);
  assert.equal(chosen(layer, nodeOf({ dropout: 0.5 })), members.dropout);
  for (const value of [{ type: 'x' }, { type: 'constructor' }, {}, 'toString', 3, ['dense']])
    assert.equal(chosen(layer, nodeOf(value)), layer, JSON.stringify(value));
  assert.equal(chosen(layer, undefined), layer);
  assert.equal(chosen(later(() => layer, 'x', '中'), nodeOf('dense')), members.dense); // prettier-ignore
});

test('of a union told apart by keys the member of the first key, or the one without', () => {
  const [rest, steps] = [object({ a: units }, 'x', '中'), object({ steps: rate }, 'x', '中')];
  const union = byKey({ '': rest, steps }, 'x', '中');
  assert.equal(chosen(union, nodeOf({ steps: 1 })), steps);
  assert.equal(chosen(union, nodeOf({ a: 1 })), rest);
  assert.equal(chosen(union, nodeOf(1)), rest);
  assert.equal(chosen(union, undefined), rest);
  const without = byKey({ steps }, 'x', '中');
  assert.equal(chosen(without, nodeOf({})), without);
});

test('of several forms the one of the value’s kind; the whole where there is none', () => {
  const form = either([string('x', '中'), layer], 'x', '中');
  assert.equal(chosen(form, nodeOf({ type: 'dense' })), members.dense);
  const word = (form as unknown as { anyOf: readonly TSchema[] }).anyOf[0];
  assert.equal(chosen(form, nodeOf('dense')), word);
  assert.equal(chosen(form, nodeOf([])), form);
  assert.equal(chosen(form, undefined), form);
  assert.equal(chosen(units, nodeOf(3)), units);
});

test('short forms are spread: a bare value under its key, a single one into a list', () => {
  const long = (schema: TSchema, value: unknown): unknown => orderedOf(spread(schema, nodeOf(value)));
  assert.deepEqual(long(layer, 'dense'), new Map([['type', 'dense']]));
  assert.deepEqual(long(layer, { type: 'dense' }), new Map([['type', 'dense']]));
  assert.equal(spread(layer, nothing), nothing);
  assert.equal(long(tagged('type', members, 'x', '中', { short: '' }), 'dense'), 'dense');
  const items = list(units, 'x', '中', { single: true });
  assert.deepEqual(long(items, 3), [3]);
  assert.deepEqual(long(items, [3]), [3]);
  assert.equal(spread(items, nothing), nothing);
  assert.equal(long(list(units, 'x', '中'), 3), 3);
  assert.deepEqual(long(later(() => items, 'x', '中'), 3), [3]); // prettier-ignore
});

test('a step goes by keys into objects and maps, by positions into lists, and nowhere else', () => {
  const at = (schema: TSchema, value: unknown, token: string | number) => step({ schema, node: nodeOf(value) }, token);
  const fields = object({ units, rate }, 'x', '中');
  assert.deepEqual(at(fields, { units: 4 }, 'units'), { schema: units, node: nodeOf(4) });
  assert.deepEqual(at(fields, { units: 4 }, 'rate'), { schema: rate });
  assert.deepEqual(step({ schema: fields }, 'units'), { schema: units });
  for (const token of ['other', 'constructor', '__proto__', 0])
    assert.equal(at(fields, { units: 4 }, token), undefined);
  const names = map(units, 'x', '中');
  assert.deepEqual(at(names, { a: 1 }, 'a'), { schema: units, node: nodeOf(1) });
  assert.deepEqual(at(names, { a: 1 }, 'b'), { schema: units });
  const items = list(units, 'x', '中', { single: true });
  assert.deepEqual(at(items, [5, 6], 1), { schema: units, node: nodeOf(6) });
  assert.deepEqual(at(items, [5, 6], '1'), { schema: units, node: nodeOf(6) });
  assert.deepEqual(at(items, [5], 7), { schema: units });
  assert.deepEqual(at(items, Array.from('0123456789ab'), 11), { schema: units, node: nodeOf('b') });
  assert.deepEqual(at(items, 5, 0), { schema: units, node: nodeOf(5) });
  for (const token of ['a', '-1', '1a', 'a1', '']) assert.equal(at(items, [5, 6], token), undefined, token);
  assert.deepEqual(at(layer, { type: 'dropout', rate: 1 }, 'rate'), { schema: rate, node: nodeOf(1) });
  assert.equal(at(layer, { type: 'dropout' }, 'units'), undefined);
  assert.deepEqual(at(later(() => names, 'x', '中'), { a: 1 }, 'a'), { schema: units, node: nodeOf(1) }); // prettier-ignore
  assert.equal(at(units, 3, 'a'), undefined);
});

test('the child of a node: a member of an object, an item of a list', () => {
  assert.deepEqual(childOf(nodeOf({ a: 1, 2: 3 }), 'a'), nodeOf(1));
  assert.deepEqual(childOf(nodeOf({ a: 1, 2: 3 }), 2), nodeOf(3));
  assert.deepEqual(childOf(nodeOf([7, 8, 9]), 1), nodeOf(8));
  assert.deepEqual(childOf(nodeOf([7, 8, 9]), '2'), nodeOf(9));
  assert.deepEqual(childOf(nodeOf(Array.from('0123456789ab')), 11), nodeOf('b'));
  for (const token of [3, 'length', '1.0', 'x1', '1x']) assert.equal(childOf(nodeOf([7, 8, 9]), token), undefined);
  assert.equal(childOf(nodeOf(3), 0), undefined);
  assert.equal(childOf(undefined, 'a'), undefined);
});

test('a path through a whole spec', () => {
  const { tree } = parseTree(
    '{ "network": { "trunk": { "input": "x", "layers": [{ "type": "dense", "units": 8 }] } }, "strategy": "dwa" }',
  );
  const spot = spotAt(tree, ['network', 'trunk', 'layers', 0, 'units']);
  assert.equal(spot?.node?.kind === 'scalar' && spot.node.value, 8);
  assert.notEqual(descriptionOf(spot?.schema ?? {}).text, undefined);
  assert.deepEqual(spotAt(tree, ['strategy', 'temperature'])?.node, undefined);
  assert.ok(spotAt(tree, ['strategy', 'temperature']));
  assert.equal(spotAt(tree, ['strategy', 'momentum']), undefined);
  assert.equal(spotAt(tree, ['nowhere', 'else']), undefined);
  assert.equal(spotAt(tree, [])?.node, tree);
  const empty = spotAt(undefined, ['training']);
  assert.ok(empty && !('node' in empty));
});
