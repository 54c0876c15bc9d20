/** Keys of strategies: what has no effect is refused, and every strategy says what it needs, costs and means by weights. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptionOf, hoverText } from '../../../../src/spec/telling/describe.ts';
import { readSpec } from '../../../../src/spec/reading/read.ts';
import { extraOf } from '../../../../src/spec/schema/build.ts';
import { strategyNames, traitsOfName } from '../../../../src/spec/index.ts';
import { strategies } from '../../../../src/spec/schema/strategies.ts';
import { strategyDocumentation } from '../../../../src/spec/telling/strategy-documentation.ts';
import { golden } from '../golden.ts';

const withStrategy = (strategy: string) =>
  readSpec(golden('smallest').replace(/\}\s*$/, `, "strategy": ${strategy} }`));
const codes = (strategy: string) =>
  withStrategy(strategy)
    .problems.map(({ code }) => code)
    .filter((code) => code !== 'not-available');

test('a key that does nothing beside the others is an error, and has no value', () => {
  assert.deepEqual(codes('{ "name": "mgda", "epsilon": 0.01 }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "mgda", "solver": "frank-wolfe", "epsilon": 0.01 }'), []);
  assert.deepEqual(codes('{ "name": "mgda", "apply": "raw" }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "stch", "warmup": 2 }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "stch", "form": "log-nadir", "reference": [0, 0] }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "gradnorm", "convention": "libmtl", "learningRate": 0.1 }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "config", "beta1": 0.5 }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "static", "alpha": 1 }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "imtl-g", "normalize": "sum-to-one" }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "nash-mtl", "iterations": 20 }'), ['ignored-key']);
  assert.deepEqual(codes('{ "name": "cr-mogm", "of": "mgda", "start": "first", "initial": [1, 2] }'), [
    'conflicting-keys',
  ]);
  assert.equal(Object.hasOwn(withStrategy('"mgda"').spec?.strategy ?? {}, 'epsilon'), false);
});

test('defaults depend on the convention', () => {
  const read = (strategy: string) => withStrategy(strategy).spec?.strategy as Record<string, unknown> | undefined;
  assert.equal(read('"gradnorm"')?.['measured'], 'layer');
  assert.equal(read('{ "name": "gradnorm", "convention": "libmtl" }')?.['measured'], 'shared');
  assert.equal(read('"nash-mtl"')?.['heads'], 'weighted');
  assert.equal(read('"pcgrad"')?.['heads'], 'own');
});

test('every strategy has a formula or a source, and says what it reads, costs and means by weights', () => {
  for (const [name, schema] of Object.entries(strategies)) {
    const { facts, formula, source } = descriptionOf(schema);
    assert.ok(formula !== undefined || source !== undefined, name);
    assert.ok(facts.length >= 3, name);
    for (const { label, text } of facts) {
      assert.ok(label.en !== '' && text.en !== '', name);
      assert.match(text.zh, /\p{Script=Han}/u, `${name}: ${text.zh}`);
    }
    const hover = hoverText([descriptionOf(schema)], 'en');
    assert.match(hover, /backward|wraps/, name);
  }
});

test('the pages have every strategy with every parameter of its own', () => {
  for (const language of ['en', 'zh'] as const) {
    const page = strategyDocumentation(language);
    for (const [name, schema] of Object.entries(strategies)) {
      assert.ok(page.includes(`\n### ${name}\n`), name);
      assert.ok(page.includes(extraOf(schema).title?.[language] ?? '?'), name);
    }
    assert.ok(page.includes('| `gradientNormalization` |') && page.includes('| `slopes` |'));
  }
});

/** Name, what it reads, what weights mean to it, the factor of equal tasks, and what else is true of it. */
const traits = `
  static losses multiply sum
  sum losses multiply sum
  mean losses multiply mean
  unitary losses multiply sum
  uncertainty losses multiply multiplied nonNegativeLosses
  uncertainty-optimal losses multiply multiplied nonNegativeLosses
  uncertainty-softmax losses multiply mean nonNegativeLosses
  dwa losses multiply sum nonNegativeLosses
  geometric losses preference - nonNegativeLosses
  log losses multiply multiplied nonNegativeLosses
  random losses multiply mean
  imtl-l losses multiply multiplied nonNegativeLosses
  stch losses preference -
  famo losses initial mean
  cosmos losses preference mean
  pbi losses preference √3
  complexity losses multiply sum nonNegativeLosses constantLoss linearLoss
  data-size losses multiply sum samples
  performance losses multiply multiplied measuresPerformance constantLoss
  initial-loss losses multiply sum nonNegativeLosses constantLoss
  gradnorm norms multiply sum nonNegativeLosses
  mgda gram none -
  imtl-g gram none mean
  imtl gram none mean nonNegativeLosses
  pcgrad gram none sum
  gradvac gram none sum
  cagrad gram preference -
  nash-mtl gram preference -
  aligned-mtl gram preference -
  fairgrad gram preference -
  upgrad gram preference mean
  dualproj gram preference mean
  config gram preference -
  krum gram none mean
  pcd gram none mean
  graddrop entries none sum weightless
  trimmed-mean entries none mean weightless
  moco entries initial mean keepsVectors weightless
  db-mtl entries multiply sum nonNegativeLosses keepsVectors weightless
  excess-mtl entries initial - keepsVectors
  adatask entries multiply sum keepsVectors weightless
  modo three initial mean
  sdmgrad three preference mean
  moml halves multiply mean
  auto-lambda halves multiply mean
  forum halves multiply -
  cr-mogm wrapped wrapped -
`;

test('traits of every strategy are those of its formula', () => {
  const flags = ['nonNegativeLosses', 'keepsVectors', 'weightless', 'measuresPerformance'] as const;
  const told = strategyNames.map((name) => {
    const known = traitsOfName(name);
    assert.ok(known, name);
    const { reads, weights, equalTasks = '-', facts = [] } = known;
    const equal = typeof equalTasks === 'function' ? `√${Math.round(equalTasks(3) ** 2)}` : equalTasks;
    return ['', name, reads, weights, equal, ...flags.filter((flag) => known[flag]), ...facts].join(' ').trim();
  });
  assert.deepEqual(told, traits.trim().split(/\n\s*/));
});
