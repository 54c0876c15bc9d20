// Parameters of the strategy against tasks, weights and losses.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixed, planText, specText } from './helpers.ts';

const tasks = {
  kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
  mass: { type: 'regression', target: 'mass', input: 'trunk' },
};
const network = { trunk: { input: 'measures', layers: [{ type: 'dense', units: 4 }] } };
const read = (strategy: unknown, weights: object = { kind: 1, mass: 1 }) =>
  planText(specText({ network, tasks, weights, strategy }));
const codes = (strategy: unknown, weights?: object): string[] =>
  read(strategy, weights)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

describe('unequal weights', () => {
  const unequal = { kind: 0.7, mass: 0.3 };

  test('are an error where they mean nothing', () => {
    for (const name of ['mgda', 'imtl-g', 'imtl', 'pcgrad', 'gradvac', 'graddrop', 'krum', 'trimmed-mean']) {
      assert.deepEqual(codes(name, unequal), ['weights-without-meaning'], name);
      assert.deepEqual(codes(name), [], name);
      assert.deepEqual(codes({ name, prescale: true }, unequal), [], name);
    }
    assert.deepEqual(codes({ name: 'pcd', primary: 'kind' }, unequal), ['weights-without-meaning']);
    for (const name of ['static', 'cagrad', 'nash-mtl', 'upgrad', 'famo', 'moco'])
      assert.deepEqual(codes(name, unequal), []);
  });

  test('are mended by prescaling, or by making them equal', () => {
    for (const strategy of ['mgda', { name: 'mgda', solver: 'exact' }]) {
      const reading = read(strategy, unequal);
      for (const index of [0, 1]) {
        const again = planText(fixed(reading, index));
        assert.deepEqual(
          again.problems.filter(({ severity }) => severity === 'error'),
          [],
        );
      }
    }
  });

  test('of a wrapped strategy count too', () => {
    assert.deepEqual(codes({ name: 'cr-mogm', of: 'mgda' }, unequal), ['weights-without-meaning']);
  });
});

test('a list has one number a task', () => {
  assert.deepEqual(codes({ name: 'famo', minLosses: [0] }), ['one-a-task']);
  assert.deepEqual(codes({ name: 'famo', minLosses: [0, 0] }), []);
  assert.deepEqual(codes({ name: 'graddrop', leak: [0.1, 0.2, 0.3] }), ['one-a-task']);
});

test('only weights can be smoothed', () => {
  assert.deepEqual(codes({ name: 'cr-mogm', of: 'graddrop' }), ['nothing-to-smooth']);
  assert.deepEqual(codes({ name: 'cr-mogm', of: { name: 'config', momentum: true } }), ['nothing-to-smooth']);
  assert.deepEqual(codes({ name: 'cr-mogm', of: 'config' }), []);
});
