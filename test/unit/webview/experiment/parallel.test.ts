import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringsFor } from '../../../../webview/experiment/language.ts';
import { brushed, dimensionsOf, within, type Dimension } from '../../../../webview/experiment/parallel.ts';
import { comparisonOf } from '../../../webview/comparisons.ts';

const strings = stringsFor('en');
const comparison = comparisonOf(5, 2);
const { arms } = comparison;
const dimensions = dimensionsOf(comparison, strings, 300, 20);
const dimension = (id: string): Dimension => {
  const found = dimensions.find((one) => one.id === id);
  assert.ok(found, id);
  return found;
};

test('axes: factors first, tasks, then Δm and time', () => {
  assert.deepEqual(
    dimensions.map(({ id, title }) => [id, title]),
    [
      ['factor:weight', 'weight'],
      ['factor:strategy', 'strategy'],
      ['mean:分类', '分类 accuracy'],
      ['mean:回归', '回归 mae'],
      ['deltaM', 'Δm'],
      ['seconds', 'Time'],
    ],
  );
});

test('levels that are numbers are an axis of numbers, others stand at even distances', () => {
  assert.equal(dimension('factor:weight').levels, null);
  assert.deepEqual(dimension('factor:strategy').levels, ['pcgrad', 'static']);
  const [single, joint, wide] = arms;
  assert.ok(single && joint && wide);
  assert.deepEqual([joint, wide].map(dimension('factor:weight').value), [1, 2]);
  assert.deepEqual([joint, wide].map(dimension('factor:strategy').value), [0, 1]);
  assert.equal(dimension('factor:weight').value(single), null);
  assert.equal(dimension('deltaM').value(single), null);
  const [numbers, words] = [dimension('factor:weight').axis, dimension('factor:strategy').axis];
  for (const [own, low, high] of [[numbers, -0.1, 2.1], [words, -0.05, 1.05]] as const) {
    assert.ok(Math.abs(own.min - low) < 1e-9 && Math.abs(own.max - high) < 1e-9, 'the levels and a twentieth');
    assert.deepEqual([own.at(own.min), own.at(own.max)], [300, 20]);
  } // prettier-ignore
  const leveled = (...levels: readonly string[]): Dimension | undefined => {
    const own = arms.map((arm, at) => ({ ...arm, point: [{ factor: 'f', level: levels[at % levels.length] ?? '' }] }));
    return dimensionsOf({ ...comparison, arms: own }, strings, 300, 20).find(({ id }) => id === 'factor:f');
  };
  assert.deepEqual(leveled('1', 'x')?.levels, ['1', 'x']);
  assert.deepEqual(leveled('1', ' ')?.levels, ['1', ' '], 'a blank is no number');
  const [far, three] = [leveled('10', '30'), leveled('a', 'b', 'c')];
  assert.deepEqual([far?.levels, far?.axis.min, far?.axis.max], [null, 9, 31]);
  assert.deepEqual([three?.axis.min, three?.axis.max], [-0.1, 2.1]);
  const { axis } = dimension('mean:回归');
  assert.ok(axis.at(axis.min) === 300 && axis.at(axis.max) === 20);
});

test('an axis without any value is not there', () => {
  const bare = { ...comparison, arms: arms.map((arm) => ({ ...arm, deltaM: null, point: [], costs: { seconds: null, secondsPerEpoch: null } })) }; // prettier-ignore
  assert.deepEqual(dimensionsOf(bare, strings, 300, 20).map(({ id }) => id), ['mean:分类', 'mean:回归']); // prettier-ignore
});

test('arms within all ranges, ends included; one without a value is in none', () => {
  const inside = (brushes: Parameters<typeof within>[2]): string[] => [...within(arms, dimensions, brushes)];
  assert.equal(inside({}).length, 5);
  assert.deepEqual(inside({ 'factor:weight': [1, 2] }), ['joint', 'wide', 'arm 4']);
  assert.deepEqual(inside({ 'factor:weight': [1, 1] }), ['joint', 'arm 4']);
  assert.deepEqual(inside({ 'factor:weight': [1, 2], 'factor:strategy': [0, 0] }), ['joint']);
  assert.deepEqual(inside({ seconds: [12, 13] }), ['single', 'joint']);
  // Of an axis that is no more.
  assert.equal(inside({ gone: [0, 0] }).length, 5);
});

test('a range keeps to its axis, whichever end came first; over all of it, it is none', () => {
  const seconds = dimension('seconds');
  const { min, max } = seconds.axis;
  const other = { deltaM: [0, 1] as const };
  assert.deepEqual(brushed(other, seconds, [15, 13]), { ...other, seconds: [13, 15] });
  assert.deepEqual(brushed({}, seconds, [-100, 13]), { seconds: [min, 13] });
  assert.deepEqual(brushed({}, seconds, [13, 900]), { seconds: [13, max] });
  assert.deepEqual(brushed({ ...other, seconds: [1, 2] }, seconds, [-100, 900]), other);
  assert.deepEqual(brushed({ ...other, seconds: [1, 2] }, seconds, null), other);
});
