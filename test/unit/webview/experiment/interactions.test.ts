import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, orderedPairs, shareOf } from '../../../../webview/experiment/interactions.ts';
import { comparisonOf } from '../../../webview/comparisons.ts';

const [view] = comparisonOf().factors;
assert.ok(view);

test('every pair in both orders, its levels turned with it', () => {
  const pairs = orderedPairs(view);
  assert.deepEqual(pairs.map(({ name }) => name), ['weight × strategy', 'strategy × weight']); // prettier-ignore
  assert.deepEqual(pairs.map(({ factors }) => factors), [['weight', 'strategy'], ['strategy', 'weight']]); // prettier-ignore
  assert.deepEqual(pairs[0]?.cells[1]?.levels, ['0', 'pcgrad']);
  assert.deepEqual(pairs[1]?.cells[1]?.levels, ['pcgrad', '0']);
  assert.equal(pairs[1].cells[2]?.mean, pairs[0].cells[2]?.mean);
});

test('a line for each level of the second, over those of the first', () => {
  const [weights, strategies] = orderedPairs(view).map(linesOf);
  assert.deepEqual(weights?.along, ['0', '1', '2']);
  assert.deepEqual(weights.lines.map(({ level }) => level), ['static', 'pcgrad']); // prettier-ignore
  assert.deepEqual(weights.lines[1]?.cells.map(({ mean }) => mean), [0.8, 0.8, null]); // prettier-ignore
  assert.deepEqual(strategies?.along, ['static', 'pcgrad']);
  assert.deepEqual(strategies.lines.map(({ cells }) => cells.length), [2, 2, 2]); // prettier-ignore
});

test('numbers stand by size, words as they came', () => {
  const cell = (first: string) => ({ levels: [first, 'a'] as const, runs: 1, mean: 1, interval: null });
  const along = (...levels: string[]): readonly string[] =>
    linesOf({ name: '', factors: ['x', 'y'], cells: levels.map(cell) }).along;
  assert.deepEqual(along('10', '2', '1e-3'), ['1e-3', '2', '10']);
  assert.deepEqual(along('b', '2', 'a'), ['b', '2', 'a']);
  assert.deepEqual(along('10', '2', 'a'), ['10', '2', 'a']);
  assert.deepEqual(along('10', '2', ' '), ['10', '2', ' '], 'a blank is no number');
});

test('the share of the spread is that of the pair, in either order', () => {
  assert.equal(shareOf(view, ['weight', 'strategy']), 0.05);
  assert.equal(shareOf(view, ['strategy', 'weight']), 0.05);
  assert.equal(shareOf(view, ['weight', 'other']), null);
});
