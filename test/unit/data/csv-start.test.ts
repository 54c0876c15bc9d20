/** How a CSV file is written: what is found from its beginning, how much of it is looked at, and what is refused. */
import { strict as assert } from 'node:assert';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { detectDecimal, detectHeader, detectSeparator, sampleOf } from '../../../src/data/csv-detect.ts';
import { beginCsv } from '../../../src/data/csv-start.ts';
import { DataError } from '../../../src/data/error.ts';
import { readHeader } from '../../../src/data/read.ts';
import { defaultLimits, type Limits } from '../../../src/data/limits.ts';
import type { CsvOptions } from '../../../src/data/options.ts';
import type { Header } from '../../../src/data/table.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'csv-start-'));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

const encoding = { encoding: 'utf-8', detected: true };
const begin = (
  text: string,
  csv: CsvOptions = {},
  limits: Partial<Limits> = {},
  whole = true,
): ReturnType<typeof beginCsv> => beginCsv(text, 'a.csv', csv, { ...defaultLimits, ...limits }, encoding, whole);
function refusal(run: () => unknown): DataError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof DataError);
    assert.equal(error.file, 'a.csv');
    return error;
  }
  return assert.fail('no error');
}
async function header(
  text: string,
  options: { glance?: boolean; csv?: CsvOptions; limits?: Partial<Limits>; bytes?: number } = {},
): Promise<Header> {
  const { bytes = Buffer.byteLength(text), ...rest } = options;
  const file = path.join(folder, 'a.csv');
  fs.writeFileSync(file, text);
  return readHeader({ path: file, name: 'a.csv', bytes }, rest);
}

test('ten records say how a file is written; with fewer in sight more of it is looked at', () => {
  // Line by line four characters; the eleventh record alone has a comma for its decimal sign.
  const ten = 'a;b\n' + '1;2\n'.repeat(9);
  const text = `${ten}3,5;4\n`;
  const decimal = (headerBytes: number): unknown => begin(text, {}, { headerBytes })?.report.decimal;
  assert.equal(decimal(41), '.');
  assert.equal(decimal(40), '.');
  assert.equal(decimal(39), ',');
  assert.equal(decimal(20), '.');
  assert.equal(decimal(19), ',');
  assert.equal(decimal(1000), ',');
  // Empty lines are no records.
  assert.equal(
    begin(`a;b\n${'\n'.repeat(9)}${'1;2\n'.repeat(9)}3,5;4\n`, {}, { headerBytes: 40 })?.report.decimal,
    ',',
  );
});

test('of a part of a file more is asked for until it is enough, or as long as a line may be', () => {
  const lines = 'a;b\n' + '1;2\n'.repeat(20);
  assert.equal(begin(lines.slice(0, 30), {}, { headerBytes: 40 }, false), undefined);
  assert.equal(begin(lines.slice(0, 30), {}, { headerBytes: 30 }, false), undefined);
  assert.deepEqual(begin(lines, {}, { headerBytes: 60 }, false)?.names, ['a', 'b']);
  assert.deepEqual(begin(lines.slice(0, 30), {}, { headerBytes: 10, line: 20 }, false)?.names, ['a', 'b']);
  const long = refusal(() => begin('x'.repeat(50), {}, { headerBytes: 10, line: 20 }, false));
  assert.deepEqual(
    [long.code, long.message],
    ['too-large', 'a.csv: the first line is longer than 20 characters, or a quote in it is never closed.'],
  );
  assert.match(long.text.zh, /^a\.csv：首行超过 20 个字符/);
  // So long a line may go on to its end, which is not in sight.
  assert.equal(begin('x'.repeat(20), {}, { headerBytes: 40, line: 20 }, false), undefined);
  const empty = refusal(() => begin('\n\n\n'));
  assert.deepEqual([empty.code, empty.message], ['empty', 'a.csv is empty.']);
});

test('what is found, what is given, and the names', () => {
  const found = begin('a;b\n1,5;2\n');
  assert.deepEqual(found, {
    report: {
      encoding: 'utf-8',
      separator: ';',
      decimal: ',',
      quote: '"',
      header: true,
      detected: ['encoding', 'separator', 'decimal', 'header'],
      rivals: [],
      headerSure: true,
    },
    names: ['a', 'b'],
    several: true,
  });
  const given = beginCsv(
    'a;b\n1,5;2\n',
    'a.csv',
    { separator: ';', decimal: '.', quote: "'", header: false, thousands: ',' },
    defaultLimits,
    { encoding: 'gb18030', detected: false },
    true,
  );
  assert.deepEqual(given?.report, {
    encoding: 'gb18030',
    separator: ';',
    decimal: '.',
    thousands: ',',
    quote: "'",
    header: false,
    detected: [],
    rivals: [],
    headerSure: true,
  });
  assert.deepEqual(given.names, ['column1', 'column2']);
  // What is given counts, also where another separator looks better.
  const comma = begin('a;b;c,d\n1;2;3,4\n', { separator: ',' });
  assert.deepEqual([comma?.names, comma?.report.rivals], [['a;b;c', 'd'], []]);
  assert.equal(begin('a;b\n')?.several, false);
  for (const [thousands, decimal] of [
    [',', '.'],
    ['.', ','],
  ] as const) {
    const { report } = begin('a;b\n1;2\n', { thousands }) ?? assert.fail();
    assert.deepEqual([report.decimal, report.detected.includes('decimal')], [decimal, false]);
  }
  for (const thousands of [' ', "'"] as const)
    assert.ok(begin('a;b\n1;2\n', { thousands })?.report.detected.includes('decimal'));
  assert.equal(begin('a;b\nx;y\n', { usualDecimal: ',' })?.report.decimal, ',');
  assert.equal(begin('a;b\nx;1.5\n', { usualDecimal: ',' })?.report.decimal, '.');
  assert.deepEqual(begin(' a , cafe\u0301,\nx,y,z\n')?.names, ['a', 'café', 'column3']);
  const twice = refusal(() => begin('x,b, x\n1,2,3\n'));
  assert.deepEqual(
    [twice.code, twice.column, twice.message],
    ['duplicate-column', 'x', 'a.csv: columns 1 and 3 are both called “x”. Rename one.'],
  );
  const numbered = refusal(() => begin('column2,\nx,y\n'));
  assert.equal(numbered.message, 'a.csv: columns 1 and 2 are both called “column2”. Rename one.');
});

test('marks are one character each, not the same, and no line ends', () => {
  for (const [csv, words] of [
    [{ separator: '' }, 'data.csv.separator must be one character, not “”.'],
    [{ separator: ',,' }, 'data.csv.separator must be one character, not “,,”.'],
    [{ separator: '\r' }, 'data.csv.separator must be one character, not “\r”.'],
    [{ separator: '\n' }, 'data.csv.separator must be one character, not “\n”.'],
    [{ quote: '\r' }, 'data.csv.quote must be one character, not “\r”.'],
    [{ quote: '\n' }, 'data.csv.quote must be one character, not “\n”.'],
    [{ quote: 'x'.repeat(30) }, `data.csv.quote must be one character, not “${'x'.repeat(20)}”.`],
    [{ separator: "'", quote: "'" }, "data.csv.quote must be one character of its own, not “'”."],
    [{ separator: '"' }, 'data.csv.quote must be one character of its own, not “"”.'],
  ] as const) {
    const error = refusal(() => begin('a\n1\n', csv));
    assert.deepEqual([error.code, error.message], ['csv-quote', `a.csv: ${words}`]);
  }
  // A quote may be what separates elsewhere, as long as it does not here.
  assert.deepEqual(begin('a;b\n,1;x,;2\n', { separator: ';', quote: ',' })?.names, ['a', 'b']);
  const both = refusal(() => begin('a;b\n', { decimal: '.', thousands: '.' }));
  assert.deepEqual(
    [both.code, both.message],
    ['csv-quote', 'a.csv: data.csv.decimal and data.csv.thousands are both “.”. Correct one of them.'],
  );
  assert.match(both.text.zh, /都是 “\.”/);
});

test('a header is read from more of the file while a look is not enough', async () => {
  const rows = 'a;b\n' + '1;2\n'.repeat(9) + '3,5;4\n';
  assert.equal((await header(rows, { limits: { headerBytes: 40 } })).csv?.decimal, '.');
  assert.equal((await header(rows, { limits: { headerBytes: 39 } })).csv?.decimal, ',');
  const { columns, complete, format, file } = await header(rows);
  assert.deepEqual(
    [columns, complete, format, file],
    [
      [
        { name: 'a', shape: [], dtype: 'text' },
        { name: 'b', shape: [], dtype: 'text' },
      ],
      true,
      'csv',
      'a.csv',
    ],
  );
  // A file that was emptied meanwhile.
  await assert.rejects(header('', { bytes: 50 }), (error) => error instanceof DataError && error.code === 'empty');
  await assert.rejects(header('', {}), (error) => error instanceof DataError && error.code === 'empty');
});

test('a glance sees the first bytes alone, and says whether the names are certain', async () => {
  const look = async (text: string, headerBytes: number, csv: CsvOptions = {}): Promise<readonly unknown[]> => {
    const { columns, complete } = await header(text, { glance: true, limits: { headerBytes }, csv });
    return [columns.map(({ name }) => name).join('|'), complete];
  };
  for (const end of ['\n', '\r', '\r\n']) {
    assert.deepEqual(await look(`name;b${end}1;2${end}3;4${end}`, 8), ['name|b', true], JSON.stringify(end));
    // Numbers for names, and no row in sight.
    assert.deepEqual(await look(`20;21${end}1;2${end}3;4${end}`, 7), ['column1|column2', false]);
    assert.deepEqual(await look(`20;21${end}1;2${end}3;4${end}5;6`, 13), ['column1|column2', true]);
    assert.deepEqual(await look(`"a${end}b";c${end}1;2${end}`, 9 + end.length), [`a${end}b|c`, true]);
    assert.deepEqual(await look(`"a${end}b";c${end}1;2${end}`, 6 + end.length), [`a${end}b`, false]);
  }
  // The last name may be cut.
  assert.deepEqual(await look('name;other;third\n1;2;3\n', 12), ['name|other', false]);
  assert.deepEqual(await look(' name ;other;third\n1;2;3\n', 8), ['name', false]);
  assert.deepEqual(await look("'a\n';b;c\n1;2;3\n", 7, { quote: "'" }), ['a|b', false]);
  // A quote may be closed behind what is in sight.
  assert.deepEqual(await look('"a";"b;c";d\n1;2;3\n', 8), ['', false]);
  assert.deepEqual(await look('a;b\n1;2\n', 100), ['a|b', true]);
  assert.deepEqual(await look('1;2\n', 100), ['column1|column2', true]);
});

test('the separator is the one under which most records have equally many cells', () => {
  const found = (text: string, complete = true): unknown => {
    const { separator, rivals } = detectSeparator(text, '"', defaultLimits, 'a.csv', complete);
    return [separator, ...rivals];
  };
  assert.deepEqual(found('a,b;c\n1,2;3\n'), [',', ';']);
  assert.deepEqual(found('a,b,c;d\n1,2,3;4\n'), [',', ';']);
  assert.deepEqual(found('a;b;c,d\n1;2;3,4\n'), [';', ',']);
  // Evenness counts before the number of cells.
  assert.deepEqual(found('a;b,c,d\n1;2,3\n'), [';']);
  // Nine of ten records are even enough to be a rival; eight of nine are not.
  const rival = (even: number, odd: number): string => 'a;b,c\n'.repeat(even) + 'a;bc\n'.repeat(odd);
  assert.deepEqual(found(rival(9, 1)), [';', ',']);
  assert.deepEqual(found(rival(8, 1)), [';']);
  // Of one column: none that stands in its texts.
  assert.deepEqual(found('a\nb\n'), [',']);
  assert.deepEqual(found('text\nx, y\n'), [';']);
  assert.deepEqual(found('text\nx, y; z\n'), ['\t']);
  assert.deepEqual(found('text\nx, y; z\tu\n'), ['|']);
  assert.deepEqual(found('text\nx, y; z\tu|v\n'), [',']);
  // A record that is cut short says nothing of how many cells there are.
  assert.deepEqual(found('a;b,c\n1;2,3\n4;5', false), [',', ';']);
});

test('records for a look: no empty lines, at most a thousand, and not the one that is cut', () => {
  const marks = { separator: ',', quote: '"' };
  const sample = (text: string, complete: boolean, lenient?: boolean): readonly (readonly string[])[] =>
    sampleOf(text, marks, defaultLimits, 'a.csv', complete, lenient);
  assert.deepEqual(sample('a,b\n\n1,2\n3', true), [['a', 'b'], ['1', '2'], ['3']]);
  assert.deepEqual(sample('a,b\n\n1,2\n3', false), [
    ['a', 'b'],
    ['1', '2'],
  ]);
  assert.deepEqual(sample('a,b\n1,2\n', false), [
    ['a', 'b'],
    ['1', '2'],
  ]);
  assert.equal(sample('1,2\n'.repeat(1500), true).length, 1000);
  assert.equal(sample('1,2\n'.repeat(1000), true).length, 1000);
  assert.deepEqual(sample('"a""b",c\n', true), [['a"b', 'c']]);
  // An open quote may be closed behind the cut.
  assert.deepEqual(sample('a\n"b\n', false), [['a']]);
  assert.deepEqual(sample('a\n"b\n', true, true), [['a']]);
  assert.throws(() => sample('a\n"b\n', true), DataError);
  assert.throws(
    () => sampleOf('aaa\n', marks, { ...defaultLimits, cell: 2 }, 'a.csv', false, true),
    (error) => error instanceof DataError && error.code === 'too-large',
  );
});

test('the decimal sign: a comma where numbers have one and none has a point', () => {
  const of = (cells: readonly string[]): string => detectDecimal([cells]);
  assert.equal(of(['1,5', '2']), ',');
  assert.equal(of(['1,5', '2.5']), '.');
  assert.equal(of(['1.5']), '.');
  assert.equal(of(['1,500']), '.');
  assert.equal(of(['1,500', '0,5']), ',');
  assert.equal(of([' 1,5 ']), ',');
  // Words and dates decide nothing.
  assert.equal(of(['a,b', '1,5']), ',');
  assert.equal(of(['v1.2.3', '1,5']), ',');
  assert.equal(of(['1,2,3']), '.');
  assert.equal(detectDecimal([['x'], ['1']], ','), ',');
  assert.equal(detectDecimal([['x'], ['1.5']], ','), '.');
  assert.equal(detectDecimal([], ','), ',');
});

test('a header: words above numbers prove it, numbers in the first line speak against it', () => {
  const of = (text: string): unknown => {
    const { header: is, sure } = detectHeader(
      text.split('\n').map((line) => line.split('|')),
      { decimal: '.' },
    );
    return [is, sure];
  };
  assert.deepEqual(of('a|b\n1|2'), [true, true]);
  assert.deepEqual(of('a|b\nx|2'), [true, true]);
  assert.deepEqual(of('a|b\nx|y'), [true, false]);
  assert.deepEqual(of('1|2\n3|4'), [false, false]);
  assert.deepEqual(of('id|2019\n7|1'), [true, false]);
  assert.deepEqual(of('x|2019\ny|1'), [false, false]);
  assert.deepEqual(of('a|b'), [true, false]);
  assert.deepEqual(of('a\n1\nx'), [true, false]);
  // What is missing is no number and no word.
  assert.deepEqual(of('a\nNA\n1\n?'), [true, true]);
  assert.deepEqual(of('a\nNA\n'), [true, false]);
  assert.deepEqual(of('NA|1\n2|3'), [false, false]);
  assert.deepEqual(of(' |1\n2|3'), [false, false]);
  // Digits grouped by a comma are a number, known or not.
  assert.deepEqual(of('a\n1,257'), [true, true]);
  assert.deepEqual(of('1,257\n2,000'), [false, false]);
  assert.deepEqual(detectHeader([['a'], ['1 257']], { thousands: ' ' }), { header: true, sure: true });
  assert.deepEqual(detectHeader([['a'], ['1,5']], { decimal: ',' }), { header: true, sure: true });
  assert.deepEqual(detectHeader([], {}), { header: true, sure: false });
});
