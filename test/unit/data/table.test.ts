import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import { profileColumns } from '../../../src/data/profile.ts';
import type { Column, NumericArray, Table } from '../../../src/data/table.ts';
import {
  appendTables,
  columnOf,
  emptyLike,
  listNames,
  sourceRow,
  textCells,
  whereIs,
  whereIsZh,
} from '../../../src/data/table.ts';
import { labelsOf, numbersOf, parseNumber, sortLabels, tokensFor } from '../../../src/data/values.ts';

const csv = (text: string): Table => parseCsv(text, 'a.csv', {}, defaultLimits);

test('numbers are what a person writes, nothing else', () => {
  for (const [text, value] of [
    ['1', 1],
    [' -2.50 ', -2.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e-3', 0.001],
    ['6E2', 600],
  ] as const) {
    assert.equal(parseNumber(text), value);
  }
  for (const text of ['', ' ', '0x10', '1e', 'Infinity', '1e999', '1,5', '1 000', 'NaN', '--1', '0b1', '1_000'])
    assert.equal(parseNumber(text), undefined, text);
  assert.equal(parseNumber('1,5', ','), 1.5);
  assert.equal(parseNumber('1.5', ','), undefined);
  assert.equal(parseNumber('1,2,3', ','), undefined);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      // String(-0) is "0".
      assert.equal(parseNumber(String(value)), value + 0);
      assert.equal(parseNumber(String(value).replace('.', ','), ','), value + 0);
    }),
  );
});

test('missing tokens: default, given, by column – by own keys only', () => {
  const table = csv('country,v,w\nNA,NA,-9\nDE, ? ,2\n');
  assert.deepEqual(labelsOf(table, 'country'), [null, 'DE']);
  assert.deepEqual(labelsOf(table, 'country', { missingTokens: { country: [''] } }), ['NA', 'DE']);
  assert.deepEqual([...numbersOf(table, 'v', { missingTokens: { country: [''] } }).values], [NaN, NaN]);
  assert.deepEqual([...numbersOf(table, 'w', { missingTokens: ['-9'] }).values], [NaN, 2]);
  assert.ok(tokensFor({}, 'constructor').has('NA'));
});

test('labels sort by value where all are numbers, else by code point', () => {
  assert.deepEqual(sortLabels(['10', '9', '1', '9']), ['1', '9', '10']);
  assert.deepEqual(sortLabels(['b', 'a', '10', '9', 'é', '中']), ['10', '9', 'a', 'b', 'é', '中']);
  assert.deepEqual(sortLabels(['😀', '\uff21']), ['\uff21', '😀']);
});

test('tables one under the other', () => {
  const both = appendTables([csv('a,b\n1,x\n'), csv('b,a\ny,2\nz,3\n')]);
  assert.equal(both.rows, 3);
  assert.deepEqual([...numbersOf(both, 'a').values], [1, 2, 3]);
  assert.deepEqual(labelsOf(both, 'b'), ['x', 'y', 'z']);
  assert.throws(
    () => appendTables([csv('a,b\n1,2\n'), csv('a,c\n1,2\n')]),
    (error) => error instanceof DataError && error.code === 'unknown-column',
  );
});

test('the profile tells numbers, categories and text, and counts what is missing', () => {
  const rows = Array.from(
    { length: 60 },
    (_, row) => `${row % 7 === 0 ? '' : row},${row % 2 === 0 ? '男' : '女'},name ${row},NA`,
  );
  const profile = profileColumns(csv(['n,c,t,e', ...rows].join('\n')));
  assert.deepEqual(
    profile.columns.map(({ kind, missing }) => [kind, missing]),
    [
      ['number', 9],
      ['category', 0],
      ['text', 0],
      ['empty', 60],
    ],
  );
  assert.deepEqual(profile.columns[1]?.values, ['女', '男']);
  const present = Array.from({ length: 60 }, (_, row) => row).filter((row) => row % 7 !== 0);
  assert.deepEqual(profile.columns[0]?.range, {
    min: 1,
    max: 59,
    mean: present.reduce((a, b) => a + b) / present.length,
  });
});

const tableOf = (
  file: string,
  columns: Readonly<Record<string, Column>>,
  rows: number,
  more: Partial<Table> = {},
): Table => ({
  file,
  format: 'npz',
  rows,
  columns: new Map(Object.entries(columns)),
  lineOf: () => undefined,
  ...more,
});
const numbersIn = (values: NumericArray, shape: readonly number[] = [], dtype = 'float64'): Column => ({
  kind: 'number',
  dtype,
  shape,
  width: shape.reduce((a, b) => a * b, 1),
  values,
});
const problem = (run: () => unknown): DataError => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof DataError, String(error));
    return error;
  }
  return assert.fail('no error');
};

test('a row is named by its line, or by its number in the file where it has none', () => {
  const lines = tableOf('a.csv', {}, 3, { lineOf: (row) => row + 2, firstRow: 10 });
  assert.deepEqual([whereIs(lines, 1), whereIsZh(lines, 1), sourceRow(lines, 1)], ['line 3', '第 3 行', 11]);
  const rows = tableOf('a.npz', {}, 3, { firstRow: 10 });
  assert.deepEqual([whereIs(rows, 1), whereIsZh(rows, 1)], ['row 11 (from 0)', '行 11（从 0 起）']);
  const whole = tableOf('a.npz', {}, 3);
  assert.deepEqual([whereIs(whole, 1), sourceRow(whole, 1)], ['row 1 (from 0)', 1]);
});

test('names for a message: eight of them, each shortened, in either language', () => {
  const names = Array.from({ length: 10 }, (_, index) => `n${index}`);
  assert.equal(listNames([]), 'none');
  assert.equal(listNames([], 'zh'), '（无）');
  assert.equal(listNames(['a', 'b']), '“a”, “b”');
  assert.equal(listNames(['a', 'b'], 'zh'), '“a”、“b”');
  assert.equal(
    listNames(names.slice(0, 8)),
    names
      .slice(0, 8)
      .map((name) => `“${name}”`)
      .join(', '),
  );
  assert.equal(
    listNames(names),
    `${names
      .slice(0, 8)
      .map((name) => `“${name}”`)
      .join(', ')} and 2 more`,
  );
  assert.equal(
    listNames(names, 'zh'),
    `${names
      .slice(0, 8)
      .map((name) => `“${name}”`)
      .join('、')} 等 10 个`,
  );
  assert.equal(listNames(['x'.repeat(40)]), `“${'x'.repeat(40)}”`);
  assert.equal(listNames(['x'.repeat(41)]), `“${'x'.repeat(40)}…”`);
  const unknown = problem(() => columnOf(csv('a,b\n1,2\n'), 'c'));
  assert.deepEqual(
    [unknown.code, unknown.file, unknown.column, unknown.message],
    ['unknown-column', 'a.csv', 'c', 'a.csv has no column “c”. It has “a”, “b”.'],
  );
});

test('columns of numbers one under the other keep their type where all have the same', () => {
  const append = (...columns: readonly Column[]): Column => {
    const tables = columns.map((column, index) => tableOf(`${index}.npz`, { a: column }, 2));
    return appendTables(tables).columns.get('a') ?? assert.fail();
  };
  const arrays: readonly NumericArray[] = [
    Float64Array.of(1, 2),
    Float32Array.of(1, 2),
    Int32Array.of(1, 2),
    Uint32Array.of(1, 2),
    Int16Array.of(1, 2),
    Uint16Array.of(1, 2),
    Int8Array.of(1, 2),
    Uint8Array.of(1, 2),
  ];
  for (const values of arrays) {
    const both = append(numbersIn(values), numbersIn(values));
    assert.ok(both.kind === 'number');
    assert.equal(both.values.constructor, values.constructor);
    assert.deepEqual([Array.from(both.values), both.shape, both.width, both.dtype], [[1, 2, 1, 2], [], 1, 'float64']);
    assert.deepEqual(
      [emptyLike(values, 3).constructor, Array.from(emptyLike(values, 3))],
      [values.constructor, [0, 0, 0]],
    );
  }
  const mixed = append(numbersIn(Float32Array.of(0.5, 2)), numbersIn(Int16Array.of(-3, 4)));
  assert.ok(mixed.kind === 'number' && mixed.values instanceof Float64Array);
  assert.deepEqual([...mixed.values], [0.5, 2, -3, 4]);
  const wide = append(
    numbersIn(Uint8Array.of(1, 2, 3, 4), [2]),
    numbersIn(Uint8Array.of(5, 6), [2]),
    numbersIn(Uint8Array.of(7, 8), [2]),
  );
  assert.deepEqual(wide.kind === 'number' ? [Array.from(wide.values), wide.width] : undefined, [
    [1, 2, 3, 4, 5, 6, 7, 8],
    2,
  ]);
  const uneven = problem(() =>
    append(numbersIn(new Uint8Array(4), [2]), numbersIn(new Uint8Array(4), [2]), numbersIn(new Uint8Array(6), [3])),
  );
  assert.deepEqual(
    [uneven.code, uneven.column, uneven.message],
    ['shape', 'a', 'The column “a” has rows of shape [3] in 2.npz and [2] in 0.npz. Appended files need equal shapes.'],
  );
});

test('where one file has numbers and another text, all is text, and the kinds are counted', () => {
  const text: Column = { kind: 'text', cells: ['x', null] };
  const json: Column = { kind: 'text', cells: ['x', '1'], kinds: { numbers: 1, texts: 2, others: 3 } };
  const numbers = numbersIn(Float64Array.of(1.5, NaN));
  const append = (one: Column, two: Column): Column | undefined =>
    appendTables([tableOf('0', { a: one }, 2), tableOf('1', { a: two }, 2)]).columns.get('a');
  assert.deepEqual(append(text, numbers), { kind: 'text', cells: ['x', null, '1.5', null] });
  assert.deepEqual(append(numbers, text), { kind: 'text', cells: ['1.5', null, 'x', null] });
  assert.deepEqual(append(json, numbers), {
    kind: 'text',
    cells: ['x', '1', '1.5', null],
    kinds: { numbers: 2, texts: 2, others: 3 },
  });
  assert.deepEqual(append(text, json), {
    kind: 'text',
    cells: ['x', null, 'x', '1'],
    kinds: { numbers: 1, texts: 4, others: 3 },
  });
  const three = appendTables([
    tableOf('0', { a: { ...json, cells: ['x', '1', null] } }, 3),
    tableOf('1', { a: numbersIn(Float64Array.of(1.5, 2, NaN)) }, 3),
  ]).columns.get('a');
  // What is missing is of no kind.
  assert.deepEqual(three?.kind === 'text' && three.kinds, { numbers: 3, texts: 2, others: 3 });
  assert.deepEqual(textCells(numbers, 'f', 'a'), ['1.5', null]);
  const wide = problem(() => textCells(numbersIn(new Float64Array(4), [2]), 'f', 'a'));
  assert.deepEqual(
    [wide.code, wide.file, wide.column, wide.message],
    ['shape', 'f', 'a', '“a” in f has 2 numbers a row where one value is needed.'],
  );
});

test('appended tables are one table: rows, names, how they were written', () => {
  const [one, two] = [csv('a,b\n1,x\n'), csv('b,a\ny,2\nz,3\n')];
  const both = appendTables([one, two]);
  assert.deepEqual(
    [both.file, both.format, both.rows, both.csv, both.lineOf(0)],
    ['a.csv + a.csv', 'csv', 3, one.csv, undefined],
  );
  assert.equal(appendTables([one]), one);
  assert.ok(!('csv' in appendTables([tableOf('0', {}, 1), tableOf('1', {}, 1)])));
  assert.equal(problem(() => appendTables([])).code, 'empty');
  // Either may have a column that the other lacks.
  for (const tables of [
    [csv('a\n1\n'), csv('a,b\n1,2\n')],
    [csv('a,b\n1,2\n'), csv('a\n1\n')],
  ])
    assert.equal(problem(() => appendTables(tables)).code, 'unknown-column');
  const marks = problem(() => appendTables([csv('a;b\n1,5;x\n'), csv('a;b\n1.5;x\n')]));
  assert.deepEqual(
    [marks.code, marks.message],
    ['shape', 'The files “a.csv”, “a.csv” write decimals differently (“.” and “,”). Set data.csv.decimal.'],
  );
});
