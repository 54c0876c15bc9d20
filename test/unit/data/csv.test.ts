import { strict as assert } from 'node:assert';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import type { CsvOptions, ReadOptions } from '../../../src/data/options.ts';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { readHeader, readTable, streamTable } from '../../../src/data/read.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import type { Table } from '../../../src/data/table.ts';
import { numbersOf } from '../../../src/data/values.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csv-'));
});
after(async () => rm(folder, { recursive: true, force: true }));

const parseText = (text: string, csv: CsvOptions = {}): Table => parseCsv(text, 'a.csv', csv, defaultLimits);

function cellsOf(table: Table): string[][] {
  const columns = [...table.columns.values()].map((column) => (column.kind === 'text' ? column.cells : []));
  return Array.from({ length: table.rows }, (_, row) => columns.map((cells) => cells[row] ?? ''));
}

async function readBytes(bytes: Uint8Array, options: ReadOptions = {}, name = 'a.csv'): Promise<Table> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return readTable({ path, name, bytes: (await stat(path)).size }, options);
}

function problem(run: () => unknown): DataError {
  try {
    run();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  return assert.fail('no error');
}

const cell = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '',
    '"',
    '""',
    'a,b',
    'x;y',
    '行\n列',
    '中文,"引号"',
    '\r',
    '\r\n',
    '\t',
    ' ',
    '😀',
    '1,5',
    '-3.25',
    'NA',
  ),
);
const separatorOf = fc.constantFrom(',', ';', '\t', '|');
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

const escape = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test('any cells written in quotes come back, with every separator and line end', () => {
  const tables = fc
    .integer({ min: 1, max: 6 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }));
  fc.assert(
    fc.property(tables, separatorOf, lineEnd, fc.boolean(), (rows, separator, end, last) => {
      const width = rows[0]?.length ?? 2;
      const header = Array.from({ length: width }, (_, index) => `名${index}`);
      const text = [header, ...rows].map((row) => row.map(escape).join(separator)).join(end) + (last ? end : '');
      const table = parseText(text, { separator, header: true, decimal: '.' });
      assert.deepEqual(cellsOf(table), rows);
      assert.deepEqual([...table.columns.keys()], header);
    }),
  );
});

test('quotes only where needed: the same cells as csv-parse finds', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', '1', ' ', '中', '.', "'", '-'), maxLength: 6 });
  const rowsOf = fc.array(fc.array(fc.oneof(plain, cell), { minLength: 3, maxLength: 3 }), {
    minLength: 1,
    maxLength: 10,
  });
  fc.assert(
    fc.property(rowsOf, separatorOf, (rows, separator) => {
      const write = (text: string): string => (/[",;|\t\r\n]/.test(text) ? escape(text) : text);
      const text = rows.map((row) => row.map(write).join(separator)).join('\n');
      const table = parseText(text, { separator, header: false, decimal: '.' });
      const peer = parse(text, { delimiter: separator, record_delimiter: '\n', skip_empty_lines: true });
      assert.deepEqual(cellsOf(table), peer);
    }),
  );
});

test('no text makes the parser do anything but answer or explain', () => {
  const any = fc.string({
    unit: fc.constantFrom('a', '1', ',', ';', '"', '\n', '\r', '\t', '|', '中', ' '),
    maxLength: 60,
  });
  fc.assert(
    fc.property(any, (text) => {
      try {
        const table = parseText(text);
        for (const column of table.columns.values())
          assert.ok(column.kind === 'text' && column.cells.length === table.rows);
      } catch (error) {
        assert.ok(error instanceof DataError && error.file === 'a.csv' && error.message.length > 10);
      }
    }),
    { numRuns: 2000 },
  );
});

test('encodings are found, reported and decoded', async () => {
  const text = '姓名,年龄,城市\n张三,30,北京\n李四,25,上海\n';
  const marks: Record<string, Buffer> = {
    'utf-8': Buffer.from(text),
    gb18030: iconv.encode(text, 'gb18030'),
    'utf-16le': iconv.encode(text, 'utf-16le', { addBOM: true }),
    'utf-16be': iconv.encode(text, 'utf-16be', { addBOM: true }),
  };
  marks['utf-8 with BOM'] = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]);
  marks['utf-16le without BOM'] = iconv.encode(text, 'utf-16le', { addBOM: false });
  for (const [name, bytes] of Object.entries(marks)) {
    const table = await readBytes(bytes);
    assert.equal(table.csv?.encoding, name.split(' ')[0], name);
    assert.ok(table.csv?.detected.includes('encoding'));
    assert.deepEqual([...table.columns.keys()], ['姓名', '年龄', '城市'], name);
    assert.deepEqual(cellsOf(table)[0], ['张三', '30', '北京'], name);
  }
});

test('any text survives GB18030, UTF-16 and UTF-8 when the encoding is given', async () => {
  const words = fc.string({
    unit: fc.constantFrom('中', '文', 'é', 'ß', '😀', 'x', '7', '㐀', 'ﾊ'),
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(words, fc.constantFrom('gb18030', 'utf-16le', 'utf-16be', 'utf-8'), async (word, encoding) => {
      const table = await readBytes(iconv.encode(`a,b\n${word},1\n`, encoding), { csv: { encoding } });
      assert.deepEqual(cellsOf(table), [[word, '1']]);
      assert.deepEqual(table.csv?.detected.includes('encoding'), false);
    }),
    { numRuns: 60 },
  );
});

test('a Western file is not taken for Chinese, and says what to do', async () => {
  const latin = iconv.encode('name;ort\nMüller;Köln\nGrün;Fürth\n', 'windows-1252');
  await assert.rejects(
    readBytes(latin),
    (error) => error instanceof DataError && error.code === 'encoding' && error.message.includes('windows-1252'),
  );
  assert.deepEqual(cellsOf(await readBytes(latin, { csv: { encoding: 'windows-1252' } }))[0], ['Müller', 'Köln']);
  await assert.rejects(
    readBytes(latin, { csv: { encoding: 'klingon' } }),
    (error) => error instanceof DataError && error.code === 'encoding',
  );
});

test('a file of zero bytes is no table with a strange name of a column', async () => {
  for (const bytes of [new Uint8Array(1000), Uint8Array.of(...Buffer.from('a,b\n1,2\n'), 0, 0, 7)]) {
    await assert.rejects(readBytes(bytes), (error: unknown) => {
      assert.ok(error instanceof DataError);
      assert.equal(error.code, 'encoding');
      assert.match(error.message, /no text file/);
      return true;
    });
  }
});

test('separator, decimal sign and header are found', () => {
  const report = (text: string): unknown => {
    const { csv } = parseText(text);
    return [csv?.separator, csv?.decimal, csv?.header];
  };
  assert.deepEqual(report('a;b\n1,5;2\n3,25;4\n'), [';', ',', true]);
  assert.deepEqual(report('a\tb\n1\t2\n'), ['\t', '.', true]);
  assert.deepEqual(report('a|b\n1.5|2\n'), ['|', '.', true]);
  assert.deepEqual(report('1,2\n3,4\n'), [',', '.', false]);
  assert.deepEqual(report('a,b\n"1,5","2,75"\n'), [',', ',', true]);
  assert.deepEqual(report('a,b\n"1,500","12,000"\n'), [',', '.', true]);
  assert.deepEqual(report('text\nhello; or not\n'), [',', '.', true]);
  assert.deepEqual(report('text\nhello, world\nfoo\n'), [';', '.', true]);
  assert.deepEqual(report('name,2020,2021\nx,1.5,2\ny,2,3\n'), [',', '.', false]);
  assert.deepEqual(report('id,a\n1,x\n2,y\n'), [',', '.', true]);
  const table = parseText('高度;宽度\n1,5;-2\n;3e2\n');
  assert.deepEqual([...numbersOf(table, '高度').values], [1.5, NaN]);
  assert.deepEqual([...numbersOf(table, '宽度').values], [-2, 300]);
});

test('blank lines: nothing between rows of several columns, an empty cell in a file of one', () => {
  assert.deepEqual(cellsOf(parseText('a,b\n\n1,2\n\n\n3,4\n\n')), [
    ['1', '2'],
    ['3', '4'],
  ]);
  const one = parseText('a\n1\n\n3\n\n\n');
  assert.deepEqual(cellsOf(one), [['1'], [''], ['3']]);
  assert.deepEqual([one.lineOf(0), one.lineOf(1), one.lineOf(2)], [2, 3, 4]);
});

test('errors name file, line, reason and the way out', () => {
  const ragged = problem(() => parseText('a,b\n"x\ny",1\n2\n'));
  assert.deepEqual([ragged.code, ragged.row], ['ragged-row', 1]);
  assert.match(ragged.message, /^a\.csv, line 4: 1 cell where the first line has 2\./);
  assert.match(
    problem(() => parseText('a,b\n1,"x\n2,3\n', { separator: ',' })).message,
    /line 2: the quote opened here is never closed/,
  );
  assert.equal(problem(() => parseText('a,b\n"1"x,2\n', { separator: ',' })).code, 'csv-quote');
  assert.match(problem(() => parseText('a,b, a\n1,2,3\n')).message, /columns 1 and 3 are both called “a”/);
  assert.equal(problem(() => parseText('')).code, 'empty');
  assert.equal(
    problem(() => parseCsv('a,b\n1,22222222\n', 'a.csv', {}, { ...defaultLimits, cell: 5 })).code,
    'too-large',
  );
  assert.equal(
    problem(() => parseCsv('a,b,c\n1,2,3\n', 'a.csv', {}, { ...defaultLimits, columns: 2 })).code,
    'too-large',
  );
  assert.equal(
    problem(() => parseCsv('a,b\n1,22222222\n', 'a.csv', {}, { ...defaultLimits, line: 6 })).code,
    'too-large',
  );
  const number = problem(() => numbersOf(parseText('a,b\n1,2\nx1,2\n'), 'a'));
  assert.deepEqual([number.code, number.row, number.column], ['not-a-number', 1, 'a']);
  assert.match(number.message, /a\.csv, line 3, column “a”: “x1” is not a number/);
});

test('marks that are no single character, or the same, are refused', () => {
  for (const csv of [{ separator: '||' }, { separator: '\n' }, { quote: '' }, { quote: '😀' }, { separator: '"' }]) {
    assert.equal(problem(() => parseText('a,b\n1,2\n', csv)).code, 'csv-quote', JSON.stringify(csv));
  }
  assert.deepEqual(cellsOf(parseText("a;b\n';';2\n", { separator: ';', quote: "'" })), [[';', '2']]);
});

test('names from the wild: hostile, empty, spaced, composed', () => {
  const table = parseText('__proto__, constructor ,,cafe\u0301\nx,y,z,w\n');
  assert.deepEqual([...table.columns.keys()], ['__proto__', 'constructor', 'column3', 'caf\u00e9']);
});

test('the header of a long file takes 64 KiB and no more', async () => {
  const path = join(folder, 'long.csv');
  await writeFile(path, `高度,weight\n${'1.5,2\n'.repeat(200_000)}"never closed`);
  const file = { path, name: 'long.csv', bytes: (await stat(path)).size };
  const header = await readHeader(file);
  assert.deepEqual(
    header.columns.map((column) => column.name),
    ['高度', 'weight'],
  );
  assert.equal(header.csv?.separator, ',');
});

test('a first line of any length up to the limit is read; a glance says that it is longer than looked at', async () => {
  const path = join(folder, 'wide.csv');
  const names = Array.from({ length: 15_000 }, (_, index) => `feature ${index}`);
  const rows = Array.from({ length: 12 }, (_, row) => names.map((_name, index) => `${row + index},5`).join(';'));
  await writeFile(path, [names.join(';'), ...rows].join('\n'));
  const file = { path, name: 'wide.csv', bytes: (await stat(path)).size };
  const header = await readHeader(file);
  assert.deepEqual(
    header.columns.map(({ name }) => name),
    names,
  );
  assert.deepEqual([header.csv?.separator, header.csv?.decimal, header.csv?.header], [';', ',', true]);
  const table = await readTable(file);
  assert.deepEqual([table.rows, table.columns.size], [12, 15_000]);
  assert.equal(numbersOf(table, 'feature 14999').values[11], 15_010.5);
  const streamed: number[] = [];
  const limits = { partBytes: 50_000 };
  await streamTable(file, { limits }, (part) => streamed.push(...numbersOf(part, 'feature 14999').values));
  assert.deepEqual(streamed, [...numbersOf(table, 'feature 14999').values]);

  const glance = await readHeader(file, { glance: true });
  assert.equal(glance.complete, false);
  assert.ok(glance.columns.length > 4000 && glance.columns.length < 15_000);
  assert.ok(glance.columns.every(({ name }, index) => name === names[index]));
  // One name, and the name of a column in quotes that are not closed where the look ends.
  for (const [text, known] of [
    [`${'x'.repeat(70_000)},b\n1,2\n`, ['x'.repeat(70_000), 'b']],
    [`"${'x;\n'.repeat(30_000)}",b\n1,2\n`, ['x;\n'.repeat(30_000).trim(), 'b']],
  ] as const) {
    await writeFile(path, text);
    const one = { ...file, bytes: text.length };
    assert.deepEqual(
      (await readHeader(one)).columns.map(({ name }) => name),
      known,
    );
    assert.deepEqual(
      await readHeader(one, { glance: true }).then(({ columns, complete }) => [columns.length, complete]),
      [0, false],
    );
  }
  await assert.rejects(
    readHeader({ ...file, bytes: (await stat(path)).size }, { limits: { line: 80_000, cell: 1e6 } }),
    (error) => error instanceof DataError && error.code === 'too-large',
  );
});

test('names that are numbers, and a first row that the look does not reach, are not taken for data', async () => {
  const path = join(folder, 'numbers.csv');
  const names = [...Array.from({ length: 9_000 }, (_, index) => String(index)), 'label'];
  const row = names.map((_, index) => (index / 7).toFixed(9)).join(',');
  await writeFile(path, [names.join(','), row, row].join('\n'));
  const file = { path, name: 'numbers.csv', bytes: (await stat(path)).size };
  assert.equal((await readHeader(file)).columns.at(-1)?.name, 'label');
  assert.equal((await readHeader(file, { glance: true })).complete, false);
  // A short file is known whole at a glance.
  await writeFile(path, 'a,b\n1,2\n');
  const short = await readHeader({ ...file, bytes: 8 }, { glance: true });
  assert.deepEqual([short.complete, short.columns.length], [true, 2]);
});

test('tsv, and formats of later versions', async () => {
  const table = await readBytes(Buffer.from('a\tb\n1,2\t3\n'), {}, 'a.tsv');
  assert.deepEqual(cellsOf(table), [['1,2', '3']]);
  const refused = (text: string, name: string, options: ReadOptions, code: string, en: string, zh: string) =>
    assert.rejects(readBytes(Buffer.from(text), options, name), (error) => {
      assert.ok(error instanceof DataError);
      assert.deepEqual([error.code, error.file, error.text], [code, name, { en, zh }]);
      return true;
    });
  const all = ['csv', 'tsv', 'jsonl', 'npz'];
  await refused(
    ...(['PAR1', 'a.parquet', {}, 'not-available'] as const),
    `a.parquet: the format parquet is not available in this version. Save the data as ${all.join(', ')}.`,
    `a.parquet：此版本尚不支持格式 parquet。请将数据保存为 ${all.join('、')} 之一。`,
  );
  await refused(
    ...(['', 'a.xyz', {}, 'format-unknown'] as const),
    `The format of a.xyz cannot be told from its name. Set data.format to one of ${all.join(', ')}.`,
    `无法从文件名判断 a.xyz 的格式。请将 data.format 设为 ${all.join('、')} 之一。`,
  );
  await refused(
    ...(['a\n1\n', 'a.csv', { format: 'constructor' }, 'format-unknown'] as const),
    `The format “constructor” is not known. Set data.format to one of ${all.join(', ')}.`,
    `未知的格式“constructor”。请将 data.format 设为 ${all.join('、')} 之一。`,
  );
  assert.equal((await readBytes(Buffer.from('a,b\n1,2\n'), { format: 'csv' }, 'a.xyz')).rows, 1);
});
