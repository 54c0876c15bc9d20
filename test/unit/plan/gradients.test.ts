// What gradient strategies need of a network, and what is refused before launch.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { normLayers, representation, sharedLayers } from '../../../src/plan/gradients.ts';
import { fixed, header, planText, squiggles, specText } from './helpers.ts';

const dense = { type: 'dense', units: 4 };
const two = (input: string, other = input): object => ({
  kind: { type: 'classification', target: 'kind', classes: 3, input },
  mass: { type: 'regression', target: 'mass', input: other },
});
const trunk = { input: 'measures', layers: [dense, { type: 'activation', activation: 'relu' }, dense] };

const plan = (parts: Readonly<Record<string, unknown>>) => planText(specText(parts)).plan;

describe('shared layers', () => {
  test('are those that two losses reach: a trunk, no head', () => {
    assert.deepEqual(
      sharedLayers(plan({ network: { trunk }, tasks: two('trunk') })).map(({ path }) => path),
      ['trunk/0', 'trunk/2'],
    );
  });

  test('experts are shared, gates are not', () => {
    const network = { mix: { input: 'measures', layers: [dense], sharing: { type: 'mmoe', experts: 2 } } };
    const found = sharedLayers(plan({ network, tasks: two('mix') }));
    assert.deepEqual(
      found.map(({ stack }) => stack),
      ['mix/experts/0', 'mix/experts/1'],
    );
  });

  test('a head that another task reads is shared, unless the gradient is cut', () => {
    const tasks = (stopGradient: boolean): object => ({
      kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
      mass: {
        type: 'regression',
        target: 'mass',
        input: ['trunk', 'task:kind'],
        ...(stopGradient ? { stopGradient } : {}),
      },
    });
    const paths = (cut: boolean): string[] =>
      sharedLayers(plan({ network: { trunk }, tasks: tasks(cut) })).map(({ path }) => path);
    assert.ok(paths(false).includes('tasks/kind/head'));
    assert.ok(!paths(true).includes('tasks/kind/head'));
  });

  test('frozen blocks have none', () => {
    assert.deepEqual(
      sharedLayers(plan({ network: { trunk: { ...trunk, trainable: false } }, tasks: two('trunk') })),
      [],
    );
  });
});

describe('the layer of GradNorm', () => {
  test('a block that reads inputs and others before the one it follows comes after it all the same', () => {
    const network = (input: readonly string[]): object => ({
      trunk,
      side: { input: 'measures', layers: [dense] },
      middle: { input: ['side', 'measures', 'trunk'], layers: [] },
      deep: { input, layers: [dense] },
    });
    for (const input of [['measures', 'middle'], ['side', 'middle'], ['middle']])
      assert.deepEqual(normLayers(plan({ network: network(input), tasks: two('deep') })), ['deep/0'], input.join());
  });

  test('is the last shared one, of the last block', () => {
    const network = { trunk, deep: { input: 'trunk', layers: [dense, dense] } };
    assert.deepEqual(normLayers(plan({ network, tasks: two('deep') })), ['deep/1']);
    assert.deepEqual(normLayers(plan({ network, tasks: two('deep') }), 'trunk'), ['trunk/2']);
  });

  test('is not unique with experts or two last blocks; a named block gives all its last layers', () => {
    const network = { mix: { input: 'measures', layers: [dense], sharing: { type: 'mmoe', experts: 2 } } };
    assert.equal(normLayers(plan({ network, tasks: two('mix') })), null);
    assert.deepEqual(normLayers(plan({ network, tasks: two('mix') }), 'mix')?.length, 2);
    const fork = { left: trunk, right: { input: 'measures', layers: [dense] } };
    const tasks = {
      kind: { type: 'classification', target: 'kind', classes: 3, input: ['left', 'right'] },
      mass: { type: 'regression', target: 'mass', input: ['left', 'right'] },
    };
    assert.equal(normLayers(plan({ network: fork, tasks })), null);
  });
});

describe('the representation', () => {
  test('is the last block that all tasks read, own blocks behind it allowed', () => {
    const network = { trunk, deep: { input: 'trunk', layers: [dense] }, own: { input: 'deep', layers: [dense] } };
    assert.equal(representation(plan({ network, tasks: two('deep') })), 'deep');
    assert.equal(representation(plan({ network, tasks: two('deep', 'own') })), 'deep');
    assert.equal(representation(plan({ network, tasks: two('trunk', 'own') })), 'trunk');
  });

  test('is none where experts feed the tasks, or shared parameters lie beside it', () => {
    const mix = { input: 'measures', layers: [dense], sharing: { type: 'mmoe', experts: 2 } };
    assert.equal(representation(plan({ network: { mix }, tasks: two('mix') })), null);
    const side = { input: 'measures', layers: [dense] };
    const tasks = {
      kind: { type: 'classification', target: 'kind', classes: 3, input: ['trunk', 'side'] },
      mass: { type: 'regression', target: 'mass', input: ['trunk', 'side'] },
    };
    assert.equal(representation(plan({ network: { trunk, side }, tasks })), null);
  });
});

describe('refused before launch', () => {
  const soft = { trunk: { input: 'measures', layers: [dense], sharing: { type: 'soft', strength: 0.1 } } };

  test('a gradient strategy over soft sharing, with a fix', () => {
    const reading = planText(
      specText({ network: soft, tasks: two('trunk'), weights: { kind: 1, mass: 1 }, strategy: 'pcgrad' }),
    );
    assert.deepEqual(squiggles(reading), [['nothing-shared', '"pcgrad"']]);
    assert.match(fixed(reading), /"strategy": ?"static"/u);
  });

  test('strategies on losses and bilevel ones share nothing and run', () => {
    for (const strategy of ['uncertainty', 'famo', 'moml'])
      assert.deepEqual(planText(specText({ network: soft, tasks: two('trunk'), strategy })).problems, []);
  });

  test('GradNorm over experts without a layer', () => {
    const network = { mix: { input: 'measures', layers: [dense], sharing: { type: 'mmoe', experts: 2 } } };
    const of = (strategy: unknown) => planText(specText({ network, tasks: two('mix'), strategy })).problems;
    assert.deepEqual(
      of('gradnorm').map(({ code }) => code),
      ['gradnorm-layer'],
    );
    assert.deepEqual(of({ name: 'gradnorm', measured: 'shared' }), []);
    assert.deepEqual(of({ name: 'gradnorm', layer: 'mix' }), []);
  });

  test('keys that would change nothing: weights for heads where there are none, blocks where entries stand alone', () => {
    const of = (strategy: object) =>
      planText(specText({ network: { trunk }, tasks: two('trunk'), weights: { kind: 1, mass: 1 }, strategy }));
    const weightless = [
      ...['graddrop', 'trimmed-mean', 'moco', 'db-mtl', 'adatask'].map((name) => ({ name })),
      { name: 'config', momentum: true },
    ];
    for (const strategy of weightless) {
      const reading = of({ ...strategy, heads: 'weighted' });
      assert.deepEqual(squiggles(reading), [['heads-weightless', '"weighted"']], strategy.name);
      assert.match(fixed(reading), /"heads": ?"own"/u);
      assert.deepEqual(of({ ...strategy, heads: 'own' }).problems, []);
    }
    for (const name of ['mgda', 'excess-mtl', 'config', 'cagrad'])
      assert.deepEqual(of({ name, heads: 'weighted' }).problems, [], name);
    for (const name of ['graddrop', 'trimmed-mean']) {
      const reading = of({ name, per: 'block' });
      assert.deepEqual(squiggles(reading), [['per-entry', '"block"']], name);
      assert.match(fixed(reading), /"per": ?"all"/u);
      assert.deepEqual(of({ name, per: 'all' }).problems, []);
    }
    for (const name of ['mgda', 'moco', 'db-mtl', 'excess-mtl'])
      assert.deepEqual(of({ name, per: 'block' }).problems, [], name);
  });

  test('accumulation beside several batches, and too few rows for three', () => {
    const facts = { ...header(['a', 'b', 'c', 'kind', 'mass']), trainRows: 40 };
    const of = (training: object, strategy: string) =>
      planText(specText({ network: { trunk }, tasks: two('trunk'), strategy, training }), facts).problems.map(
        ({ code }) => code,
      );
    assert.deepEqual(of({ batchSize: 16 }, 'modo'), ['three-batches']);
    assert.deepEqual(of({ batchSize: 13 }, 'modo'), []);
    assert.deepEqual(of({ batchSize: 4, accumulate: 2 }, 'sdmgrad'), ['accumulate-batches']);
    assert.deepEqual(of({ batchSize: 4, accumulate: 2 }, 'auto-lambda'), ['accumulate-batches']);
    assert.deepEqual(of({ batchSize: 4, accumulate: 2 }, 'cagrad'), []);
  });
});
