import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { csvText, notesOfCsv } from '../../../src/data/csv-notes.ts';
import { parseCsv } from '../../../src/data/csv.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import type { CsvOptions } from '../../../src/data/options.ts';
import type { CsvReport } from '../../../src/data/table.ts';

function reportOf(text: string, csv: CsvOptions = {}, encoding = { encoding: 'utf-8', detected: true }): CsvReport {
  return parseCsv(text, 'a.csv', csv, defaultLimits, encoding).csv ?? assert.fail();
}
const codes = (report: CsvReport): string[] =>
  notesOfCsv(report, 'a.csv').map(({ code, severity }) => `${severity} ${code}`);

test('nothing is said where there was nothing to guess', () => {
  for (const text of ['a,b\n1,2\n3,4\n', 'name;size\nx;1.5\n', 'a\tb\nx\t1\n', 'a\n1\n2\n'])
    assert.deepEqual(codes(reportOf(text)), [], text);
});

test('each guess among alternatives is said in both languages, and given marks are none', () => {
  const cases: readonly [string, CsvOptions, string, RegExp, RegExp][] = [
    [
      'a,b;c\n1,5;2\n3,5;4\n',
      { decimal: '.' },
      'warning csv-separator',
      /separated by “,”, but “;” would make a table/,
      /“;”同样能构成表格/,
    ],
    ['a;b\n1,5;2\n', {}, 'information csv-decimal', /“,” is read as the decimal sign/, /小数点/],
    ['1,2\n3,4\n', {}, 'information csv-header', /first line is read as data.*column1, column2/, /首行按数据读取/],
    [
      'a,b\nx,y\nz,w\n',
      {},
      'information csv-header',
      /first line is read as the names of the columns/,
      /首行按列名读取/,
    ],
    ['id,2019\n7,1\nx,2\n', {}, 'information csv-header', /read as/, /首行/],
  ];
  for (const [text, csv, code, en, zh] of cases) {
    const report = reportOf(text, csv);
    assert.deepEqual(codes(report), [code], text);
    const [note] = notesOfCsv(report, 'a.csv');
    assert.match(note?.message.en ?? '', en);
    assert.match(note?.message.en ?? '', /^a\.csv: .*data\.csv\./);
    assert.match(note?.message.zh ?? '', zh);
    const { separator, decimal, header } = report;
    assert.deepEqual(codes(reportOf(text, { separator, decimal, header })), [], text);
  }
  const chinese = { encoding: 'gb18030', detected: true };
  assert.deepEqual(codes(reportOf('姓名,年龄\n张,1\n', {}, chinese)), ['information csv-encoding']);
  assert.deepEqual(codes(reportOf('姓名,年龄\n张,1\n', {}, { ...chinese, detected: false })), []);
});

test('all that was found and given stands in one line', () => {
  assert.deepEqual(csvText(reportOf('a\tb\n1\t2\n', { header: true, thousands: ' ' }), 'a.csv'), {
    en: 'a.csv: encoding utf-8 (found), separator a tab (found), decimal sign “.” (found), names in the first line, quote “"”, thousands a space.',
    zh: 'a.csv：编码 utf-8（检测），分隔符制表符（检测），小数点“.”（检测），首行为列名，引号“"”，千位分隔符空格。',
  });
  assert.match(
    csvText(reportOf('1;2\n3;4\n'), 'a.csv').en,
    /separator “;” \(found\).*no names in the first line \(found\)/,
  );
});
