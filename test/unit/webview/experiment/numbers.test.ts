// Numbers beside their uncertainty: decimals follow from the width of the interval, by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  clock,
  decimalsFor,
  estimate,
  fixed,
  none,
  percent,
  plain,
  probability,
  range,
  signed,
} from '../../../../webview/experiment/numbers.ts';

test('two significant digits of the half-width, after rounding', () => {
  const cases = [[0.021, 3], [0.2, 2], [1, 1], [9.94, 1], [9.96, 0], [10, 0], [250, 0], [0.0996, 2], [0.00034, 5]] as const; // prettier-ignore
  for (const [half, decimals] of cases) assert.equal(decimalsFor(half), decimals, String(half));
  for (const half of [0, -1, NaN, Infinity]) assert.equal(decimalsFor(half), 0);
});

test('the half-width as written has two significant digits, or is a whole number', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-8, max: 9.4, noNaN: true }), (half) => {
      const digits = half.toFixed(decimalsFor(half)).replace('.', '').replace(/^0+/, '');
      assert.equal(digits.length, 2, String(half));
    }),
  );
});

test('a minus sign, no hyphen, and no minus before nothing', () => {
  assert.deepEqual([fixed(-1.25, 1), fixed(-0.04, 1), fixed(0.04, 2), fixed(3, 0)], ['−1.3', '0.0', '0.04', '3']);
});

test('single numbers: four digits, powers of ten only far away, words for what is none', () => {
  assert.deepEqual([0, 0.12346, -12.3456, 1234.56, 1e-4, 9.99e-5, 9999999, 1e7].map(plain), [
    '0',
    '0.1235',
    '−12.35',
    '1235',
    '0.0001',
    '9.99e−5',
    '10000000',
    '1.00e+7',
  ]);
  assert.deepEqual([plain(null), plain(NaN), plain(Infinity), plain(-Infinity)], [none, none, '∞', '−∞']);
  assert.deepEqual([signed(0.5), signed(-0.5), signed(0), signed(null), signed(Infinity)], ['+0.5', '−0.5', '0', none, '+∞']); // prettier-ignore
});

test('an estimate shows what its interval lets it', () => {
  assert.equal(estimate(0.91345, [0.8924, 0.9345]), '0.913 ± 0.021');
  assert.equal(estimate(-3.14159, [-3.4416, -2.8416], true), '−3.14 ± 0.30');
  assert.equal(estimate(0.0421, [0.0221, 0.0621], true), '+0.042 ± 0.020');
  assert.equal(estimate(1234.5, [1034.5, 1434.5]), '1235 ± 200');
  // Smaller than what is shown of it: no sign for nothing.
  assert.equal(estimate(0.0004, [-0.2, 0.2008], true), '0.00 ± 0.20');
  assert.equal(estimate(2, [1, 4]), '2.0 [1.0, 4.0]');
  assert.equal(estimate(1, [0.98, 1.03]), '1.000 [0.980, 1.030]');
});

test('without an interval, or with one of no width, the mean alone', () => {
  assert.deepEqual([estimate(0.5, null), estimate(null, [0, 1]), estimate(0.5, [0.5, 0.5])], ['0.5', none, '0.5']);
  assert.equal(estimate(0.5, [-Infinity, Infinity]), '0.5');
  assert.equal(estimate(Infinity, [0, 1]), '∞');
  assert.equal(estimate(0.25, null, true), '+0.25');
});

test('widths beyond decimals are said with powers of ten', () => {
  assert.equal(estimate(1e-12, [0.9e-12, 1.1e-12]), '1.00e−12 ± 1.00e−13');
  assert.equal(estimate(2e9, [1.9e9, 2.1e9]), '2.00e+9 ± 1.00e+8');
  assert.equal(estimate(1e-9, [0.9e-9, 1.1e-9]), '1.00e−9 ± 1.00e−10');
  assert.equal(estimate(1e-7, [0.8e-7, 1.2e-7]), '0.000000100 ± 0.000000020');
});

test('intervals, probabilities, shares and times', () => {
  assert.deepEqual([range([0.892, 0.934]), range([-1, 1]), range(null)], ['[0.892, 0.934]', '[−1.0, 1.0]', none]);
  assert.deepEqual([range([1, 1]), range([0, 1e-12])], ['[1, 1]', '[0, 1.00e−12]']);
  assert.deepEqual([0.0009999, 0.001, 0.0456, 1, null].map(probability), ['< 0.001', '0.001', '0.046', '1.000', none]);
  assert.deepEqual([percent(0.1234), percent(1), percent(null)], ['12.3 %', '100.0 %', none]);
  assert.deepEqual([3.24, 9.99, 10, 59.4, 59.6, 307, 3600, 7509, null, NaN].map(clock), [
    '3.2 s',
    '10.0 s',
    '10 s',
    '59 s',
    '1:00',
    '5:07',
    '1:00:00',
    '2:05:09',
    none,
    none,
  ]);
});
