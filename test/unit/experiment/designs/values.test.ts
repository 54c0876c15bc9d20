import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cellAt,
  cellOf,
  countOf,
  indexOf,
  isOrdered,
  textOf,
  unitOf,
  valueOf,
} from '../../../../src/experiment/designs/values.ts';
import { levels, range } from './factors.ts';

const finite = [
  levels('l', ['a', null, { x: 1, y: [2] }]),
  range('i', 2, 9, { integer: true }),
  range('fraction', 0.5, 3.5, { integer: true }),
  range('log', 1, 40, { integer: true, scale: 'log' }),
];

test('cells of a factor cover the unit interval without gaps, and each value lies in its own', () => {
  for (const factor of finite) {
    const cells = Array.from({ length: countOf(factor) }, (_, index) => cellAt(factor, index));
    assert.equal(cells[0]?.low, 0);
    assert.ok(Math.abs((cells.at(-1)?.high ?? 0) - 1) < 1e-12);
    cells.forEach((cell, index) => {
      if (index > 0) assert.ok(Math.abs(cell.low - (cells[index - 1]?.high ?? -1)) < 1e-12);
      for (const inside of [0.001, 0.5, 0.999]) {
        const value = valueOf(factor, cell.low + inside * (cell.high - cell.low));
        assert.equal(indexOf(factor, value), index, factor.name);
        assert.deepEqual(cellOf(factor, value), cell);
        assert.equal(unitOf(factor, value), (cell.low + cell.high) / 2);
      }
    });
  }
});

test('known values: linear, logarithmic, whole numbers, the ends', () => {
  assert.equal(valueOf(range('x', -1, 3), 0.25), 0);
  assert.equal(valueOf(range('x', 1e-4, 1e-2, { scale: 'log' }), 0.5), 1e-3);
  assert.equal(valueOf(range('x', 1e-4, 1e-2, { scale: 'log' }), 1), 1e-2);
  assert.equal(valueOf(range('x', 0, 1), 1 / 3), 0.333333333333);
  assert.equal(valueOf(range('x', 0, 2 / 3), 1), 2 / 3, 'rounding does not leave the range');
  const whole = range('x', 2, 5, { integer: true });
  assert.deepEqual(
    [0, 0.2499, 0.25, 0.75, 1].map((u) => valueOf(whole, u)),
    [2, 2, 3, 5, 5],
  );
  assert.equal(countOf(whole), 4);
  assert.equal(countOf(range('x', 0.5, 3.5, { integer: true })), 3);
  assert.equal(countOf(range('x', 0.2, 0.8, { integer: true })), 0);
  assert.equal(countOf(range('x', 2, 5)), Infinity);
  // Cells of 1, 2, 3 from ½ to 3½: log 3, log 5/3, log 7/5 of log 7.
  const cell = cellAt(range('x', 1, 3, { integer: true, scale: 'log' }), 1);
  assert.ok(Math.abs(cell.low - Math.log(3) / Math.log(7)) < 1e-15);
  assert.ok(Math.abs(cell.high - Math.log(5) / Math.log(7)) < 1e-15);
});

test('a real value goes to the unit interval and back; what is none of the values has no place', () => {
  for (const factor of [range('x', -3, 5), range('x', 1e-5, 10, { scale: 'log' })]) {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (u) => {
        const value = valueOf(factor, u);
        assert.ok(Math.abs((unitOf(factor, value) ?? NaN) - u) < 1e-10);
      }),
    );
    for (const value of [-4, 11, null, '1', NaN]) assert.equal(unitOf(factor, value), null);
  }
  assert.equal(unitOf(range('x', 4, 4), 4), 0);
  assert.equal(indexOf(range('x', 2, 5, { integer: true }), 2.5), null);
  assert.equal(indexOf(range('x', 2, 5, { integer: true }), 6), null);
  assert.equal(indexOf(range('x', 2, 5, { integer: true }), 1), null);
  assert.equal(indexOf(range('x', 2, 5, { integer: true }), 5), 3);
  assert.equal(unitOf(levels('l', [1, 2]), 3), null);
});

test('equal values have one text, Maps and plain objects alike', () => {
  assert.equal(
    textOf({ b: 1, a: [true, null] }),
    textOf(
      new Map<string, unknown>([
        ['a', [true, null]],
        ['b', 1],
      ]),
    ),
  );
  assert.notEqual(textOf([1, 2]), textOf([2, 1]));
  assert.notEqual(textOf('1'), textOf(1));
});

test('levels that rise are ordered; ranges are', () => {
  assert.ok(isOrdered(levels('l', [0.25, 0.5, 1])));
  assert.ok(!isOrdered(levels('l', [0.5, 0.25, 1])));
  assert.ok(!isOrdered(levels('l', [0.5, 0.5])));
  assert.ok(!isOrdered(levels('l', ['a', 'b'])));
  assert.ok(!isOrdered(levels('l', [1, 'b'])));
  assert.ok(isOrdered(range('r', 0, 1)));
});
