import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Translate } from '../../../../src/editor/weights/lens-text.ts';
import { weightLines, type WeightsContext } from '../../../../src/editor/weights/weights-hover.ts';
import { parseTree, type OptimizerName } from '../../../../src/spec/index.ts';

const t: Translate = (message, ...args) =>
  message.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)]));
const context = (strategy: string, optimizer: OptimizerName): WeightsContext => ({
  tree: parseTree(JSON.stringify({ tasks: {}, strategy })).tree,
  language: 'en',
  strategy,
  optimizer,
  influences: [
    { task: 'a', share: 0.25, gradientShare: 0.6, effective: 1.25 },
    { task: 'b', share: 0.75, gradientShare: null, effective: null },
  ],
});

test('says what weights mean to the strategy, and what the optimizer makes of them', () => {
  const [meaning, optimizer] = weightLines(t, { ...context('pcgrad', 'adam'), influences: [] });
  assert.match(meaning ?? '', /^With the strategy pcgrad, weights are: none: .*prescale/);
  assert.match(optimizer ?? '', /^With adam, .*ε, clipping and the ratio to l2.*shared part/);
  const lines = weightLines(t, context('static', 'nesterov'));
  assert.ok(lines.some((line) => /nesterov.*multiplies the learning rate/.test(line)));
});

test('gives the last run’s numbers of one task, or of all', () => {
  const all = weightLines(t, context('pcgrad', 'adam'));
  assert.ok(
    all.includes('Last run: a: effective 1.25, 25 % of total, 60 % of weight × gradient norm; b: 75 % of total'),
    all.join('\n'),
  );
  const one = weightLines(t, context('pcgrad', 'adam'), 'b');
  assert.ok(one.includes('Last run: b: 75 % of total'));
  assert.equal(weightLines(t, context('pcgrad', 'adam'), 'c').length, 2);
});

test('a task of which nothing is known is not mentioned, each number alone is', () => {
  const nothing = { share: null, gradientShare: null, effective: null };
  const lines = (...influences: WeightsContext['influences']): string[] =>
    weightLines(t, { ...context('static', 'sgd'), influences }).slice(2);
  assert.deepEqual(lines({ task: 'a', ...nothing }), []);
  const last = (...influences: WeightsContext['influences']): string | undefined => lines(...influences)[0];
  assert.equal(last({ task: 'a', ...nothing }, { task: 'b', ...nothing, share: 0.5 }), 'Last run: b: 50 % of total');
  assert.equal(last({ task: 'a', ...nothing, gradientShare: 0 }), 'Last run: a: 0 % of weight × gradient norm');
  assert.equal(last({ task: 'a', ...nothing, effective: 2 }), 'Last run: a: effective 2');
  assert.equal(
    lines({ task: 'a', ...nothing, effective: 2 })[1],
    'A share of the total is one of losses, not of influence.',
  );
});

test('which optimizers follow the size of the gradient', () => {
  const follows = (optimizer: OptimizerName): boolean =>
    weightLines(t, { ...context('static', optimizer), influences: [] }).some((line) =>
      /multiplies the learning rate/.test(line),
    );
  const found = (['sgd', 'momentum', 'nesterov', 'adam', 'rmsprop', 'adagrad'] as const).filter(follows);
  assert.deepEqual(found, ['sgd', 'momentum', 'nesterov']);
});

test('what our tables write as Markdown is text here, in the person’s language', () => {
  const first = (strategy: string, language: 'en' | 'zh'): string =>
    weightLines(t, { ...context(strategy, 'sgd'), language, influences: [] })[0] ?? '';
  // The table has `prescale` in backticks, twice at least in both languages.
  for (const language of ['en', 'zh'] as const) {
    const line = first('pcgrad', language);
    assert.match(line, /^With the strategy pcgrad, weights are: .*prescale/);
    assert.doesNotMatch(line, /`/);
  }
  assert.match(first('pcgrad', 'zh'), /[\u4e00-\u9fff]/);
  assert.doesNotMatch(first('pcgrad', 'en'), /[\u4e00-\u9fff]/);
});

test('of a strategy that is not written nothing is said, of the optimizer always', () => {
  const { tree } = parseTree('{ "tasks": {} }');
  const lines = weightLines(t, { ...context('static', 'momentum'), tree, influences: [] });
  assert.deepEqual(lines, ['With momentum, multiplying all weights by a number multiplies the learning rate by it.']);
});
