/** What a first look says of a column. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { parseCsv } from '../../../src/data/csv.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import type { CsvOptions } from '../../../src/data/options.ts';
import { profileColumns, type ColumnProfile } from '../../../src/data/profile.ts';
import type { Column, NumericArray, Table } from '../../../src/data/table.ts';
import type { CellRules } from '../../../src/data/values.ts';

const csv = (cells: readonly string[], options: CsvOptions = {}): Table =>
  parseCsv(['a|b', ...cells.map((cell) => `${cell}|x`)].join('\n'), 'a.csv', { separator: '|', ...options }, defaultLimits); // prettier-ignore
const numeric = (values: NumericArray, shape: readonly number[] = [], dtype = 'float64'): Table => {
  const width = shape.reduce((a, b) => a * b, 1);
  const column: Column = { kind: 'number', dtype, shape, width, values };
  return {
    file: 'a.npz',
    format: 'npz',
    rows: values.length / width,
    columns: new Map([['a', column]]),
    lineOf: () => undefined,
  };
};
function first(table: Table, rules?: CellRules, rows?: number): ColumnProfile {
  const [profile] = profileColumns(table, rules, rows).columns;
  assert.ok(profile);
  return profile;
}

test('numbers have their range, with missing ones left out and counted', () => {
  assert.deepEqual(first(csv(['1.5', 'NA', '4', '-2.5', ''])), {
    name: 'a',
    kind: 'number',
    shape: [],
    dtype: 'text',
    missing: 2,
    distinct: 3,
    range: { min: -2.5, max: 4, mean: 1 },
  });
  assert.deepEqual(first(numeric(Float64Array.of(1, NaN, 5, -999), [], 'float32'), { missingTokens: [-999] }), {
    name: 'a',
    kind: 'number',
    shape: [],
    dtype: 'float32',
    missing: 2,
    distinct: 2,
    range: { min: 1, max: 5, mean: 3 },
  });
  assert.deepEqual(first(csv(['1.257,5', '2'], { decimal: ',', thousands: '.' })).range, { min: 2, max: 1257.5, mean: 629.75 }); // prettier-ignore
  assert.equal(first(csv(['-', '1', '2']), { missingTokens: ['-'] }).missing, 1);
  // A number that stands for a missing value is known by its value, however the file writes it.
  const signs = { decimal: ',', thousands: '.' } as const;
  assert.equal(first(csv(['-9.999,50', '-9999,5', '2,5', '3'], signs), { missingTokens: [-9999.5] }).missing, 2);
});

test('where nothing is there the column is empty', () => {
  assert.deepEqual(first(csv(['NA', '', '?'])), { name: 'a', kind: 'empty', shape: [], dtype: 'text', missing: 3, distinct: 0 }); // prettier-ignore
  assert.equal(first(numeric(Float64Array.of(NaN))).kind, 'empty');
});

test('values that repeat are a category, sorted; values that hardly do are text', () => {
  const category = first(csv(['b', 'a', 'b', 'a', 'NA']));
  assert.deepEqual([category.kind, category.values, category.missing], ['category', ['a', 'b'], 1]);
  // Two values are one, however few rows there are; of three, half of the rows must repeat.
  assert.equal(first(csv(['a', 'b'])).kind, 'category');
  assert.equal(first(csv(['a', 'b', 'c'])).kind, 'text');
  assert.equal(first(csv(['a', 'b', 'c', 'a', 'a'])).kind, 'text');
  assert.equal(first(csv(['a', 'b', 'c', 'a', 'a', 'a'])).kind, 'category');
  const cells = (different: number): string[] =>
    Array.from({ length: 80 }, (_, index) => `v${String(index % different)}`);
  assert.equal(first(csv(cells(30))).kind, 'category');
  assert.equal(first(csv(cells(31))).kind, 'text');
  assert.ok(!('values' in first(csv(cells(31)))));
});

test('digits that are a name are no number', () => {
  assert.equal(first(csv(['01067', '01069', '01067', '01069'])).kind, 'category');
  assert.equal(first(csv(['+01', '-02', '+01', '-02'])).kind, 'category');
  for (const sign of ['+', '-', '']) assert.equal(first(csv([`${sign}01`, `${sign}02`])).kind, 'category', sign);
  assert.equal(first(csv(['+1', '-2'])).kind, 'number');
  assert.equal(first(csv(['100', '2001'])).kind, 'number');
  assert.equal(first(csv(['0', '10', '-1'])).kind, 'number');
  assert.equal(first(csv(['1234567890123456', '1'])).kind, 'category');
  assert.equal(first(csv(['123456789012345', '1'])).kind, 'number');
  assert.equal(first(csv(['0.5', '1'])).kind, 'number');
});

test('different values are counted up to a thousand', () => {
  const values = Float64Array.from({ length: 1500 }, (_, index) => index);
  assert.equal(first(numeric(values)).distinct, 1000);
  assert.equal(first(numeric(values.subarray(0, 999))).distinct, 999);
});

test('of long tables some rows are looked at, evenly spread', () => {
  const table = numeric(Float64Array.from({ length: 10 }, (_, index) => index));
  const sums = (most: number): readonly number[] => {
    const { rows, sampled, columns } = profileColumns(table, {}, most);
    return [rows, sampled, columns[0]?.range?.min ?? NaN, columns[0]?.range?.max ?? NaN];
  };
  assert.deepEqual(sums(10), [10, 10, 0, 9]);
  assert.deepEqual(sums(9), [10, 5, 0, 8]);
  assert.deepEqual(sums(4), [10, 4, 0, 9]);
  assert.deepEqual(sums(1), [10, 1, 0, 0]);
  assert.equal(profileColumns(numeric(new Float64Array(20_001))).sampled, 10_001);
  assert.equal(profileColumns(numeric(new Float64Array(20_000))).sampled, 20_000);
  assert.deepEqual(profileColumns(numeric(new Float64Array(0))).sampled, 0);
});

test('several numbers a row have a range over all; a row without any is missing', () => {
  assert.deepEqual(first(numeric(Float64Array.of(1, 2, NaN, NaN, NaN, 9), [2], 'float16')), {
    name: 'a',
    kind: 'array',
    shape: [2],
    dtype: 'float16',
    missing: 1,
    distinct: 0,
    range: { min: 1, max: 9, mean: 4 },
  });
  assert.ok(!('range' in first(numeric(Float64Array.of(NaN, NaN), [2]))));
  // Of wide ones as many rows as make 200 000 numbers, and one at least.
  const wide = (width: number): ColumnProfile => {
    const values = new Float64Array(3 * width);
    values[2 * width] = 7;
    values[width] = 5;
    return first(numeric(values, [width]));
  };
  assert.equal(wide(66_666).range?.max, 7);
  assert.equal(wide(100_000).range?.max, 5);
  assert.equal(wide(100_001).range?.max, 0);
  assert.equal(wide(200_001).range?.max, 0);
});

test('few values are counted where that is asked for, codes of numbers as well as words', () => {
  const counted = (table: Table): ColumnProfile | undefined => profileColumns(table, {}, undefined, true).columns[0];
  assert.deepEqual([...(counted(csv(['b', 'a', 'NA', 'b']))?.counts ?? [])], [['a', 1], ['b', 2]]); // prettier-ignore
  assert.deepEqual([...(counted(numeric(Float64Array.of(2, 10, 2, NaN)))?.counts ?? [])], [['2', 2], ['10', 1]]); // prettier-ignore
  const many = Array.from({ length: 40 }, (_, index) => String(index));
  assert.equal(counted(csv(many))?.counts, undefined);
  assert.equal(first(csv(['b', 'a', 'b'])).counts, undefined);
});
