/** What strategies ask of weights and losses, by name and by setting. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategies } from '../../../../src/spec/schema/strategies.ts';
import {
  hasNoWeights,
  ignoresWeights,
  infimumOf,
  needsNonNegativeLosses,
} from '../../../../src/spec/reading/strategy-rules.ts';

const names = Object.keys(strategies);

test('logarithms and quotients of losses need losses that are not negative', () => {
  assert.deepEqual(names.filter((name) => needsNonNegativeLosses({ name, minLosses: [0] })).sort(), [
    'complexity',
    'db-mtl',
    'dwa',
    'geometric',
    'gradnorm',
    'imtl',
    'imtl-l',
    'initial-loss',
    'log',
    'uncertainty',
    'uncertainty-optimal',
    'uncertainty-softmax',
  ]);
  for (const [fields, needs] of [
    [{ name: 'stch', form: 'log-nadir' }, true],
    [{ name: 'stch', form: 'raw' }, false],
    [{ name: 'famo' }, true],
    [{ name: 'famo', minLosses: [-1, 0] }, false],
    [{ name: 'mgda', gradientNormalization: 'loss' }, true],
    [{ name: 'mgda', gradientNormalization: 'loss+' }, true],
    [{ name: 'mgda', gradientNormalization: 'l2' }, false],
    [{ name: 'moco', convention: 'libmtl' }, true],
    [{ name: 'moco', convention: 'paper' }, false],
    [{ name: 'pcgrad', form: 'log-nadir', convention: 'libmtl', gradientNormalization: 'loss' }, false],
  ] as const)
    assert.equal(needsNonNegativeLosses(fields), needs, JSON.stringify(fields));
});

test('weights mean something again where a strategy prescales', () => {
  const ignoring = names.filter((name) => ignoresWeights({ name }));
  assert.ok(ignoring.includes('pcd') && !ignoring.includes('static') && !ignoring.includes('sum'));
  assert.deepEqual(
    names.filter((name) => ignoresWeights({ name, prescale: true })),
    [],
  );
  assert.deepEqual(
    names.filter((name) => ignoresWeights({ name, prescale: false })),
    ignoring,
  );
});

test('a direction that is no combination of gradients has no weights to smooth', () => {
  for (const [fields, none] of [
    [{ name: 'graddrop' }, true],
    [{ name: 'adatask' }, true],
    [{ name: 'config', momentum: true }, true],
    [{ name: 'config', momentum: false }, false],
    [{ name: 'static', momentum: true }, false],
    [{ name: 'mgda' }, false],
    [{ name: 'constructor' }, false],
  ] as const)
    assert.equal(hasNoWeights(fields), none, JSON.stringify(fields));
});

test('no loss of the tables falls below 0, nor one that they do not know', () => {
  assert.deepEqual(
    [infimumOf('regression', 'mse'), infimumOf('regression', 'nothing'), infimumOf('nothing', 'mse')],
    [0, 0, 0],
  );
});
