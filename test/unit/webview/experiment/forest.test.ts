import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forestAxis, forestRows } from '../../../../webview/experiment/forest.ts';
import { comparisonOf, delta } from '../../../webview/comparisons.ts';

const comparison = comparisonOf(4, 2);

test('a row an arm that is compared on the task: not the baseline, none without it', () => {
  assert.deepEqual(forestRows(comparison, '分类', 'plan').map(({ arm }) => arm), ['joint', 'wide', 'uncertainty']); // prettier-ignore
  const arms = comparison.arms.map((arm) => (arm.id === 'wide' ? { ...arm, measures: arm.measures.slice(1) } : arm));
  assert.deepEqual(forestRows({ ...comparison, arms }, '分类', 'plan').map(({ arm }) => arm), ['joint', 'uncertainty']); // prettier-ignore
  assert.deepEqual(forestRows(comparison, 'no task', 'plan'), []);
});

test('by difference: the greatest first, what has none last', () => {
  const means: Readonly<Record<string, number | null>> = { joint: -1, wide: null, uncertainty: 2 };
  const arms = comparison.arms.map((arm) => ({
    ...arm,
    measures: arm.measures.map((one) => ({ ...one, delta: one.delta && delta(means[arm.id] ?? null, 1, 'undecided') })),
  }));
  assert.deepEqual(forestRows({ ...comparison, arms }, '分类', 'difference').map(({ arm }) => arm), ['uncertainty', 'joint', 'wide']); // prettier-ignore
});

test('the axis holds every mean, both intervals, the margin on both sides and 0', () => {
  const row = (mean: number | null, half: number) => ({ arm: 'a', delta: delta(mean, half, 'helps') });
  const bare = forestAxis([row(3, 1)], null, 100);
  // 0 to 4.5 (the family's), and a twentieth at each end.
  assert.ok(Math.abs(bare.min + 0.225) < 1e-9 && Math.abs(bare.max - 4.725) < 1e-9);
  const margin = forestAxis([row(3, 1)], 6, 100);
  assert.ok(margin.min < -6 && margin.max > 6);
  const single = { ...row(2, 1), delta: { ...delta(2, 1, 'helps'), interval: null, familyInterval: null } };
  assert.ok(Math.abs(forestAxis([single], null, 100).max - 2.1) < 1e-9);
  assert.ok(forestAxis([row(null, 1)], null, 100).at(0) > 0);
});

test('differences in any order come out in theirs; the axis runs from left to right over what there is', () => {
  const means: Readonly<Record<string, number | null>> = { joint: null, wide: 1, uncertainty: 3, 'arm 4': 2 };
  const five = comparisonOf(5, 2);
  const arms = five.arms.map((arm) => ({
    ...arm,
    measures: arm.measures.map((one) => ({ ...one, delta: one.delta && delta(means[arm.id] ?? null, 1, 'undecided') })),
  }));
  for (const all of [arms, arms.toReversed()]) {
    const rows = forestRows({ ...five, arms: all }, '分类', 'difference');
    assert.deepEqual(rows.map(({ arm }) => arm), ['uncertainty', 'arm 4', 'wide', 'joint']); // prettier-ignore
  }
  const row = { arm: 'a', delta: { ...delta(3, 1, 'helps'), familyInterval: null } };
  const axis = forestAxis([row], null, 100);
  assert.ok(Math.abs(axis.max - 4.2) < 1e-9, '0 to 4, and a twentieth');
  assert.deepEqual([axis.at(axis.min), axis.at(axis.max)], [0, 100]);
});
