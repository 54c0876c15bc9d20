/** From cells to numbers and labels: what they become, what is refused with its place, and what is noticed on the way. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { CellReport } from '../../../src/data/cell-report.ts';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import { product, type NumberColumn, type Table } from '../../../src/data/table.ts';
import { labelsOf, numbersOf, writtenLabels } from '../../../src/data/values.ts';

const csv = (...cells: readonly string[]): Table =>
  parseCsv(['a|b', ...cells.map((cell) => `${cell}|x`)].join('\n'), 'a.csv', { separator: '|' }, defaultLimits);
function arrays(shape: readonly number[], values: readonly number[], dtype = 'float64'): Table {
  const width = product(shape);
  const column: NumberColumn = { kind: 'number', dtype, shape, width, values: Float64Array.from(values) };
  const rows = values.length / width;
  return { file: 'a.npz', format: 'npz', rows, columns: new Map([['a', column]]), lineOf: () => undefined };
}
function refusal(work: () => unknown): DataError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof DataError, String(error));
    return error;
  }
  return assert.fail('nothing was refused');
}

test('numbers of arrays have their shape, numbers of texts are one a row', () => {
  assert.deepEqual(numbersOf(arrays([2], [1, NaN, 3, 4]), 'a'), {
    values: Float64Array.of(1, NaN, 3, 4),
    width: 2,
    shape: [2],
  });
  assert.deepEqual(numbersOf(csv('1.5', 'NA', '-2'), 'a'), {
    values: Float64Array.of(1.5, NaN, -2),
    width: 1,
    shape: [],
  });
  // What is read is a copy.
  const table = arrays([], [1, -999]);
  assert.deepEqual([...numbersOf(table, 'a', { missingTokens: [-999] }).values], [1, NaN]);
  assert.deepEqual([...numbersOf(table, 'a').values], [1, -999]);
});

test('infinite numbers are refused with the row that they stand in', () => {
  for (const [values, row, word] of [
    [[Infinity, 0, 0, 0, 0, 0], 0, 'Infinity'],
    [[0, -Infinity, 0, 0, 0, 0], 0, '-Infinity'],
    [[0, 0, -Infinity, Infinity, 0, 0], 1, '-Infinity'],
    [[0, 0, 0, 0, 0, Infinity], 2, 'Infinity'],
  ] as const) {
    const error = refusal(() => numbersOf(arrays([2], values), 'a'));
    assert.deepEqual([error.code, error.file, error.row, error.column], ['not-a-number', 'a.npz', row, 'a']);
    assert.ok(error.message.startsWith(`a.npz, row ${String(row)} (from 0), column “a”: “${word}” is not a number.`));
    assert.ok(error.text.zh.startsWith(`a.npz，行 ${String(row)}（从 0 起），列 “a”：“${word}” 不是数值。`));
  }
  assert.equal(numbersOf(arrays([2], [1, 2]), 'a', { missingTokens: [Infinity] }).values.length, 2);
  assert.deepEqual([...numbersOf(arrays([], [1, Infinity]), 'a', { missingTokens: [Infinity] }).values], [1, NaN]);
});

test('a cell that is no number is shown up to 60 characters, with its line', () => {
  const shown = (length: number): string => refusal(() => numbersOf(csv('1', 'x'.repeat(length)), 'a')).message;
  assert.ok(shown(60).startsWith(`a.csv, line 3, column “a”: “${'x'.repeat(60)}” is not a number.`));
  assert.ok(shown(61).startsWith(`a.csv, line 3, column “a”: “${'x'.repeat(60)}…” is not a number.`));
});

test('tokens for what is missing are noted where they are met, for numbers and for labels', () => {
  const noted = (read: (table: Table, name: string, rules: object) => unknown, table: Table): unknown => {
    const report = new CellReport();
    read(table, 'a', { missingTokens: [-1, -2, 'x'], report });
    return [...report.tokens].map(([column, tokens]) => [column, [...tokens]]);
  };
  for (const read of [numbersOf, labelsOf]) {
    assert.deepEqual(noted(read, arrays([], [1, -2, 3])), [['a', ['-2']]], read.name);
    assert.deepEqual(noted(read, csv('1', '-2', '3')), [['a', ['-2']]], read.name);
    assert.deepEqual(noted(read, csv('1', '3')), [], read.name);
  }
  assert.deepEqual(labelsOf(arrays([], [1, -2, 3]), 'a', { missingTokens: [-2] }), ['1', null, '3']);
});

test('labels are trimmed and composed; numbers are in their shortest form, and truths are words', () => {
  assert.deepEqual(labelsOf(csv(' cafe\u0301 ', 'NA', 'caf\u00e9', ''), 'a'), ['café', null, 'café', null]);
  assert.deepEqual(labelsOf(arrays([], [1, 2.5, NaN, -3]), 'a'), ['1', '2.5', null, '-3']);
  assert.deepEqual(labelsOf(arrays([], [1, 0, 1], 'bool'), 'a'), ['true', 'false', 'true']);
  const { code, file, column } = refusal(() => labelsOf(arrays([2], [1, 2]), 'a'));
  assert.deepEqual([code, file, column], ['shape', 'a.npz', 'a']);
});

test('spellings of one label get the name that most cells have, and are told with their counts', () => {
  const report = new CellReport();
  const table = csv('1', '1.0', '01', '1.0', '2', '1.0');
  assert.deepEqual(writtenLabels(table, 'a'), ['1', '1.0', '01', '1.0', '2', '1.0']);
  const labels = labelsOf(table, 'a', { report });
  assert.equal(new Set([labels[0], labels[1], labels[3], labels[5]]).size, 1);
  assert.deepEqual([labels[2], labels[4]], ['01', '2']);
  const { merged = [], alike = [] } = report.labels.get('a') ?? {};
  assert.deepEqual(
    merged.map((group) => new Map(group)),
    [
      new Map([
        ['1', 1],
        ['1.0', 3],
      ]),
    ],
  );
  assert.equal(alike.length, 1);
});

test('forms of numbers are counted where the decimal sign was found by looking', () => {
  const forms = (table: Table): unknown => {
    const report = new CellReport();
    numbersOf(table, 'a', { report });
    return report.numbers.get('a');
  };
  assert.deepEqual(forms(csv('1', '1.234', ' 2.345 ', '+5', '-6', '1')), {
    plain: 4,
    grouped: 2,
    other: 0,
    example: '1.234',
  });
  // One that cannot be grouped decides: what follows is not counted.
  assert.deepEqual(forms(csv('1', '1.5', '1.234', '2')), { plain: 1, grouped: 0, other: 1, example: '' });
  const given = parseCsv('a|b\n1.234|x\n', 'a.csv', { separator: '|', decimal: '.' }, defaultLimits);
  assert.equal(forms(given), undefined);
  assert.equal(forms(arrays([], [1])), undefined);
});
