// Which seeds the replicates have, and what they move.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterUsing, replicateOf, seedsFor, splitCanVary, splitVaries } from '../../../src/experiment/replicates.ts';
import { readSpec, type ReplicatesSpec, type Spec } from '../../../src/spec/index.ts';
import { spec as written } from './specs.ts';

const read = (rest: Readonly<Record<string, unknown>> = {}): Spec => {
  const { spec } = readSpec(written({ replicates: 2 }, rest));
  assert.ok(spec);
  return spec;
};
const replicates = (change: Partial<ReplicatesSpec> = {}): ReplicatesSpec => ({
  ...{ n: 3, seeds: 'fresh', paired: true, vary: ['split', 'init', 'order', 'dropout'], hold: [] },
  ...change,
});
const data = { source: 'a.csv', inputs: { x: { type: 'number', from: ['p'] } } };

test('all that is left to chance varies, the split too', () => {
  assert.deepEqual(replicateOf(read(), replicates(), 7), {
    seed: 7,
    settings: [
      { pointer: '/training/seed', value: 7 },
      { pointer: '/data/split/seed', value: 7 },
    ],
  });
});

test('without replicates nothing is set', () => {
  assert.deepEqual(replicateOf(read(), null, 7), { seed: 7, settings: [] });
});

test('what is held stays at the seed of the spec', () => {
  assert.deepEqual(replicateOf(read(), replicates({ hold: ['init', 'split'] }), 7).settings, [
    { pointer: '/training/seed', value: 7 },
    { pointer: '/training/seeds', value: new Map([['init', 3]]) },
  ]);
  assert.deepEqual(replicateOf(read(), replicates({ vary: ['order'] }), 7).settings, [
    { pointer: '/training/seed', value: 7 },
    { pointer: '/training/seeds', value: new Map([['init', 3], ['dropout', 3]]) }, // prettier-ignore
  ]);
});

test('a seed of its own that the spec gives is kept where it is held, and given up where it varies', () => {
  const own = read({ training: { seed: 3, seeds: { init: 9 } } });
  assert.deepEqual(replicateOf(own, replicates({ hold: ['init'] }), 7).settings[1], {
    pointer: '/training/seeds',
    value: new Map([['init', 9]]),
  });
  assert.deepEqual(replicateOf(own, replicates({ hold: ['split'] }), 7).settings, [
    { pointer: '/training/seed', value: 7 },
    { pointer: '/training/seeds', value: new Map() },
  ]);
});

test('only the split varies', () => {
  assert.deepEqual(replicateOf(read(), replicates({ vary: ['split'] }), 7).settings, [
    { pointer: '/data/split/seed', value: 7 },
  ]);
});

test('a split by a file, by a column or by files of its own cannot vary', () => {
  const fixed = [
    { data: { ...data, split: { file: 'split.csv' } } },
    { data: { ...data, split: { column: 'part' } } },
    { data: { ...data, source: { train: 'a.csv', validation: 'b.csv' } } },
    { data: { ...data, source: { train: 'a.csv', test: 'b.csv' } } },
  ];
  for (const rest of fixed) {
    const spec = read(rest);
    assert.equal(splitCanVary(spec), false, JSON.stringify(rest));
    assert.equal(splitVaries(spec, replicates()), false);
    assert.deepEqual(replicateOf(spec, replicates(), 7).settings, [{ pointer: '/training/seed', value: 7 }]);
  }
  assert.equal(splitVaries(read(), replicates()), true);
  assert.equal(splitVaries(read(), replicates({ hold: ['split'] })), false);
  assert.equal(splitVaries(read(), replicates({ vary: ['init'] })), false);
});

test('fresh seeds go on from the highest that was used; the same are those of the stage before', () => {
  const first = { next: 3, last: [] };
  assert.deepEqual(seedsFor(null, first), [3]);
  assert.deepEqual(seedsFor(replicates(), first), [3, 4, 5]);
  assert.deepEqual(seedsFor(replicates({ seeds: 'same' }), first), [3, 4, 5], 'there is no stage before');
  const used = afterUsing(first, [3, 9, 4]);
  assert.deepEqual(used, { next: 10, last: [3, 9, 4] });
  assert.deepEqual(seedsFor(replicates({ n: 2 }), used), [10, 11]);
  assert.deepEqual(seedsFor(replicates({ seeds: 'same', n: 2 }), used), [3, 9, 4]);
  assert.deepEqual(seedsFor(replicates({ seeds: [5, 6] }), used), [5, 6]);
  assert.deepEqual(afterUsing(used, [1]), { next: 10, last: [1] });
});
