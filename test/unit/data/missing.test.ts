import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { CellReport } from '../../../src/data/cell-report.ts';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import type { MissingTokens } from '../../../src/data/missing.ts';
import type { CsvOptions } from '../../../src/data/options.ts';
import type { NumericArray, Table } from '../../../src/data/table.ts';
import { labelsOf, numbersOf } from '../../../src/data/values.ts';

const csv = (cells: readonly string[], options: CsvOptions = {}): Table =>
  parseCsv(
    ['a|b', ...cells.map((cell) => `${cell}|x`)].join('\n'),
    'a.csv',
    { separator: '|', ...options },
    defaultLimits,
  );
const numeric = (values: NumericArray, dtype: string): Table => ({
  file: 'a.npz',
  format: 'npz',
  rows: values.length,
  columns: new Map([['a', { kind: 'number', dtype, shape: [], width: 1, values }]]),
  lineOf: () => undefined,
});
const numbers = (table: Table, missingTokens: MissingTokens): number[] => [
  ...numbersOf(table, 'a', { missingTokens }).values,
];
const labels = (table: Table, missingTokens: MissingTokens): (string | null)[] =>
  labelsOf(table, 'a', { missingTokens });

test('a numeric token is the value however a cell writes it', () => {
  const cells = ['-999', '-999.0', ' -999.00', '-9.99e2', '-9990e-1', '-998', '999', '-999.5'];
  const wanted = [NaN, NaN, NaN, NaN, NaN, -998, 999, -999.5];
  for (const token of ['-999', '-999.0', -999, '-9.99E+2', ' -999 '])
    assert.deepEqual(numbers(csv(cells), [token]), wanted);
  assert.deepEqual(numbers(csv(['-999,0', '1,5'], { decimal: ',' }), [-999]), [NaN, 1.5]);
  assert.deepEqual(numbers(csv(['-0,5', '1,5'], { decimal: ',' }), ['-0,5']), [NaN, 1.5]);
  assert.deepEqual(numbers(csv(['-9,999', '1,500'], { thousands: ',' }), [-9999]), [NaN, 1500]);
  assert.deepEqual(numbers(csv(['0', '-0', '0.0', '1']), [0]), [NaN, NaN, NaN, 1]);
  assert.deepEqual(numbers(csv(['1e20', '100000000000000000000', '1']), ['1e+20']), [NaN, NaN, 1]);
});

test('an infinite number is none that can be learned from, unless it stands for a missing one', () => {
  for (const value of [Infinity, -Infinity]) {
    const table = numeric(Float64Array.of(1, value, 2), 'float64');
    assert.throws(
      () => numbers(table, []),
      (error) => error instanceof DataError && error.code === 'not-a-number' && error.row === 1,
    );
    assert.deepEqual(numbers(table, [String(value)]), [1, NaN, 2]);
    for (const dtype of ['float16', 'float32'])
      assert.deepEqual(numbers(numeric(Float32Array.of(1, value, 2), dtype), [String(value)]), [1, NaN, 2]);
    assert.throws(() => numbers(table, [String(-value)]), DataError);
  }
  for (const token of ['inf', '+Infinity', ' ∞ '])
    assert.deepEqual(numbers(numeric(Float64Array.of(Infinity, 1), 'float64'), [token]), [NaN, 1]);
});

test('a token that can be read in two ways is the number as JSON writes it, else as the file does', () => {
  const german: CsvOptions = { decimal: ',', thousands: '.' };
  // As the spec writes numbers 1.500 is one and a half; the cell 1.500 is its spelling.
  assert.deepEqual(numbers(csv(['1,5', '1500', '1.500', '15'], german), ['1.500']), [NaN, 1500, NaN, 15]);
  // These mean nothing in JSON.
  assert.deepEqual(numbers(csv(['-9999,5', '-99995', '1'], german), ['-9.999,5']), [NaN, -99995, 1]);
  assert.deepEqual(numbers(csv(['1234567', '1'], german), ['1.234.567']), [NaN, 1]);
  assert.deepEqual(numbers(csv(['-0,50', '5'], german), ['-0,5']), [NaN, 5]);
});

test('a text token is a spelling', () => {
  assert.deepEqual(labels(csv(['none', 'None', ' none ', 'NONE']), ['none']), [null, 'None', null, 'NONE']);
  assert.deepEqual(labels(csv(['n/a', 'x']), [' n/a ']), [null, 'x']);
  assert.deepEqual(numbers(csv(['?', '1']), ['?']), [NaN, 1]);
});

test('where labels are meant a numeric token is compared as labels are', () => {
  assert.deepEqual(labels(csv(['-999', '-999.0', '0', '00', '1']), ['-999', 0]), [null, null, null, '00', '1']);
});

test('in columns of numbers a token is the value as the type holds it', () => {
  assert.deepEqual(numbers(numeric(Float64Array.of(-999, 1, NaN), 'float64'), ['-999']), [NaN, 1, NaN]);
  assert.deepEqual(numbers(numeric(Int32Array.of(-999, 1), 'int32'), [-999]), [NaN, 1]);
  const single = Float32Array.of(-999.9, 1);
  assert.notEqual(single[0], -999.9);
  assert.deepEqual(numbers(numeric(single, 'float32'), [-999.9]), [NaN, 1]);
  // numpy.float16(-9999) is −10000, numpy.float16(0.1) is 0.0999755859375, numpy.float16(1e-7) is 1.1920929e-07.
  const half = Float32Array.of(-10000, 0.0999755859375, 2 ** -23, 1);
  assert.deepEqual(numbers(numeric(half, 'float16'), [-9999, 0.1, 1e-7]), [NaN, NaN, NaN, 1]);
  assert.deepEqual(numbers(numeric(Float32Array.of(0, 1), 'float16'), [0]), [NaN, 1]);
  assert.deepEqual(labels(numeric(Float64Array.of(-999, 1), 'float64'), ['-999.0']), [null, '1']);
  assert.deepEqual(labels(numeric(Uint8Array.of(0, 1), 'bool'), ['false']), [null, 'true']);
  const wide: Table = numeric(new Float64Array(0), 'json');
  const column = {
    kind: 'number',
    dtype: 'json',
    shape: [2],
    width: 2,
    values: Float64Array.of(-9, 1, 2, -9),
  } as const;
  assert.deepEqual(numbers({ ...wide, rows: 2, columns: new Map([['a', column]]) }, [-9]), [NaN, 1, 2, NaN]);
});

test('any number is found again in whatever way it is written', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 });
  fc.assert(
    fc.property(value, value, (token, other) => {
      const written = [String(token), token.toExponential(), token.toPrecision(17)];
      fc.pre(token !== other && !/[eE]/.test(String(other)));
      assert.deepEqual(numbers(csv([...written, String(other)]), [token]), [NaN, NaN, NaN, other + 0]);
      assert.deepEqual(numbers(numeric(Float64Array.of(token, other), 'float64'), [String(token)]), [NaN, other]);
    }),
  );
});

test('which tokens were met is written down, column by column', () => {
  const report = new CellReport();
  const table = csv(['-999.0', 'NA', '1']);
  numbersOf(table, 'a', { missingTokens: ['-999', 'NA', '-888'], report });
  labelsOf(table, 'b', { missingTokens: ['x', 'y'], report });
  numbersOf(numeric(Int32Array.of(-1), 'int32'), 'a', { missingTokens: [-1], report });
  assert.deepEqual([...(report.tokens.get('a') ?? [])], ['-999', 'NA', '-1']);
  assert.deepEqual([...(report.tokens.get('b') ?? [])], ['x']);
});
