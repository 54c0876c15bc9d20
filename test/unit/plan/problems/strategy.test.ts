// What the strategy asks of tasks, weights and losses: at every level of wrapping, with its words and fixes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed, planText, specText, squiggles, type Reading } from '../helpers.ts';

const network = { trunk: { input: 'measures', layers: [{ type: 'dense', units: 4 }] } };
const tasks = {
  kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
  mass: { type: 'regression', target: 'mass', input: 'trunk' },
};
const read = (strategy: unknown, parts: object = {}): Reading =>
  planText(specText({ network, tasks, weights: { kind: 1, mass: 1 }, strategy, ...parts }));
const told = (reading: Reading): string[] => reading.problems.map(({ code, pointer }) => `${code} ${pointer}`);
const texts = (reading: Reading): readonly string[] => {
  const [problem] = reading.problems;
  return [problem?.message.en ?? '', problem?.message.zh ?? ''];
};
const unequal = { weights: { kind: 1, mass: 3 } };

test('each list of one number a task is counted, where it stands', () => {
  for (const [strategy, pointer] of [
    [{ name: 'famo', minLosses: [0] }, '/strategy/minLosses'],
    [{ name: 'graddrop', leak: [0, 0, 0] }, '/strategy/leak'],
    [{ name: 'cr-mogm', of: { name: 'graddrop', leak: [0.5] } }, '/strategy/of/leak'],
  ] as const) {
    assert.ok(told(read(strategy)).includes(`one-a-task ${pointer}`), pointer);
  }
  for (const text of texts(read({ name: 'graddrop', leak: [0, 0, 0] }))) assert.match(text, /leak.*2.*3/);
  assert.deepEqual(told(read({ name: 'graddrop', leak: [0, 0] })), []);
});

test('unequal weights are told under the key, with prescaling first where there is such a key', () => {
  const reading = read('mgda', unequal);
  assert.deepEqual(squiggles(reading), [['weights-without-meaning', '"weights"']]);
  assert.match(texts(reading)[0] ?? '', /"mgda"\. Make them equal, or let "prescale"/);
  assert.match(texts(reading)[1] ?? '', /“mgda”.*prescale/);
  assert.match(fixed(reading, 0), /"strategy": \{"name":"mgda","prescale":true\}/);
  assert.deepEqual((JSON.parse(fixed(reading, 1)) as { weights: unknown }).weights, { kind: 1, mass: 1 });
});

test('prescaling is written into the strategy as it stands: added, turned on, or at the wrapped one', () => {
  const strategyAfter = (strategy: unknown): unknown =>
    (JSON.parse(fixed(read(strategy, unequal))) as { strategy: unknown }).strategy;
  assert.deepEqual(strategyAfter({ name: 'mgda', solver: 'exact' }), { name: 'mgda', solver: 'exact', prescale: true });
  assert.deepEqual(strategyAfter({ name: 'mgda', prescale: false, solver: 'exact' }), {
    ...{ name: 'mgda', prescale: true, solver: 'exact' },
  });
  assert.deepEqual(strategyAfter({ name: 'cr-mogm', of: 'mgda' }), {
    ...{ name: 'cr-mogm', of: { name: 'mgda', prescale: true } },
  });
  assert.deepEqual(strategyAfter({ name: 'cr-mogm', of: { name: 'mgda', solver: 'exact' } }), {
    ...{ name: 'cr-mogm', of: { name: 'mgda', solver: 'exact', prescale: true } },
  });
});

test('a task without a weight has 1', () => {
  const codes = (weights: object): string[] => read('mgda', { weights }).problems.map(({ code }) => code);
  assert.ok(codes({ kind: 2 }).includes('weights-without-meaning'));
  assert.ok(!codes({ kind: 1 }).includes('weights-without-meaning'));
  assert.deepEqual(codes({ kind: 2, mass: 2 }), []);
  assert.deepEqual(codes({ kind: 3, mass: 1 }), ['weights-without-meaning']);
});

test('what has no weights is not smoothed: told at the wrapped strategy, which the fix takes alone', () => {
  const reading = read({ name: 'cr-mogm', of: { name: 'graddrop', leak: [0, 0] } });
  assert.deepEqual(told(reading), ['nothing-to-smooth /strategy/of']);
  for (const text of texts(reading)) assert.match(text, /cr-mogm.*graddrop.*graddrop/);
  assert.match(fixed(reading), /"strategy": "graddrop"/);
  assert.deepEqual(told(read('graddrop')), []);
  assert.deepEqual(told(read({ name: 'cr-mogm', of: 'mgda' })), []);
});

test('where there is no such key, "prescale" is neither named nor offered', () => {
  const reading = read({ name: 'pcd', primary: 'kind' }, unequal);
  assert.deepEqual(told(reading), ['weights-without-meaning /weights']);
  assert.equal(texts(reading)[0], 'Unequal weights mean nothing to "pcd". Make them equal.');
  assert.equal(texts(reading)[1], '不等的权重对 “pcd” 没有意义。请使其相等。');
  assert.deepEqual(reading.problems[0]?.fixes.map(({ title }) => title.en), ['Give all tasks the weight 1']); // prettier-ignore
});
