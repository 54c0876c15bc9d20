/** What is said of a column, in a list and in a hover. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownColumn, TableLook } from '../../../../src/editor/documents/data-columns.ts';
import { columnDetail, columnLines, plainNumber } from '../../../../src/editor/language/column-text.ts';
import { shapeLines, shapeText } from '../../../../src/editor/language/shape-lines.ts';
import { planText, specText, table } from '../../plan/helpers.ts';

const t = (text: string, ...values: readonly unknown[]): string =>
  text.replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)]));
const base = { shape: [], dtype: 'text' } as const;
const look = (column: KnownColumn, more: Partial<TableLook> = {}): TableLook => ({
  file: 'a.csv',
  rows: 100,
  sampled: 100,
  columns: [column],
  ...more,
});
const lines = (column: KnownColumn, more?: Partial<TableLook>): readonly string[] =>
  columnLines(t, column, look(column, more), 'en');

test('numbers have their range, and what is missing', () => {
  const range = { min: 13.1, max: 21.5, mean: 17.25 };
  const profile = { name: 'beak', kind: 'number', ...base, missing: 2, distinct: 80, range } as const;
  const column = { name: 'beak', ...base, profile };
  assert.equal(columnDetail(t, column, 'en'), '13.1 … 21.5');
  assert.deepEqual(lines(column), [
    'Column "beak" of a.csv',
    'numbers',
    'from 13.1 to 21.5, mean 17.25',
    '2 missing in 100 rows (2 %)',
    '80 different values',
  ]);
  assert.equal(lines(column, { rows: 5000 }).at(-1), 'Counted in 100 of 5,000 rows, evenly spread.');
});

test('classes are counted, a stranger’s names shown as what they are', () => {
  const counts = new Map([['Adelie', 60], ['Gentoo\u202e', 40]]); // prettier-ignore
  const profile = { name: 's', kind: 'category', ...base, missing: 0, distinct: 2, counts } as const;
  const column = { name: 's', ...base, profile };
  assert.equal(columnDetail(t, column, 'en'), '2 different values');
  assert.deepEqual(lines(column).slice(2), [
    'nothing missing in 100 rows',
    '2 different values: Adelie × 60, Gentoo\\u202e × 40',
  ]);
});

test('arrays, empty columns, and what was not read', () => {
  const array = { name: 'i', shape: [28, 28], dtype: 'uint8' };
  assert.equal(columnDetail(t, array, 'en'), '[28, 28] uint8');
  assert.deepEqual(lines(array), ['Column "i" of a.csv', '[28, 28] uint8', 'Its rows were not read.']);
  const { rows: _, ...header } = look(array);
  assert.match(columnLines(t, array, header, 'en').at(-1) ?? '', /larger than 4 MB/);
  const empty = {
    ...base,
    name: 'e',
    profile: { name: 'e', kind: 'empty', ...base, missing: 100, distinct: 0 },
  } as const;
  assert.equal(columnDetail(t, empty, 'en'), 'empty');
  assert.deepEqual(lines(empty).slice(1), ['empty', '100 missing in 100 rows (100 %)']);
  assert.deepEqual([plainNumber(0, 'en'), plainNumber(1e-7, 'en'), plainNumber(1234567, 'en')], ['0', '1.000e-7', '1,234,570']); // prettier-ignore
});

test('shapes of blocks, layers and tasks; what is not known is a question mark, never 0', () => {
  const { plan } = planText(specText(), table);
  assert.deepEqual(
    shapeLines(plan, 'en').map(({ pointer, text }) => [pointer, text]),
    [
      ['/network/trunk', '→ [8] · 32'],
      ['/tasks/kind', '→ [3] · 27'],
      ['/tasks/mass', '→ [1] · 9'],
    ],
  );
  const layers = [
    { type: 'dense', units: 8 },
    { type: 'dense', units: 4 },
  ];
  const deep = planText(specText({ network: { trunk: { input: 'measures', layers } } }), table).plan;
  assert.deepEqual(
    shapeLines(deep, 'en').slice(0, 3).map(({ pointer, text, whole }) => [pointer, text, whole]),
    [
      ['/network/trunk', '→ [4] · 68', true],
      ['/network/trunk/layers/0', '→ [8] · 32', false],
      ['/network/trunk/layers/1', '→ [4] · 36', false],
    ],
  ); // prettier-ignore
  assert.equal(shapeText([null, 3], null, 'en'), '→ [?, 3]');
  assert.equal(shapeText([32], 2080, 'en'), '→ [32] · 2,080');
});
