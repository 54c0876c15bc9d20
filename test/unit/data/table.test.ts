import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import { profileColumns } from '../../../src/data/profile.ts';
import type { Table } from '../../../src/data/table.ts';
import { appendTables } from '../../../src/data/table.ts';
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
