/** What is asked of strategies: their demands on weights and losses, by name and by setting; who can be observed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  againstConflicts,
  defaultStrategy,
  hasNoWeights as hasNone,
  ignoresWeights as ignores,
  infimumOf,
  innermost,
  needsNonNegativeLosses as needsNonNegative,
  observable,
  observedReads,
  resolveStrategy,
  strategyNames as names,
  traitsOf,
  whyNotObserved,
  type StrategyName,
} from '../../../src/spec/index.ts';
import { createStrategy } from '../../golden/runner/strategies.ts';
import { assertBilingual } from '../bilingual.ts';

interface Written {
  readonly name: StrategyName;
  readonly [key: string]: unknown;
}
/** With what a strategy cannot do without. */
const resolved = ({ name, ...given }: Written) =>
  resolveStrategy(name, {
    ...(name === 'pcd' && { primary: 'a' }),
    ...(name === 'cr-mogm' && { of: 'mgda' }),
    ...given,
  });
const needsNonNegativeLosses = (written: Written) => needsNonNegative(resolved(written));
const ignoresWeights = (written: Written) => ignores(resolved(written));
const hasNoWeights = (written: Written) => hasNone(resolved(written));

test('logarithms and quotients of losses need losses that are not negative', () => {
  assert.deepEqual(
    names.filter((name) => needsNonNegativeLosses({ name, ...(name === 'famo' && { minLosses: [0] }) })).sort(),
    [
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
    ],
  );
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
    [{ name: 'pcgrad', convention: 'libmtl' }, false],
  ] as const)
    assert.equal(needsNonNegativeLosses(fields), needs, JSON.stringify(fields));
});

test('weights mean something again where a strategy prescales', () => {
  const ignoring = names.filter((name) => ignoresWeights({ name }));
  assert.ok(ignoring.includes('pcd') && !ignoring.includes('static') && !ignoring.includes('sum'));
  const prescaling = names.filter((name) => 'prescale' in resolved({ name }));
  assert.deepEqual(
    prescaling.filter((name) => ignoresWeights({ name, prescale: true })),
    [],
  );
  assert.deepEqual(
    prescaling.filter((name) => ignoresWeights({ name, prescale: false })),
    ignoring.filter((name) => name !== 'pcd'),
  );
});

test('a direction that is no combination of gradients has no weights to smooth', () => {
  for (const [fields, none] of [
    [{ name: 'graddrop' }, true],
    [{ name: 'adatask' }, true],
    [{ name: 'config', momentum: true }, true],
    [{ name: 'config', momentum: false }, false],
    [{ name: 'static' }, false],
    [{ name: 'mgda' }, false],
  ] as const)
    assert.equal(hasNoWeights(fields), none, JSON.stringify(fields));
});

test('no loss of the tables falls below 0, nor one that they do not know', () => {
  assert.deepEqual(
    [infimumOf('regression', 'mse'), infimumOf('regression', 'nothing'), infimumOf('nothing', 'mse')],
    [0, 0, 0],
  );
});

const facts = {
  a: { samples: 3, constantLoss: 1, linearLoss: 0.5 },
  b: { samples: 4, constantLoss: 2, linearLoss: 1 },
};

test('every strategy of the language can be observed or says why not', () => {
  for (const name of [...names, 'module']) {
    const reads = observedReads(name);
    const why = whyNotObserved(name);
    assert.notEqual(reads === undefined, why === undefined, name);
    if (why !== undefined) assertBilingual(why);
  }
  assert.equal(observedReads('nothing'), undefined);
  assert.equal(whyNotObserved('nothing'), undefined);
});

test('an observable strategy reads what the list says, and no second pass', () => {
  for (const name of observable) {
    const made = createStrategy(name, { parameters: {}, tasks: ['a', 'b'], facts });
    const reads = made.needs === 'losses' ? 'losses' : 'gram';
    assert.ok(['losses', 'norms', 'gram'].includes(made.needs), name);
    assert.equal(observedReads(name), reads, name);
    assert.equal(made.afterStep, undefined, name);
  }
});

test('the defaults of the schema, with what is given; what the schema refuses is refused', () => {
  assert.deepEqual(resolveStrategy('cagrad', { c: 0.7, rescale: undefined }), {
    ...{ name: 'cagrad', c: 0.7, rescale: 1, normEps: 1e-7, traceEps: 0 },
    ...{ normalize: 'none', scale: 'paper', over: 'shared', per: 'all', heads: 'own', observe: [] },
  });
  assert.equal(defaultStrategy, resolveStrategy(defaultStrategy).name);
  assert.throws(() => resolveStrategy('pcd'), /"pcd".*`primary` is missing/);
  assert.throws(() => resolveStrategy('cagrad', { c: -1 }), RangeError);
  assert.throws(() => resolveStrategy('static', { alpha: 1 }), RangeError);
});

test('what is true of a strategy may hang on its parameters', () => {
  const momentum = (on: boolean) => traitsOf(resolveStrategy('config', { momentum: on }));
  assert.deepEqual([momentum(false).reads, momentum(true).reads], ['gram', 'entries']);
  assert.deepEqual([momentum(false).keepsVectors ?? false, momentum(true).keepsVectors], [false, true]);
  assert.equal(innermost(resolveStrategy('cr-mogm', { of: { name: 'mgda', solver: 'exact' } })).name, 'mgda');
});

test('where gradients conflict three strategies are worth a try; one of them has no place for weights', () => {
  assert.deepEqual(
    againstConflicts.map(({ name, prescales }) => [name, prescales]),
    [
      ['pcgrad', true],
      ['cagrad', false],
      ['upgrad', false],
    ],
  );
  for (const { about } of againstConflicts) assertBilingual(about);
});
