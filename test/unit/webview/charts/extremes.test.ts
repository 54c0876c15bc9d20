// What is remembered of a column is what a look at all of it finds, however it has grown or was cut meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NumberColumn } from '../../../../src/messages/columns.ts';
import { extremesOf } from '../../../../webview/charts/extremes.ts';
import { smooth } from '../../../../webview/charts/smooth.ts';

const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(NaN, Infinity, -Infinity, 0.5));

function plain(values: readonly number[], begin: number, end: number): readonly [number, number] {
  const numbers = values.map((one, index) => [one, index] as const).slice(begin, end).filter(([one]) => !Number.isNaN(one)); // prettier-ignore
  const of = (wanted: number): number => numbers.find(([one]) => one === wanted)?.[1] ?? -1;
  const all = numbers.map(([one]) => one);
  return [of(Math.min(...all)), of(Math.max(...all))];
}

const changes = fc.array(
  fc.oneof(
    fc.record({ add: fc.array(value, { minLength: 1, maxLength: 150 }) }),
    fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ from: fc.nat(400), to: fc.nat(400) }),
  ),
  { minLength: 3, maxLength: 12 },
);

test('extremes of any stretch', () => {
  fc.assert(
    fc.property(changes, (steps) => {
      const column = new NumberColumn();
      let values: number[] = [];
      for (const step of [...steps, { from: 0, to: 400 }, { from: 63, to: 193 }]) {
        if ('add' in step) {
          for (const one of step.add) column.push(one);
          values = [...values, ...step.add];
        } else if ('keep' in step) {
          column.truncate(Math.floor(step.keep * values.length));
          values = values.slice(0, Math.floor(step.keep * values.length));
        } else {
          assert.deepEqual(extremesOf(column).between(step.from, step.to), plain(values, step.from, step.to));
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('smoothing a column that grows and is cut is smoothing what it is now', () => {
  fc.assert(
    fc.property(changes, fc.constantFrom(0, 0.5, 0.99), (steps, beta) => {
      const column = new NumberColumn();
      for (const step of steps) {
        if ('add' in step) for (const one of step.add) column.push(one);
        else if ('keep' in step) column.truncate(Math.floor(step.keep * column.length));
        const fresh = new NumberColumn(column.values().slice());
        assert.deepEqual([...smooth(column, beta)], [...smooth(fresh, beta)]);
      }
    }),
  );
});

test('another strength is another curve', () => {
  const column = new NumberColumn(Float64Array.from([1, 3]));
  assert.deepEqual([...smooth(column, 0)], [1, 3]);
  assert.deepEqual([...smooth(column, 0.5)], [1, 1.75 / 0.75]);
  assert.deepEqual([...smooth(column, 0)], [1, 3]);
});
