import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { axisOf } from '../../../../webview/experiment/axis.ts';

test('values lie between both ends, with room; there and back', () => {
  const axis = axisOf([0, 10], 100, 300);
  assert.deepEqual([axis.min, axis.max], [-0.5, 10.5]);
  assert.equal(axis.at(-0.5), 100);
  assert.equal(axis.at(10.5), 300);
  assert.ok(Math.abs(axis.at(5) - 200) < 1e-9);
  assert.ok(Math.abs(axis.value(axis.at(3.25)) - 3.25) < 1e-9);
});

test('an axis may point up', () => {
  const axis = axisOf([0, 1], 200, 0, 0);
  assert.deepEqual([axis.at(0), axis.at(1), axis.at(0.25)], [200, 0, 150]);
});

test('ticks are multiples of 1, 2 or 5, within, about 80 pixels apart', () => {
  const axis = axisOf([0, 1], 0, 400, 0);
  assert.deepEqual(axis.ticks.map(axis.label), ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
  assert.deepEqual(axisOf([0, 1], 0, 800, 0).ticks.length, 11);
  assert.deepEqual(axisOf([-3, 2], 0, 400, 0).ticks.map(axisOf([-3, 2], 0, 400, 0).label), ['−3', '−2', '−1', '0', '1', '2']); // prettier-ignore
  fc.assert(
    fc.property(
      fc.double({ min: -1e5, max: 1e5, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
      (low, span) => {
        const { ticks, min, max } = axisOf([low, low + span], 0, 500);
        assert.ok(ticks.length >= 1 && ticks.length <= 8, String(ticks));
        for (const tick of ticks) assert.ok(tick >= min - 1e-6 * span && tick <= max + 1e-6 * span);
      },
    ),
  );
});

test('one value, none, and what is no finite number', () => {
  const one = axisOf([5], 0, 100);
  assert.deepEqual([one.min, one.max], [4.5, 5.5]);
  assert.deepEqual([axisOf([-5], 0, 100).min, axisOf([-5], 0, 100).max], [-5.5, -4.5]);
  assert.deepEqual([axisOf([], 0, 100, 0).min, axisOf([], 0, 100, 0).max], [0, 1]);
  const axis = axisOf([NaN, 2, Infinity, 4, -Infinity], 0, 100, 0);
  assert.deepEqual([axis.min, axis.max], [2, 4]);
  const zero = axisOf([0, 0], 0, 100);
  assert.deepEqual([zero.min, zero.max], [-1, 1]);
  assert.deepEqual(axisOf([0], 0, 300).ticks.map(zero.label), ['−1', '0', '1']);
});

test('far away from 1, ticks are written with powers of ten', () => {
  const large = axisOf([1e7, 3e7], 0, 200, 0);
  assert.deepEqual(large.ticks.map(large.label), ['1.0e+7', '2.0e+7', '3.0e+7']);
  const tiny = axisOf([0, 2e-8], 0, 200, 0);
  assert.deepEqual(tiny.ticks.map(tiny.label), ['0', '1.0e−8', '2.0e−8']);
});

test('a narrow axis has two steps, wherever it lies; 0 has no sign', () => {
  assert.deepEqual(axisOf([0, 6], 400, 440, 0).ticks, [0, 5]);
  const [zero] = axisOf([0, 10], 0, 400).ticks;
  assert.ok(Object.is(zero, 0));
});

test('ticks are written out below a million and down to steps of a millionth', () => {
  const labels = (low: number, high: number): readonly string[] => {
    const axis = axisOf([low, high], 0, 400, 0);
    return axis.ticks.map(axis.label);
  };
  assert.deepEqual(labels(0, 1e6), ['0', '200000', '400000', '600000', '800000', '1.0e+6']);
  assert.deepEqual(labels(-3e7, -1e7).slice(0, 2), ['−3.0e+7', '−2.5e+7']);
  assert.deepEqual(labels(0, 5e-6).slice(0, 2), ['0.000000', '0.000002']);
});
