// Scales and names of drawings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, label, scaleOf, shortened } from '../../../../src/experiment/report/svg.ts';

test('a scale goes a twentieth beyond the values on either side', () => {
  const { of, ticks } = scaleOf([0, 20, NaN, Infinity], 100, 320);
  // From −1 to 21 over 220 pixels: ten a unit.
  assert.deepEqual([-1, 0, 10, 20, 21].map(of), [100, 110, 210, 310, 320]);
  assert.deepEqual(ticks, [0, 5, 10, 15, 20]);
  // Downwards, as heights are counted.
  assert.deepEqual([0, 20].map(scaleOf([0, 20], 220, 0).of), [210, 10]);
});

test('pixels have two digits at most', () => {
  assert.equal(scaleOf([0, 3], 0, 100).of(1), 34.85);
});

test('one value has room around it, zero too; without any there is a scale all the same', () => {
  assert.deepEqual([19, 20, 21].map(scaleOf([20], 0, 100).of), [0, 50, 100]);
  assert.deepEqual([-21, -20, -19].map(scaleOf([-20, -20], 0, 100).of), [0, 50, 100]);
  assert.deepEqual([-1, 0, 1].map(scaleOf([0], 0, 100).of), [0, 50, 100]);
  assert.deepEqual([0, 1].map(scaleOf([NaN], 0, 110).of), [5, 105]);
});

test('ticks are at round numbers: one, two or five of a power of ten', () => {
  const ticksOf = (low: number, high: number) => scaleOf([low, high], 0, 1).ticks;
  assert.deepEqual(ticksOf(0, 1), [0, 0.5, 1]);
  assert.deepEqual(ticksOf(0, 9), [0, 2, 4, 6, 8]);
  assert.deepEqual(ticksOf(0, 4.5), [0, 1, 2, 3, 4]);
  assert.deepEqual(ticksOf(0, 40), [0, 10, 20, 30, 40]);
  assert.deepEqual(ticksOf(0, 0.3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticksOf(-0.03, 0.03), [-0.02, 0, 0.02]);
});

test('names longer than the room for them end in an ellipsis, counted in characters', () => {
  assert.equal(shortened('abcd', 4), 'abcd');
  assert.equal(shortened('abcde', 4), 'abc…');
  assert.equal(shortened('😀😀😀😀', 4), '😀😀😀😀');
  assert.equal(shortened('x'.repeat(27)), `${'x'.repeat(25)}…`);
});

test('what is written into a drawing is no mark of it', () => {
  assert.equal(element('a', { b: '"<&' }, '<i/>'), '<a b="&quot;&lt;&amp;"><i/></a>');
  assert.equal(label('<b>', { x: 1, y: 2 }, { class: 'c' }), '<text x="1" y="2" class="c">&lt;b&gt;</text>');
});
