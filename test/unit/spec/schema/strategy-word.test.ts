/** What the weights of a spec mean to each strategy, as docs/reference/strategies says it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategyNames, traitsOfName } from '../../../../src/spec/index.ts';
import { extraOf } from '../../../../src/spec/schema/build.ts';
import { strategies } from '../../../../src/spec/schema/strategies.ts';

/** By the papers: whose equation has weights of its own, whose has a preference vector, whose has neither. */
const meanings = {
  multiply: [
    ...['static', 'sum', 'mean', 'unitary', 'uncertainty', 'uncertainty-optimal', 'uncertainty-softmax', 'dwa', 'log'],
    ...['random', 'imtl-l', 'complexity', 'data-size', 'performance', 'initial-loss', 'gradnorm', 'db-mtl', 'adatask'],
    ...['moml', 'auto-lambda', 'forum'],
  ],
  preference: [
    ...['geometric', 'stch', 'cosmos', 'pbi', 'cagrad', 'nash-mtl', 'aligned-mtl', 'fairgrad', 'upgrad', 'dualproj'],
    ...['config', 'sdmgrad'],
  ],
  initial: ['famo', 'moco', 'excess-mtl', 'modo'],
  none: ['mgda', 'imtl-g', 'imtl', 'pcgrad', 'gradvac', 'krum', 'graddrop', 'trimmed-mean'],
  primary: ['pcd'],
  wrapped: ['cr-mogm'],
} as const;

const withWeights = (meaning: string): string[] =>
  strategyNames.filter((name) => (name === 'pcd' ? 'primary' : traitsOfName(name)?.weights) === meaning);
const factsOf = (name: keyof typeof strategies) => extraOf(strategies[name]).facts ?? [];

test('which strategies read the weights in which way', () => {
  for (const meaning of ['multiply', 'preference', 'initial', 'none', 'primary', 'wrapped'] as const) {
    assert.deepEqual([...withWeights(meaning)].sort(), [...meanings[meaning]].sort(), meaning);
  }
  assert.deepEqual(Object.values(meanings).flat().sort(), Object.keys(strategies).sort(), 'every strategy has one');
});

const word = (name: keyof typeof strategies, label: string): string | undefined =>
  factsOf(name).find((fact) => fact.label.en === label)?.text.en;

test('what each strategy reads of a step', () => {
  const read = {
    'the gradient norm of each task': ['gradnorm'],
    'the Gram matrix': [
      ...['mgda', 'imtl-g', 'imtl', 'pcgrad', 'gradvac', 'cagrad', 'nash-mtl', 'aligned-mtl', 'fairgrad', 'upgrad'],
      ...['dualproj', 'config', 'krum', 'pcd'],
    ],
    'entry by entry': ['graddrop', 'trimmed-mean', 'moco', 'db-mtl', 'excess-mtl', 'adatask'],
    'three independent batches': ['modo', 'sdmgrad'],
    'two halves of a batch': ['moml', 'auto-lambda', 'forum'],
    'the strategy it wraps': ['cr-mogm'],
  };
  for (const name of strategyNames) {
    const expected = Object.entries(read).find(([, names]) => names.includes(name))?.[0];
    const told = word(name, 'Reads') ?? '';
    if (expected === undefined) assert.equal(told, 'the losses', name);
    else assert.ok(told.includes(expected), `${name}: ${told}`);
  }
});

test('what a step costs goes with what it reads; four facts at most, in this order', () => {
  for (const name of strategyNames) {
    const told = word(name, 'Reads') ?? '';
    const price = word(name, 'Cost per step') ?? '';
    if (name === 'famo') assert.match(price, /^1 backward pass, and a second forward/);
    else if (told === 'the losses') assert.equal(price, '1 backward pass', name);
    else if (told.includes('three independent')) assert.match(price, /^3 T backward/, name);
    else if (!/halves|wraps/.test(told)) assert.match(price, /^T backward passes, one a task/, name);
    const labels = factsOf(name).map(({ label }) => label.en);
    assert.deepEqual(labels, ['Reads', 'Cost per step', '`weights`', 'Libraries'].slice(0, labels.length), name);
    assert.ok(labels.length >= 3, name);
  }
  assert.match(word('moml', 'Cost per step') ?? '', /each half, 1 for the update/);
  assert.match(word('auto-lambda', 'Cost per step') ?? '', /3 backward and 2 forward/);
  assert.match(word('forum', 'Cost per step') ?? '', /innerSteps backward passes/);
  assert.match(word('cr-mogm', 'Cost per step') ?? '', /wraps/);
  assert.equal(traitsOfName('no-such-strategy'), undefined);
  assert.match(word('pcd', '`weights`') ?? '', /`primary` names the task/);
});
