/** Where records and cells begin and end, in whole texts and in parts of one. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { cellAt, scan, type TextPart } from '../../../src/data/csv-scan.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits, type Limits } from '../../../src/data/limits.ts';

const marks = { separator: ',', quote: '"' };

interface Found {
  readonly line: number;
  readonly cells: readonly string[];
  readonly blank: boolean;
}
function all(text: string, part?: TextPart, limits: Partial<Limits> = {}): readonly Found[] {
  const scanner = scan(text, marks, { ...defaultLimits, ...limits }, 'a.csv', part);
  const found: Found[] = [];
  while (scanner.next() > 0)
    found.push({
      line: scanner.line(),
      cells: scanner.starts.map((start, index) => cellAt(text, start, scanner.ends[index] ?? NaN, '"')),
      blank: scanner.blank(),
    });
  return found;
}
const short = (text: string): unknown => all(text).map(({ line, cells }) => [line, ...cells]);
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

test('records know their line, whatever ends lines and stands in quotes', () => {
  assert.deepEqual(short('a,b\n1,2\n'), [
    [1, 'a', 'b'],
    [2, '1', '2'],
  ]);
  assert.deepEqual(short('a,b\r\n1,2\r\n\r\n3,4'), [
    [1, 'a', 'b'],
    [2, '1', '2'],
    [3, ''],
    [4, '3', '4'],
  ]);
  assert.deepEqual(short('a\rb\r\rc'), [
    [1, 'a'],
    [2, 'b'],
    [3, ''],
    [4, 'c'],
  ]);
  assert.deepEqual(short('"a\nb","c\r\nd","e\rf"\nz'), [
    [1, 'a\nb', 'c\r\nd', 'e\rf'],
    [5, 'z'],
  ]);
  assert.deepEqual(short('"\n\n\n"\nz'), [
    [1, '\n\n\n'],
    [5, 'z'],
  ]);
  assert.deepEqual(short('"\r\r"\rz'), [
    [1, '\r\r'],
    [4, 'z'],
  ]);
  assert.deepEqual(short(''), []);
  assert.deepEqual(short(','), [[1, '', '']]);
  assert.deepEqual(short('a,'), [[1, 'a', '']]);
  assert.deepEqual(short('"a""b","""",""'), [[1, 'a"b', '"', '']]);
  // Without a quote every sign is one like any other.
  const bare = '\u0001a,b"\n"c,d';
  const scanner = scan(bare, { separator: ',', quote: '' }, defaultLimits, 'a.csv');
  const cells: string[][] = [];
  while (scanner.next() > 0)
    cells.push(scanner.starts.map((start, index) => cellAt(bare, start, scanner.ends[index] ?? NaN, '')));
  assert.deepEqual(cells, [['\u0001a', 'b"'], ['"c', 'd']]); // prettier-ignore
  // A quote inside a cell is a sign like any other.
  assert.deepEqual(short('a"b,c"\n'), [[1, 'a"b', 'c"']]);
  assert.deepEqual(
    all('a\n\n""\n').map(({ blank }) => blank),
    [false, true, false],
  );
});

test('a text tells whether it ended with its last record', () => {
  for (const [text, ended] of [
    ['a', true],
    ['a,b\n1,2', true],
    ['a\n', false],
    ['a\r', false],
    ['a\r\n', false],
    ['"a"', true],
    ['a\n\n', false],
  ] as const) {
    const scanner = scan(text, marks, defaultLimits, 'a.csv');
    while (scanner.next() > 0) if (scanner.position() < text.length) assert.equal(scanner.atEnd(), false, text);
    assert.equal(scanner.atEnd(), ended, JSON.stringify(text));
  }
});

test('a part is read to its last record that is whole, with the lines of the file', () => {
  const parts: readonly (readonly [string, readonly (readonly (string | number)[])[], number, number])[] = [
    [
      'a,b\n1,2\n3',
      [
        [7, 'a', 'b'],
        [8, '1', '2'],
      ],
      8,
      9,
    ],
    // A line end that may be half of one is kept for the next part.
    ['a,b\n1,2\n', [[7, 'a', 'b']], 4, 8],
    ['a\r\nb\r', [[7, 'a']], 3, 8],
    [
      'a\nb\nc',
      [
        [7, 'a'],
        [8, 'b'],
      ],
      4,
      9,
    ],
    ['a\n"b\nc', [[7, 'a']], 2, 8],
    ['a\n"b\nc"', [[7, 'a']], 2, 8],
    ['a\n"b\nc",', [[7, 'a']], 2, 8],
    [
      'a\n"b\nc",d\nx',
      [
        [7, 'a'],
        [8, 'b\nc', 'd'],
      ],
      10,
      10,
    ],
    ['a', [], 0, 7],
    ['"', [], 0, 7],
    ['', [], 0, 7],
  ];
  for (const [text, records, position, nextLine] of parts) {
    const scanner = scan(text, marks, defaultLimits, 'a.csv', { firstLine: 7, goesOn: true });
    const found: unknown[] = [];
    let last = scanner.next();
    for (; last > 0; last = scanner.next())
      found.push([
        scanner.line(),
        ...scanner.starts.map((start, index) => cellAt(text, start, scanner.ends[index] ?? NaN, '"')),
      ]);
    assert.deepEqual(
      [found, scanner.position(), scanner.nextLine()],
      [records, position, nextLine],
      JSON.stringify(text),
    );
    assert.equal(last, text === '' ? 0 : -1);
    // Asked again it stays where it is.
    assert.deepEqual([scanner.next(), scanner.position(), scanner.nextLine()], [last, position, nextLine]);
  }
  assert.deepEqual(
    all('a\nb', { firstLine: 5, goesOn: false }).map(({ line }) => line),
    [5, 6],
  );
});

test('a misplaced quote is told with its line', () => {
  assert.match(refusal(() => all('a\n"b\nc')).message, /^a\.csv, line 2: the quote opened here is never closed/);
  assert.match(refusal(() => all('a\n"b\n\nc"x\n')).message, /^a\.csv, line 4: text follows a closing quote/);
  assert.match(refusal(() => all('"a" ,b\n')).message, /^a\.csv, line 1: text follows a closing quote/);
  assert.match(refusal(() => all('"a"x\ny', { firstLine: 9, goesOn: true })).message, /^a\.csv, line 9: text follows/);
  for (const end of ['', '\n', '\r', ',']) assert.equal(all(`"a"${end}`)[0]?.cells[0], 'a');
});

test('each limit is kept to the letter', () => {
  assert.equal(all('12345,1\n', undefined, { cell: 5 }).length, 1);
  const cell = refusal(() => all('1\n123456,1\n', undefined, { cell: 5 }));
  assert.deepEqual(
    [cell.code, cell.message],
    [
      'too-large',
      'a.csv, line 2: a cell has 6 characters; the limit is 5. Is the separator or the quote another one? Set data.csv.',
    ],
  );
  assert.equal(all('"123"\n', undefined, { cell: 5 }).length, 1);
  assert.match(refusal(() => all('"1234"\n', undefined, { cell: 5 })).message, /a cell has 6 characters/);
  assert.equal(all('1,2,3\n', undefined, { columns: 3 }).length, 1);
  assert.match(
    refusal(() => all('1,2,3\n1,2,3,4\n', undefined, { columns: 3 })).message,
    /^a\.csv, line 2: there are more than 3 columns/,
  );
  assert.equal(all('1,2,3\n1,2,3', undefined, { line: 5 }).length, 2);
  assert.match(
    refusal(() => all('1,2,3\n1,2,34\n', undefined, { line: 5 })).message,
    /^a\.csv, line 2: a record has 6 characters; the limit is 5/,
  );
});
