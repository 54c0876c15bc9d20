import { strict as assert } from 'node:assert';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../../../src/data/error.ts';
import { readHeader, readTable, streamTable } from '../../../src/data/read.ts';
import type { Header, Table } from '../../../src/data/table.ts';
import { labelsOf, numbersOf } from '../../../src/data/values.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jsonl-'));
});
after(async () => rm(folder, { recursive: true, force: true }));

async function file(text: string): Promise<{ path: string; name: string; bytes: number }> {
  const path = join(folder, 'a.jsonl');
  await writeFile(path, text);
  return { path, name: 'a.jsonl', bytes: (await stat(path)).size };
}

const read = async (text: string): Promise<Table> => readTable(await file(text));
const head = async (text: string): Promise<Header> => readHeader(await file(text));
const fails = async (text: string, code: string, pattern: RegExp): Promise<void> =>
  assert.rejects(
    read(text),
    (error) => error instanceof DataError && error.code === code && pattern.test(error.message),
  );

test('keys of all lines in order; absent and null are missing; nested numbers are wide columns', async () => {
  const table = await read(
    '{"b":1,"a":"x"}\n\n{"图":[[1,2],[3,null]],"b":null}\r\n{"a":2,"b":-1.5,"图":[[5,6],[7,8]]}',
  );
  assert.deepEqual([...table.columns.keys()], ['b', 'a', '图']);
  assert.equal(table.rows, 3);
  const kinds = { numbers: 1, texts: 1, others: 0 };
  assert.deepEqual(table.columns.get('a'), { kind: 'text', cells: ['x', null, '2'], kinds });
  const b = table.columns.get('b');
  assert.ok(b?.kind === 'number');
  assert.deepEqual([...b.values], [1, NaN, -1.5]);
  const wide = table.columns.get('图');
  assert.ok(wide?.kind === 'number');
  assert.deepEqual(
    [wide.shape, [...wide.values]],
    [
      [2, 2],
      [NaN, NaN, NaN, NaN, 1, 2, 3, NaN, 5, 6, 7, 8],
    ],
  );
  assert.deepEqual([table.lineOf(0), table.lineOf(1), table.lineOf(2)], [1, 3, 4]);
});

test('mixed, ragged and nested values keep their JSON; booleans are words', async () => {
  const table = await read('{"r":[1],"o":{"x":1},"t":true,"e":[]}\n{"r":[1,2],"o":null,"t":false,"e":[]}\n');
  const kinds = { numbers: 0, texts: 0, others: 2 };
  assert.deepEqual(table.columns.get('r'), { kind: 'text', cells: ['[1]', '[1,2]'], kinds });
  assert.deepEqual(table.columns.get('o'), { kind: 'text', cells: ['{"x":1}', null], kinds: { ...kinds, others: 1 } });
  assert.deepEqual(table.columns.get('t'), { kind: 'text', cells: ['true', 'false'], kinds });
  assert.deepEqual(table.columns.get('e'), { kind: 'text', cells: ['[]', '[]'], kinds });
});

test('integers keep all their digits, whatever stands around them', async () => {
  const large = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
  await fc.assert(
    fc.asyncProperty(fc.array(large, { minLength: 1, maxLength: 6 }), async (ids) => {
      const note = '"12345678901234567890 \\" {9007199254740993}"';
      const table = await read(ids.map((id) => `{"a": ${note}, "id" :${id}, "v": [${id}, 1]}`).join('\n'));
      const column = table.columns.get('id');
      const exact = ids.map(String);
      if (ids.every((id) => Number.isSafeInteger(Number(id))))
        assert.deepEqual(column?.kind === 'number' ? [...column.values] : undefined, ids.map(Number));
      else {
        assert.deepEqual(column?.kind === 'text' ? column.cells : undefined, exact);
        assert.deepEqual(column?.kind === 'text' ? column.kinds : undefined, {
          numbers: ids.length,
          texts: 0,
          others: 0,
        });
      }
      assert.deepEqual(labelsOf(table, 'id'), exact);
      assert.deepEqual([...numbersOf(table, 'id').values], ids.map(Number));
      assert.deepEqual(labelsOf(table, 'a')[0], '12345678901234567890 " {9007199254740993}');
      const list = table.columns.get('v');
      assert.deepEqual(
        list?.kind === 'number' ? [...list.values] : undefined,
        ids.flatMap((id) => [Number(id), 1]),
      );
    }),
  );
});

test('numbers of many digits that are no integers are numbers; integers behind lists and objects keep their digits', async () => {
  const table = await read(
    [
      '{"part": 0.12345678901234567, "large": 12345678901234567.5, "power": 1e+0000000000000002, "list": [1], "id": 9007199254740993}',
      '{"part": -0.5, "large": 1, "power": 1, "list": [2], "id": 9007199254740995}',
    ].join('\n'),
  );
  const values = (name: string): readonly number[] => [...numbersOf(table, name).values];
  assert.deepEqual(values('part'), [0.12345678901234567, -0.5]);
  assert.deepEqual(values('large'), [12345678901234568, 1]);
  assert.deepEqual(values('power'), [100, 1]);
  assert.deepEqual(labelsOf(table, 'id'), ['9007199254740993', '9007199254740995']);
});

test('any strings come back under any keys', async () => {
  const record = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }).map((key) => key.normalize('NFC')),
    fc.string({ maxLength: 8 }),
    { minKeys: 1, maxKeys: 4 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 6 }), async (records) => {
      const table = await read(records.map((row) => JSON.stringify(row)).join('\n'));
      for (const [row, values] of records.entries()) {
        for (const [key, value] of Object.entries(values)) {
          const column = table.columns.get(key);
          assert.ok(column?.kind === 'text');
          assert.equal(column.cells[row], value);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('hostile keys are names; the header says when more may follow', async () => {
  const table = await read('{"__proto__":1,"constructor":2}\n');
  assert.deepEqual([...table.columns.keys()], ['__proto__', 'constructor']);
  const short = await head('{"a":1,"b":[1,2],"c":"x"}\n');
  assert.deepEqual(short, {
    file: 'a.jsonl',
    format: 'jsonl',
    columns: [
      { name: 'a', shape: [], dtype: 'json' },
      { name: 'b', shape: [2], dtype: 'json' },
      { name: 'c', shape: [], dtype: 'text' },
    ],
    complete: true,
  });
  const long = await head('{"a":1}\n'.repeat(20_000) + '{"b":1}\n');
  assert.deepEqual([long.columns.map((column) => column.name), long.complete], [['a'], false]);
});

test('a first line longer than the first look is read to its end, but for a glance', async () => {
  const list = (row: number): string => JSON.stringify(Array.from({ length: 12_000 }, (_, index) => row + index / 7));
  const text = Array.from({ length: 3 }, (_, row) => `{"x": ${list(row)}, "y": ${row}}\n`).join('\n');
  const source = await file(text);
  const whole = await readHeader(source);
  assert.deepEqual(whole.columns, [
    { name: 'x', shape: [12_000], dtype: 'json' },
    { name: 'y', shape: [], dtype: 'json' },
  ]);
  assert.equal(whole.complete, false);
  const glance = await readHeader(source, { glance: true });
  assert.deepEqual([glance.columns, glance.complete], [[], false]);
  await assert.rejects(
    readHeader(source, { limits: { line: 100_000 } }),
    (error) => error instanceof DataError && error.code === 'too-large',
  );
  assert.equal((await head(`\n\n{"a": [${'1,'.repeat(50_000)}1]}`)).columns[0]?.shape[0], 50_001);
});

test('errors name the line', async () => {
  await fails('{"a":1}\n{"a":', 'jsonl-line', /line 2 is not valid JSON/);
  await fails('[1,2]\n', 'jsonl-line', /line 1 is no object/);
  await fails('\n\n', 'empty', /empty/);
  await fails(`{"a":${'['.repeat(30)}${']'.repeat(30)}}`, 'too-large', /nested too deeply/);
});

test('errors say file, row and column besides', async () => {
  const details = async (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'fine',
      (error: unknown) => error instanceof DataError && [error.code, error.file, error.row, error.column],
    );
  const rows = '\n{"a":1}\n\n{"a":2}\n';
  for (const wrong of ['{"a":', '5', 'null', '"x"', '[{"a":1}]']) {
    assert.deepEqual(await details(read(rows + wrong)), ['jsonl-line', 'a.jsonl', 2, undefined], wrong);
    const parts = streamTable(await file(rows + wrong), { limits: { partBytes: 8 } }, () => undefined);
    assert.deepEqual(await details(parts), ['jsonl-line', 'a.jsonl', 2, undefined], `${wrong} in parts`);
  }
  const deep = await file('{"a":1}\n{"b":[[[1]]]}');
  assert.deepEqual(await details(readTable(deep, { limits: { depth: 2 } })), ['too-large', 'a.jsonl', undefined, 'b']);
});

test('each limit is kept to the letter, and the line is named', async () => {
  const limited = async (text: string, limits: object): Promise<Table> => readTable(await file(text), { limits });
  const refusal = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'fine',
      (error: unknown) => (error instanceof DataError ? `${error.code} ${error.message}` : String(error)),
    );
  assert.equal(await refusal(limited('{"a":12}\n{"a":1}', { line: 8 })), 'fine');
  assert.equal(
    await refusal(limited('{"a":1}\n{"a":123}', { line: 8 })),
    'too-large a.jsonl, line 2 has 9 characters; the limit is 8.',
  );
  assert.equal(await refusal(limited('{"a":1,"b":2}\n{"a":1}', { columns: 2 })), 'fine');
  assert.equal(
    await refusal(limited('{"a":1}\n{"b":1,"c":2}', { columns: 2 })),
    'too-large a.jsonl, line 2: there are more than 2 keys.',
  );
  assert.equal(await refusal(limited('{"a":[[1]]}', { depth: 2 })), 'fine');
  assert.equal(
    await refusal(limited('{"a":1}\n{"a":[[[1]]]}', { depth: 2 })),
    'too-large a.jsonl, line 2: “a” is nested too deeply.',
  );
  assert.equal(await refusal(limited('{"a":{"b":{"c":1}}}', { depth: 2 })), 'fine');
  assert.equal(
    await refusal(limited('{"a":{"b":{"c":{}}}}', { depth: 2 })),
    'too-large a.jsonl, line 1: “a” is nested too deeply.',
  );
  assert.equal(await refusal(limited('{"a":null}', { depth: 0 })), 'fine');
  // The same where the file is read in parts; all its keys count together.
  const streamed = async (text: string, limits: object): Promise<string> =>
    refusal(streamTable(await file(text), { limits: { partBytes: 4, ...limits } }, () => undefined));
  assert.equal(await streamed('{"a":1}\n{"b":1}\n{"a":1}', { columns: 2 }), 'fine');
  assert.equal(
    await streamed('{"a":1}\n{"b":1}\n{"c":1}', { columns: 2 }),
    'too-large a.jsonl: there are more than 2 keys.',
  );
  assert.equal(await streamed('{"a":12}\n{"a":1}', { line: 8 }), 'fine');
  assert.match(await streamed('{"a":1}\n{"a":1234567890}', { line: 8 }), /^too-large a\.jsonl, line 2 has/);
  assert.equal(await streamed('\n\n', {}), 'empty a.jsonl is empty.');
});

test('a line as long as the limit is one line, wherever the parts of its file end', async () => {
  for (const partBytes of [1, 2, 4, 8, 100]) {
    const found = await streamTable(
      await file('{"a":12}\n{"a":34}\n{"a":5}'),
      { limits: { line: 8, partBytes } },
      () => undefined,
    );
    assert.deepEqual([found.rows, found.lineOf(0), found.lineOf(1), found.lineOf(2)], [3, 1, 2, 3], String(partBytes));
  }
});

test('the parts of a file know their rows and lines, and have the columns asked for', async () => {
  const text = '{"a":1,"b":"x"}\n\n{"a":2}\n{"a":3,"b":"y"}\n{"c":[1]}';
  const parts: unknown[] = [];
  const found = await streamTable(
    await file(text),
    { columns: new Set(['a', 'b']), limits: { partBytes: 3 } },
    (part) => {
      parts.push([
        part.file,
        part.format,
        part.firstRow,
        part.rows,
        part.lineOf(0),
        [...part.columns].map(([key, column]) => [key, column.kind === 'text' ? column.cells : [...column.values]]),
      ]);
    },
  );
  assert.deepEqual(parts, [
    [
      'a.jsonl',
      'jsonl',
      0,
      1,
      1,
      [
        ['a', [1]],
        ['b', ['x']],
      ],
    ],
    [
      'a.jsonl',
      'jsonl',
      1,
      1,
      3,
      [
        ['a', [2]],
        ['b', [null]],
      ],
    ],
    [
      'a.jsonl',
      'jsonl',
      2,
      1,
      4,
      [
        ['a', [3]],
        ['b', ['y']],
      ],
    ],
    [
      'a.jsonl',
      'jsonl',
      3,
      1,
      5,
      [
        ['a', [NaN]],
        ['b', [null]],
      ],
    ],
  ]);
  assert.deepEqual([found.rows, [0, 1, 2, 3].map((row) => found.lineOf(row))], [4, [1, 3, 4, 5]]);
  const table = await read(text);
  assert.deepEqual(
    [table.file, table.format, table.rows, [0, 1, 2, 3].map((row) => table.lineOf(row))],
    ['a.jsonl', 'jsonl', 4, [1, 3, 4, 5]],
  );
});

test('shapes of lists: all rows alike, with nulls for what is missing, or text', async () => {
  const column = async (...values: readonly unknown[]): Promise<unknown> => {
    const found = (await read(values.map((value) => JSON.stringify({ a: value })).join('\n'))).columns.get('a');
    return found?.kind === 'number' ? [found.dtype, found.shape, found.width, [...found.values]] : found?.cells;
  };
  assert.deepEqual(await column(1, null, 2.5), ['json', [], 1, [1, NaN, 2.5]]);
  assert.deepEqual(await column([1, 2], null, [3, null]), ['json', [2], 2, [1, 2, NaN, NaN, 3, NaN]]);
  assert.deepEqual(
    await column(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [7, 8, 9],
        [10, 11, 12],
      ],
    ),
    ['json', [2, 3], 6, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  );
  assert.deepEqual(await column([[1, 2]]), ['json', [1, 2], 2, [1, 2]]);
  assert.deepEqual(await column([[[1]], [[2]]]), ['json', [2, 1, 1], 2, [1, 2]]);
  assert.deepEqual(await column([1, 2], [3]), ['[1,2]', '[3]']);
  assert.deepEqual(await column([1, 2], [3, 'x']), ['[1,2]', '[3,"x"]']);
  assert.deepEqual(await column([1], 2), ['[1]', '2']);
  assert.deepEqual(await column(2, [1]), ['2', '[1]']);
  assert.deepEqual(await column([[1], [2]], [1, 2]), ['[[1],[2]]', '[1,2]']);
  assert.deepEqual(await column({ b: 1 }, true), ['{"b":1}', 'true']);
  assert.deepEqual(await column(null, null), [null, null]);
  assert.deepEqual(await column([], []), ['[]', '[]']);
});

test('lines of spaces alone are no rows, and spaces around an object are nothing', async () => {
  const table = await read('  \n{"a":1}\r\n \t \r\n  {"a":2}  \n\r\n{"a":3}\n   ');
  const column = table.columns.get('a');
  assert.deepEqual(column?.kind === 'number' ? [...column.values] : undefined, [1, 2, 3]);
  assert.deepEqual([0, 1, 2].map((row) => table.lineOf(row)), [2, 4, 6]); // prettier-ignore
});
