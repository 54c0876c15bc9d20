/** The vertical axis, whatever the values are: ends that hold them, few lines, each where it says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { notPositive, scaleOf, tick } from '../../../../webview/charts/scale.ts';

/** Axis of some values, as the chart makes it. */
function axisOf(log: boolean, values: readonly (number | null)[]) {
  const scale = scaleOf(log, [values]);
  const drawn = values.map(scale.draw).filter((value) => value !== null);
  const [min, max] = drawn.length === 0 ? [null, null] : [Math.min(...drawn), Math.max(...drawn)];
  const [low, high] = scale.range(min, max);
  const splits = scale.splits(low, high);
  return { drawn, low, high, splits, labels: splits.map(scale.label) };
}

const awkward: readonly (readonly [string, readonly number[]])[] = [
  ['all zero', [0, 0, 0]],
  ['one value', [0.25]],
  ['one huge value', [1e300]],
  ['one tiny value', [1e-300]],
  ['subnormal', [5e-324, 1e-310]],
  ['all there is', [5e-324, 1e-300, 1, 1e300, Number.MAX_VALUE]],
  ['below what uPlot can split', [1e-25, 1e-30]],
  ['zeros among losses', [1, 0, 0.5, 0]],
  ['negative', [-3, -1e-9, 2]],
  ['nearly one', [1, 1 + 1e-13]],
  ['nothing finite', [NaN, Infinity, -Infinity]],
  ['nothing', []],
];

describe('every axis is finite, holds its values and has few lines, in order', () => {
  const holds = (log: boolean, values: readonly number[]): void => {
    const { drawn, low, high, splits } = axisOf(log, values);
    assert.ok(Number.isFinite(low) && Number.isFinite(high) && low < high, `${String(low)} to ${String(high)}`);
    assert.ok(drawn.every((value) => value >= low && value <= high && Math.abs(value) < 1e10));
    assert.ok(splits.length <= 24);
    assert.ok(
      splits.every((split, index) => index === 0 || split > (splits[index - 1] ?? NaN)),
      splits.join(),
    );
    const fit = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
    assert.equal(drawn.length, fit.length);
  };
  for (const log of [true, false]) {
    for (const [name, values] of awkward) test(`${log ? 'log' : 'linear'}, ${name}`, () => holds(log, values));
    test(`${log ? 'log' : 'linear'}, any numbers`, () => {
      fc.assert(fc.property(fc.array(fc.double(), { maxLength: 6 }), (values) => holds(log, values)));
    });
  }
});

test('a log scale has whole decades and says them; a narrow one has lines between', () => {
  assert.deepEqual(axisOf(true, [1e-3, 20, 500]).labels, ['0.001', '0.01', '0.1', '1', '10', '100', '1000']);
  assert.deepEqual(axisOf(true, [1e-300, 1e300]).labels, [
    ...['1e-300', '1e-200', '1e-100', '1', '1e100', '1e200', '1e300'],
  ]);
  assert.deepEqual(axisOf(true, [0.2, 4]).labels, ['0.1', '0.2', '0.5', '1', '2', '5', '10']);
  const { labels, drawn } = axisOf(true, [0, -1, 100]);
  assert.deepEqual(drawn, [2]);
  assert.ok(labels.length > 1);
});

test('a linear scale of huge or tiny values counts in a power of ten and says the values', () => {
  assert.deepEqual(axisOf(false, [0, 1, 2]).labels, ['0', '0.5', '1', '1.5', '2']);
  assert.deepEqual(axisOf(false, [0, 2e300]).labels, ['0', '5.00e+299', '1.00e+300', '1.50e+300', '2.00e+300']);
  assert.deepEqual(axisOf(false, [0, 0]).splits.length > 2, true);
  assert.deepEqual([axisOf(false, [0, 0]).low, axisOf(false, [0, 0]).high], [0, 1]);
});

test('numbers at or below 0 are counted; what is absent or no number is not', () => {
  assert.deepEqual(notPositive([[0, -1, 2, null], Float64Array.from([NaN, 0, -0, 1e-300, -Infinity])]), {
    zeros: 3,
    negative: 2,
  });
});

test('a tick says what is infinite', () => {
  assert.deepEqual([NaN, null, Infinity, -Infinity, 0, 1e-5, 12345678].map(tick), [
    ...['–', '–', '∞', '−∞', '0', '1.00e-5', '1.23e+7'],
  ]);
});

test('a log scale within a decade keeps near its values', () => {
  const { low, high } = axisOf(true, [2, 5]);
  const room = Math.log10(5 / 2) * 0.1;
  assert.ok(Math.abs(low - (Math.log10(2) - room)) < 1e-12 && Math.abs(high - (Math.log10(5) + room)) < 1e-12);
  const one = axisOf(true, [3]);
  assert.ok(Math.abs(one.low - (Math.log10(3) - 0.1)) < 1e-12);
  assert.deepEqual([axisOf(true, [1, 10]).low, axisOf(true, [1, 10]).high], [-0.1, 1.1], 'one decade is narrow, too');
  assert.deepEqual([axisOf(true, [1, 11]).low, axisOf(true, [1, 11]).high], [0, 2]);
});

test('a tick has four digits, no grouping', () => {
  assert.deepEqual([1234567, 12345, 0.123456, -2.5, 1e-4].map(tick), ['1235000', '12350', '0.1235', '-2.5', '0.0001']);
  assert.equal(tick(undefined), '–');
});

test('a linear scale keeps to the side of 0 that its values are on', () => {
  const ends = (values: readonly number[]): readonly number[] => {
    const { low, high } = axisOf(false, values);
    return [low, high].map((value) => Math.round(value * 1e6) / 1e6);
  };
  assert.deepEqual(ends([1, 11]), [0, 12]);
  assert.deepEqual(ends([5, 15]), [4, 16]);
  assert.deepEqual(ends([-11, -1]), [-12, 0]);
  assert.deepEqual(ends([-10, 10]), [-12, 12]);
  assert.deepEqual(ends([4, 4]), [3.6, 4.4]);
});

describe('lines of a log axis', () => {
  const { splits, range, label } = scaleOf(true, []);
  const [two, five] = [Math.log10(2), Math.log10(5)];

  test('decades, or every 2nd, 5th, 10th … of them, so that about ten lines are enough', () => {
    const steps = [[10, 1, 2], [20, 2, 5], [50, 5, 10], [100, 10, 20], [200, 20, 50], [500, 50, 100]] as const; // prettier-ignore
    for (const [decades, step, next] of steps) {
      assert.deepEqual(
        splits(0, decades),
        Array.from({ length: decades / step + 1 }, (_, at) => at * step),
      );
      assert.equal(splits(0, decades + 1)[1], next, 'one decade more');
    }
  });

  test('of two decades at most also 2 and 5 of each, of less than half a one round numbers', () => {
    assert.deepEqual(splits(0.2, 1.5), [two, five, 1, 1 + two]);
    assert.deepEqual(splits(0, 2), [0, two, five, 1, 1 + two, 1 + five, 2]);
    assert.deepEqual(splits(0, 2.5), [0, 1, 2]);
    assert.deepEqual([splits(0, 0.9), splits(0, 0.5)], [[0, two, five], [0, two]]); // prettier-ignore
    assert.deepEqual(splits(0, 0.25), [0, 0.05, 0.1, 0.15, 0.2, 0.25].map((value, at) => (at === 3 ? 3 * 0.05 : value))); // prettier-ignore
  });

  test('powers of ten are written out up to a million; nothing drawn is a decade', () => {
    assert.deepEqual([6, 7, -7, 0].map(label), ['1000000', '1e7', '1e-7', '1']);
    assert.deepEqual(range(null, null), [-1, 0]);
  });
});

describe('a linear axis', () => {
  const { splits, range } = scaleOf(false, []);

  test('about six lines, at multiples of 1, 2 or 5 of a power of ten, within', () => {
    const every = (from: number, to: number, step: number): number[] =>
      Array.from({ length: Math.round((to - from) / step) + 1 }, (_, at) => from + at * step);
    assert.deepEqual(splits(0, 6), every(0, 6, 1));
    assert.deepEqual(splits(0, 7), every(0, 6, 2));
    assert.deepEqual(splits(0, 12), every(0, 12, 2));
    assert.deepEqual(splits(0, 13), every(0, 10, 5));
    assert.deepEqual(splits(0, 30), every(0, 30, 5));
    assert.deepEqual(splits(0, 31), every(0, 30, 10));
    assert.deepEqual(splits(0, 60), every(0, 60, 10));
    assert.deepEqual(splits(0.5, 6.5), every(1, 6, 1));
    assert.deepEqual(splits(10, 22), every(10, 22, 2));
    assert.deepEqual(splits(3, 3), [3]);
  });

  test('what has one sign keeps to its side, where room would lead over it', () => {
    const ends = (min: number, max: number): readonly number[] => range(min, max).map((end) => Number(end.toFixed(9)));
    assert.deepEqual([ends(0.5, 10.5), ends(-10.5, -0.5)], [[0, 11.5], [-11.5, 0]]); // prettier-ignore
    assert.deepEqual([ends(0, 10), ends(-10, 0)], [[0, 11], [-11, 0]]); // prettier-ignore
  });

  test('values below a millionth or from a thousand million on are counted in their power of ten', () => {
    const drawn = (value: number): number =>
      Number(
        scaleOf(false, [[value]])
          .draw(value)
          ?.toPrecision(6),
      );
    assert.deepEqual([1e-6, 9e-7, 9.99e8, 1e9, 5e9].map(drawn), [1e-6, 9, 9.99e8, 1, 5]);
    // The smallest number that there is: its power of ten is none.
    const tiny = scaleOf(false, [[5e-324]]);
    assert.equal(tiny.label(tiny.draw(5e-324) ?? NaN), '4.94e-324');
  });

  test('a tick is written out below ten million', () => {
    assert.deepEqual([9_999_000, 1e7, 0.0001, 0.00009].map(tick), ['9999000', '1.00e+7', '0.0001', '9.00e-5']);
  });
});

test('a log scale does not reach below the least positive value that was recorded', () => {
  // A loss of exactly 0 for long: the smoothed curve falls below any number that there is.
  const smoothed = [1, 1e-20, 1e-40, 5e-324];
  const recorded = [1, 0, 0, 0.003];
  const scale = scaleOf(true, [smoothed, recorded], [recorded]);
  assert.deepEqual(scale.range(Math.log10(5e-324), 0), [-3, 0]);
  assert.deepEqual(scale.range(-2, 0), [-2, 0], 'what is above stays as it is');
  assert.deepEqual(scaleOf(true, [smoothed], []).range(-40, 0), [-40, 0], 'nothing was recorded, nothing limits');
  assert.deepEqual(scaleOf(true, [[0, 0]], [[0, 0]]).range(null, null), [-1, 0]);
  assert.ok(scale.splits(-3, 0).length <= 12);
  assert.equal(scale.value(-3), 1e-3);
  assert.equal(scaleOf(false, [[5e20]]).value(2), 2e20);
});

test('zeros and negative values are counted apart', () => {
  assert.deepEqual(notPositive([[0, -0, 1, null, NaN], [-2, -Infinity]]), { zeros: 2, negative: 2 }); // prettier-ignore
});
