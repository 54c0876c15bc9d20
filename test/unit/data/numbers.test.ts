import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { CellReport } from '../../../src/data/cell-report.ts';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import { adviceFor, isGrouped, parseNumber, type Decimal, type Thousands } from '../../../src/data/numbers.ts';
import type { CsvOptions } from '../../../src/data/options.ts';
import type { Table } from '../../../src/data/table.ts';
import { numbersOf } from '../../../src/data/values.ts';

const parse = (text: string, csv: CsvOptions = {}): Table => parseCsv(text, 'a.csv', csv, defaultLimits);
const column = (cells: readonly string[], csv: CsvOptions = {}): Table =>
  parse(['a|b', ...cells.map((cell) => `${cell}|x`)].join('\n'), { separator: '|', ...csv });
const read = (table: Table, name = 'a'): number[] => [...numbersOf(table, name).values];
function refusal(table: Table, name = 'a'): DataError {
  try {
    numbersOf(table, name);
  } catch (error) {
    assert.ok(error instanceof DataError);
    return error;
  }
  return assert.fail('no error');
}

test('digits grouped by threes are a number where the grouping sign is known', () => {
  const cases: readonly [string, Decimal, Thousands, number | undefined][] = [
    ['1,257', '.', ',', 1257],
    ['12,345,678.5', '.', ',', 12345678.5],
    ['-1,000', '.', ',', -1000],
    ['616', '.', ',', 616],
    ['1234567', '.', ',', 1234567],
    ['3.5e2', '.', ',', 350],
    ['1.257', ',', '.', 1257],
    ['1.257,50', ',', '.', 1257.5],
    ['616,5', ',', '.', 616.5],
    ['1 257', '.', ' ', 1257],
    ['1\u00a0257,5', ',', ' ', 1257.5],
    ['1\u202f257', '.', ' ', 1257],
    ["1'257.5", '.', "'", 1257.5],
    ['1\u2019257', '.', "'", 1257],
    ['1,25', '.', ',', undefined],
    ['12,34,567', '.', ',', undefined],
    ['1,2570', '.', ',', undefined],
    ['0,125', '.', ',', undefined],
    ['1234,567', '.', ',', undefined],
    ['1,257,', '.', ',', undefined],
    ['1.25', ',', '.', undefined],
    ['1,257.5', ',', '.', undefined],
  ];
  for (const [cell, decimal, thousands, value] of cases)
    assert.equal(parseNumber(cell, decimal, thousands), value, `${cell} ${decimal} ${thousands}`);
  const signs = fc.constantFrom<[Decimal, Thousands]>(
    ['.', ','],
    [',', '.'],
    ['.', ' '],
    [',', ' '],
    ['.', "'"],
    [',', "'"],
  );
  fc.assert(
    fc.property(
      fc.integer({ min: -999_999_999, max: 999_999_999 }),
      fc.nat(99),
      signs,
      (whole, rest, [decimal, thousands]) => {
        const digits = String(Math.abs(whole)).replace(/\B(?=(?:\d{3})+$)/g, thousands);
        const cell = `${whole < 0 ? '-' : ''}${digits}${decimal}${String(rest).padStart(2, '0')}`;
        const value = Math.sign(whole) * (Math.abs(whole) + rest / 100);
        if (whole !== 0) assert.ok(Math.abs((parseNumber(cell, decimal, thousands) ?? NaN) - value) < 1e-6, cell);
      },
    ),
  );
});

test('a comma before three digits is never guessed to be the decimal sign', () => {
  for (const text of [
    'rooms;price\n4;1,257\n3;616\n',
    'rooms\tprice\n4\t1,257\n3\t3,948\n',
    'rooms,price\n4,"1,257"\n3,616\n',
    'rooms|price\n4|-1,257\n3|616\n',
    '4;1,257\n3;616\n',
  ]) {
    const table = parse(text);
    assert.equal(table.csv?.decimal, '.', text);
    const error = refusal(table, table.csv.header ? 'price' : 'column2');
    assert.equal(error.code, 'ambiguous-number');
    assert.match(error.message, /“-?1,257” is two numbers at once\. “,” may be the decimal sign or group thousands\./);
    assert.match(error.text.zh, /“-?1,257” 有两种读法。.*千位分隔符.*data\.csv\.thousands/);
  }
  const text = 'rooms;price\n4;1,257\n3;616\n';
  assert.deepEqual(read(parse(text, { decimal: ',' }), 'price'), [1.257, 616]);
  assert.deepEqual(read(parse(text, { thousands: ',' }), 'price'), [1257, 616]);
  // One comma that cannot group thousands explains the others.
  for (const proof of ['3,5', '0,125', '1234,567', '1,2575'])
    assert.equal(parse(`a;b\n1,257;${proof}\n616;1\n`).csv?.decimal, ',', proof);
  // A point elsewhere does not say what the comma is.
  assert.equal(refusal(parse('a;b\n1,257;3.5\n616;1.5\n')).code, 'ambiguous-number');
});

test('a sign that groups thousands is not the decimal sign, and what is given is no guess', () => {
  assert.deepEqual(read(parse('a;b\n1.257,5;x\n2,5;y\n', { thousands: '.' })), [1257.5, 2.5]);
  const { csv } = parse('a;b\n1.257;x\n', { thousands: '.' });
  assert.deepEqual([csv?.decimal, csv?.thousands, csv?.detected.includes('decimal')], [',', '.', false]);
  assert.equal(parse('a;b\n1 257;x\n', { thousands: ' ' }).csv?.detected.includes('decimal'), true);
  assert.throws(
    () => parse('a;b\n1;x\n', { decimal: ',', thousands: ',' }),
    (error) =>
      error instanceof DataError && /data\.csv\.decimal and data\.csv\.thousands are both “,”/.test(error.message),
  );
});

test('a cell that is no number says what can be done about it', () => {
  const advice: readonly [string, CsvOptions, string, RegExp][] = [
    ['3,5', {}, 'not-a-number', /set data\.csv\.decimal to ","/],
    ['3.5', { decimal: ',' }, 'not-a-number', /set data\.csv\.decimal to "\."/],
    ['1.257', { decimal: ',' }, 'ambiguous-number', /“\.” may be the decimal sign or group thousands/],
    ['1.257.000', {}, 'not-a-number', /set data\.csv\.thousands "\." and data\.csv\.decimal ","/],
    ['1,257,000', {}, 'not-a-number', /set data\.csv\.thousands ","\./],
    ['1,257.5', {}, 'not-a-number', /set data\.csv\.thousands ","\./],
    ['1.257,5', {}, 'not-a-number', /set data\.csv\.thousands "\." and data\.csv\.decimal ","/],
    ['1 257', {}, 'not-a-number', /set data\.csv\.thousands " "\./],
    ['1\u00a0257', {}, 'not-a-number', /set data\.csv\.thousands " "\./],
    ["1'257", {}, 'not-a-number', /set data\.csv\.thousands "'"\./],
    ['1 257,5', {}, 'not-a-number', /set data\.csv\.thousands " " and data\.csv\.decimal ","\./],
    ["1'257,5", {}, 'not-a-number', /set data\.csv\.thousands "'" and data\.csv\.decimal ","\./],
    ["1'257,5", { decimal: ',' }, 'not-a-number', /set data\.csv\.thousands "'"\./],
    ['1,257.5', { decimal: ',' }, 'not-a-number', /set data\.csv\.thousands "," and data\.csv\.decimal "\."/],
    ['12%', {}, 'not-a-number', /Write the digits alone/],
    ['%12', {}, 'not-a-number', /Write the digits alone/],
    ['+ £ 12.5', {}, 'not-a-number', /Write the digits alone/],
    ['5‰', {}, 'not-a-number', /Write the digits alone/],
    ['12 % of', {}, 'not-a-number', /use the column as a category/],
    ['12 apples%', {}, 'not-a-number', /use the column as a category/],
    ['about 12 %', {}, 'not-a-number', /use the column as a category/],
    ['x%', {}, 'not-a-number', /use the column as a category/],
    ['1%2', {}, 'not-a-number', /use the column as a category/],
    ['€12%', {}, 'not-a-number', /Write the digits alone/],
    ['+inf', {}, 'not-a-number', /infinite value/],
    ['INFINITY', {}, 'not-a-number', /infinite value/],
    ['-∞', {}, 'not-a-number', /infinite value/],
    ['info', {}, 'not-a-number', /use the column as a category/],
    ['minf', {}, 'not-a-number', /use the column as a category/],
    ['3.5 %', {}, 'not-a-number', /Write the digits alone/],
    ['$1,200', {}, 'not-a-number', /Write the digits alone/],
    ['-€ 12', {}, 'not-a-number', /Write the digits alone/],
    ['12 ¥', {}, 'not-a-number', /Write the digits alone/],
    ['inf', {}, 'not-a-number', /infinite value/],
    ['-Infinity', {}, 'not-a-number', /infinite value/],
    ['1e999', {}, 'not-a-number', /infinite value/],
    ['abc', {}, 'not-a-number', /use the column as a category/],
    ['%', {}, 'not-a-number', /use the column as a category/],
    ['0x10', {}, 'not-a-number', /use the column as a category/],
  ];
  for (const [cell, csv, code, pattern] of advice) {
    const error = refusal(column(['1', cell], { decimal: '.', ...csv }));
    assert.deepEqual([error.code, error.row, error.column], [code, 1, 'a'], cell);
    assert.match(error.message, pattern, cell);
    assert.match(error.message, /^a\.csv, line 3, column “a”: /);
    assert.match(error.text.zh, /^a\.csv，第 3 行，列 “a”：/);
  }
});

test('how the numbers of a column are written is counted where the decimal sign was a guess', () => {
  const report = new CellReport();
  numbersOf(column(['1.257', '616', '3.948', '']), 'a', { report });
  assert.deepEqual(report.numbers.get('a'), { plain: 1, grouped: 2, other: 0, example: '1.257' });
  numbersOf(column(['-12', ' +13 ']), 'a', { report });
  assert.deepEqual(report.numbers.get('a'), { plain: 3, grouped: 2, other: 0, example: '1.257' });
  numbersOf(column(['1.257', '0.5', '616']), 'a', { report });
  assert.equal(report.numbers.get('a')?.other, 1);
  const given = new CellReport();
  numbersOf(column(['1.257'], { decimal: '.' }), 'a', { report: given });
  assert.equal(given.numbers.size, 0);
});

test('which texts may be grouped by thousands', () => {
  for (const text of ['1,257', ' 12,345,678 ', '-1,257', '+1,257', '1,257.5', '1,257.'])
    assert.equal(isGrouped(text, ','), true, text);
  for (const text of [
    '1257',
    '1,25',
    '01,257',
    '0,257',
    '1234,567',
    '1,257,5',
    '1,2345',
    '1,257.5.5',
    'a1,257',
    '1,257a',
    '1.257',
  ])
    assert.equal(isGrouped(text, ','), false, text);
  assert.deepEqual(
    [isGrouped('1.257,5', '.'), isGrouped('1.257.5', '.'), isGrouped('1 257,5', ' ', ','), isGrouped('1 257,5', ' ')],
    [true, false, true, false],
  );
});

test('outside of CSV files nothing is said of marks, and where nothing is given the decimal sign is a point', () => {
  assert.deepEqual(adviceFor('1,257', {}, true), adviceFor('1,257', { decimal: '.' }, true));
  assert.equal(adviceFor('1,257', {}, true).ambiguous, true);
  for (const cell of ['1,257', '3,5', '1 257']) {
    const { ambiguous, text } = adviceFor(cell, {}, false);
    assert.deepEqual(
      [ambiguous, text.en],
      [false, 'Correct the cell, list it in data.missingTokens, or use the column as a category.'],
    );
    assert.match(text.zh, /用作类别/);
  }
  assert.match(adviceFor('3,5', {}, true).text.zh, /^若 “,” 是小数点/);
  assert.match(adviceFor('1.257,5', {}, true).text.zh, /请设置 data\.csv\.thousands "\." 与 data\.csv\.decimal ","/);
});

test('what a cell is told of is shortened, and two readings are said in both languages', () => {
  const long = refusal(column(['x'.repeat(60)]));
  assert.ok(long.message.includes(`“${'x'.repeat(60)}” is not a number.`));
  assert.ok(refusal(column(['x'.repeat(61)])).message.includes(`“${'x'.repeat(60)}…” is not a number.`));
  const { en, zh } = refusal(column(['1,257'], { decimal: '.' })).text;
  assert.match(
    en,
    /“1,257” is two numbers at once\. “,” may be the decimal sign or group thousands\. Set data\.csv\.decimal "," or data\.csv\.thousands ","\.$/,
  );
  assert.match(zh, /“1,257” 有两种读法。/);
  assert.match(refusal(column(['abc'])).text.zh, /“abc” 不是数值。/);
});
