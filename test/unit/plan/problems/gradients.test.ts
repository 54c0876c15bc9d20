// Strategies on gradients against networks and data that do not give them: each reason, where it stands, and what mends it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixed, header, planText, specText, squiggles, type Reading } from '../helpers.ts';

const dense = { type: 'dense', units: 4 };
const trunk = { input: 'measures', layers: [dense] };
const two = (first: unknown, second = first): object => ({
  kind: { type: 'classification', target: 'kind', classes: 3, input: first },
  mass: { type: 'regression', target: 'mass', input: second },
});
const read = (strategy: unknown, parts: object = {}): Reading =>
  planText(specText({ network: { trunk }, tasks: two('trunk'), weights: { kind: 1, mass: 1 }, strategy, ...parts }));
const told = (reading: Reading): string[] => reading.problems.map(({ code, pointer }) => `${code} ${pointer}`);
const texts = (reading: Reading): readonly string[] => {
  const [problem] = reading.problems;
  return [problem?.message.en ?? '', problem?.message.zh ?? ''];
};
const fork = { network: { left: trunk, right: trunk }, tasks: two(['left', 'right']) };

describe('gradients of a representation', () => {
  const over = 'representation';

  test('are fine for strategies that see each sample once', () => {
    for (const name of ['mgda', 'cagrad', 'upgrad', 'pcgrad']) assert.deepEqual(told(read({ name, over })), [], name);
    for (const name of ['modo', 'sdmgrad']) {
      assert.deepEqual(told(read({ name, over, inner: 'batch-sum' })), []);
      assert.deepEqual(told(read({ name, over, inner: 'per-sample' })), ['representation /strategy/over']);
    }
    for (const name of ['graddrop', 'trimmed-mean']) {
      assert.deepEqual(told(read({ name, over, inner: 'per-sample' })), []);
      assert.deepEqual(told(read({ name, over, inner: 'batch-sum' })), ['representation /strategy/over']);
    }
    assert.deepEqual(told(read({ name: 'config', over })), []);
  });

  const reasons: readonly (readonly [Record<string, unknown>, RegExp, RegExp])[] = [
    [{ name: 'mgda', per: 'block' }, /has no blocks/, /没有模块之分/],
    ...['moco', 'db-mtl', 'excess-mtl'].map((name) => [{ name }, new RegExp(`^"${name}" remembers gradients`), new RegExp(`“${name}” 会跨步记住梯度`)] as const), // prettier-ignore
    [{ name: 'config', momentum: true }, /^"config" remembers gradients/, /“config” 会跨步记住梯度/],
    [{ name: 'modo', inner: 'per-sample' }, /different batches.*"batch-sum"/, /不同批.*"batch-sum"/],
    [{ name: 'graddrop', inner: 'batch-sum' }, /^"graddrop" works entry by entry.*"per-sample"/, /“graddrop” 逐元素/],
    [{ name: 'trimmed-mean', inner: 'batch-sum' }, /^"trimmed-mean" works entry by entry/, /“trimmed-mean” 逐元素/],
  ];
  for (const [strategy, en, zh] of reasons) {
    test(`${JSON.stringify(strategy)} says why not, and takes the shared parameters instead`, () => {
      const reading = read({ ...strategy, over });
      assert.deepEqual(squiggles(reading), [['representation', '"representation"']]);
      assert.match(texts(reading)[0] ?? '', en);
      assert.match(texts(reading)[1] ?? '', zh);
      assert.match(fixed(reading), /"over": "shared"/);
    });
  }

  test('need one node that feeds all tasks', () => {
    const reading = read({ name: 'mgda', over }, fork);
    assert.deepEqual(told(reading), ['representation /strategy/over']);
    assert.match(texts(reading)[0] ?? '', /^No one node feeds all tasks/);
    assert.match(fixed(reading), /"over": "shared"/);
    assert.deepEqual(told(read({ name: 'mgda', over: 'shared' }, fork)), []);
  });
});

describe('nothing shared', () => {
  const apart = { network: { left: trunk, right: trunk }, tasks: two('left', 'right') };

  test('is told under the strategy that reads gradients, also where another wraps it', () => {
    assert.deepEqual(told(read('upgrad', apart)), ['nothing-shared /strategy']);
    const wrapped = read({ name: 'cr-mogm', of: { name: 'mgda' } }, apart);
    assert.deepEqual(told(wrapped), ['nothing-shared /strategy/of']);
    assert.match(texts(wrapped)[0] ?? '', /^"mgda" works on the parameters/);
    assert.match(fixed(wrapped), /"strategy": "static"/);
    // One complaint is enough: without shared parameters its keys mean nothing either.
    assert.deepEqual(told(read({ name: 'graddrop', per: 'block' }, apart)), ['nothing-shared /strategy']);
    assert.deepEqual(told(read('static', apart)), []);
  });

  test('is not told where a mistake may hide what is shared', () => {
    const broken = { network: { trunk: { ...trunk, layers: [{ type: 'conv2d', filters: 2, kernelSize: 3 }] } } };
    assert.deepEqual(told(read('upgrad', broken)).map((line) => line.split(' ')[0]), ['shape-mismatch']); // prettier-ignore
  });
});

describe('the layer of GradNorm', () => {
  test('is asked for where the last one is not unique, with another measure as the fix', () => {
    const reading = read({ name: 'gradnorm', alpha: 1 }, fork);
    assert.deepEqual(told(reading), ['gradnorm-layer /strategy']);
    assert.match(texts(reading)[0] ?? '', /not unique here/);
    assert.match(fixed(reading), /"measured": "shared"/);
    assert.deepEqual(told(planText(fixed(reading))), []);
    for (const layer of ['left', 'right']) assert.deepEqual(told(read({ name: 'gradnorm', layer }, fork)), []);
  });

  test('must be one that two losses reach', () => {
    const own = { network: { trunk, own: { ...trunk, input: 'trunk' } }, tasks: two('trunk', 'own') };
    const reading = read({ name: 'gradnorm', layer: 'own' }, own);
    assert.deepEqual(squiggles(reading), [['gradnorm-layer', '"own"']]);
    for (const text of texts(reading)) assert.match(text, /["“]own["”]/);
    assert.deepEqual(told(read({ name: 'gradnorm', layer: 'trunk' }, own)), []);
    assert.deepEqual(told(read({ name: 'gradnorm', measured: 'shared' }, own)), []);
  });
});

describe('several batches a step', () => {
  const facts = (trainRows: number | undefined) => ({
    ...header(['a', 'b', 'c', 'kind', 'mass']),
    ...(trainRows === undefined ? {} : { trainRows }),
  });
  const of = (strategy: unknown, training: object, rows?: number): Reading =>
    planText(
      specText({ network: { trunk }, tasks: two('trunk'), weights: { kind: 1, mass: 1 }, strategy, training }),
      facts(rows),
    );

  test('three need three times the rows, to the row', () => {
    for (const name of ['modo', 'sdmgrad']) {
      assert.deepEqual(told(of(name, { batchSize: 10 }, 30)), []);
      assert.deepEqual(told(of(name, { batchSize: 10 }, 29)), ['three-batches /strategy']);
    }
    for (const text of texts(of('modo', { batchSize: 10 }, 29))) assert.match(text, /30.*29.*\D9\D/);
    for (const text of texts(of('modo', { batchSize: 10 }, 2))) assert.match(text, /30.*2.*\D1\D/);
    for (const name of ['moml', 'auto-lambda', 'forum', 'mgda']) assert.deepEqual(told(of(name, { batchSize: 10 }, 12)), []); // prettier-ignore
    assert.deepEqual(told(of('modo', { batchSize: 10 })), []);
    assert.deepEqual(told(of({ name: 'cr-mogm', of: 'modo' }, { batchSize: 10 }, 29)), ['three-batches /strategy/of']);
  });

  test('leave no room for accumulation', () => {
    for (const name of ['modo', 'sdmgrad', 'moml', 'auto-lambda', 'forum']) {
      const reading = of(name, { batchSize: 2, accumulate: 2 }, 40);
      assert.deepEqual(squiggles(reading), [['accumulate-batches', '"accumulate"']], name);
      for (const text of texts(reading)) assert.match(text, new RegExp(`["“]${name}["”]`));
      assert.deepEqual(told(of(name, { batchSize: 2, accumulate: 1 }, 40)), [], name);
    }
    assert.deepEqual(told(of('mgda', { batchSize: 2, accumulate: 2 }, 40)), []);
  });
});

test('keys that would change nothing say so by name, "config" with its momentum', () => {
  const weightless = read({ name: 'config', momentum: true, heads: 'weighted' });
  for (const text of texts(weightless)) assert.match(text, /["“]config["”].*"momentum"/);
  for (const text of texts(read({ name: 'moco', heads: 'weighted' }))) {
    assert.match(text, /["“]moco["”]/);
    assert.doesNotMatch(text, /momentum/);
  }
  for (const text of texts(read({ name: 'graddrop', per: 'block' }))) assert.match(text, /["“]graddrop["”]/);
  assert.deepEqual(told(read({ name: 'graddrop', per: 'block', heads: 'weighted' })), ['per-entry /strategy/per', 'heads-weightless /strategy/heads']); // prettier-ignore
  // Of a representation there are no blocks: that is what is told.
  const blocks = read({ name: 'graddrop', per: 'block', over: 'representation', inner: 'per-sample' });
  assert.deepEqual(told(blocks), ['representation /strategy/over']);
});
