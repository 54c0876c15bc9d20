import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { DataError } from '../../../src/data/error.ts';
import { readHeader, readTable, streamTable } from '../../../src/data/read.ts';
import type { SourceFile } from '../../../src/data/paths.ts';
import { filesOf } from './handles.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/data/', import.meta.url));
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npz-'));
});
after(async () => rm(folder, { recursive: true, force: true }));

async function fileAt(path: string): Promise<SourceFile> {
  return { path, name: path.split('/').at(-1) ?? path, bytes: (await stat(path)).size };
}

/** An NPY array: header text as given, then the data. */
function npy(header: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(data, 10 + header.length);
  return bytes;
}

const header = (shape: string, descr = '|u1'): string =>
  `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;

async function archive(name: string, members: Record<string, Uint8Array>): Promise<SourceFile> {
  const path = join(folder, name);
  await writeFile(path, zipSync(members));
  return fileAt(path);
}

async function code(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DataError, `expected a DataError, got ${String(error)}`);
  assert.ok(error.message.length > 20 && !error.message.includes(folder), error.message);
  return error.code;
}

test('arrays of every type, order and shape read as numpy reads them', async () => {
  const expected = JSON.parse(await readFile(join(fixtures, 'arrays.json'), 'utf8')) as Record<
    string,
    { shape: number[]; values: (number | string | null)[] }
  >;
  for (const name of ['arrays.npz', 'arrays-compressed.npz']) {
    const file = await fileAt(join(fixtures, name));
    const table = await readTable(file);
    assert.equal(table.rows, 5);
    assert.deepEqual([...table.columns.keys()].sort(), Object.keys(expected).sort());
    for (const [column, { shape, values }] of Object.entries(expected)) {
      const read = table.columns.get(column);
      assert.ok(read);
      if (read.kind === 'text') assert.deepEqual(read.cells, values, column);
      else {
        assert.deepEqual([table.rows, ...read.shape], shape, column);
        assert.deepEqual(
          Array.from(read.values, (value) => (Number.isNaN(value) ? null : value)),
          values,
          column,
        );
      }
    }
    const head = await readHeader(file);
    assert.equal(head.rows, 5);
    assert.deepEqual(
      head.columns.find((column) => column.name === 'fortran'),
      { name: 'fortran', shape: [2, 3], dtype: 'float32' },
    );
    assert.equal(head.columns.find((column) => column.name === '标签')?.dtype, 'text');
  }
});

test('only the arrays asked for are read; a missing one is named', async () => {
  const file = await fileAt(join(fixtures, 'objects.npz'));
  assert.deepEqual([...(await readTable(file, { columns: new Set(['fine']) })).columns.keys()], ['fine']);
  assert.equal(await code(readTable(file, { columns: new Set(['nope']) })), 'unknown-column');
});

test('Python objects are refused; the header only names them', async () => {
  const file = await fileAt(join(fixtures, 'objects.npz'));
  assert.equal(await code(readTable(file)), 'object-array');
  const { columns } = await readHeader(file);
  assert.deepEqual(
    columns.map(({ name, dtype }) => [name, dtype]),
    [
      ['fine', 'int64'],
      ['things', 'object'],
    ],
  );
});

test('a member name is a name: never a path', async () => {
  const file = await archive('names.npz', {
    '../../escape.npy': npy(header('(2,)'), new Uint8Array([1, 2])),
    '__proto__.npy': npy(header('(2,)'), new Uint8Array([3, 4])),
    'C:\\x\\constructor.npy': npy(header('(2,)'), new Uint8Array([5, 6])),
  });
  const table = await readTable(file);
  assert.deepEqual([...table.columns.keys()], ['../../escape', '__proto__', 'C:\\x\\constructor']);
});

test('what an archive promises and what it holds must agree, before memory is taken', async () => {
  const file = await archive('promise.npz', { 'a.npy': npy(header('(100000000000,)'), new Uint8Array(4)) });
  assert.equal(await code(readTable(file)), 'too-large');
  const short = await archive('short.npz', { 'a.npy': npy(header('(100,)'), new Uint8Array(4)) });
  assert.equal(await code(readTable(short)), 'npy');
  const uneven = await archive('uneven.npz', {
    'a.npy': npy(header('(2,)'), new Uint8Array(2)),
    'b.npy': npy(header('(3,)'), new Uint8Array(3)),
  });
  assert.equal(await code(readTable(uneven)), 'shape');
});

test('a bomb ends at its declared size; budgets and member counts are kept', async () => {
  const bomb = await archive('bomb.npz', { 'a.npy': npy(header('(30000000,)'), new Uint8Array(30_000_000)) });
  assert.ok(bomb.bytes < 100_000);
  assert.equal(await code(readTable(bomb, { limits: { arrayBytes: 1_000_000 } })), 'too-large');
  assert.equal(await code(readTable(bomb, { limits: { archiveBytes: 1_000_000 } })), 'too-large');
  // A directory that lies: both size fields say 150 bytes, the stream holds 30 MB.
  const lie = npy(header('(50,)'), new Uint8Array(50)).length;
  const lying = Buffer.from(zipSync({ 'a.npy': npy(header('(50,)'), new Uint8Array(30_000_000)) }));
  const central = lying.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  lying.writeUInt32LE(lie, central + 24);
  await writeFile(join(folder, 'lying.npz'), lying);
  assert.equal(await code(readTable(await fileAt(join(folder, 'lying.npz')))), 'zip');
  const many = await archive(
    'many.npz',
    Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}.npy`, npy(header('(1,)'), new Uint8Array(1))])),
  );
  assert.equal(await code(readTable(many)), 'too-large');
  assert.equal(await code(readHeader(many)), 'too-large');
});

test('headers outside the grammar are refused, whatever they hold', async () => {
  const headers = [
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'x': __import__('os')}",
    "{'descr': '|u1', 'fortran_order': False}",
    "{'descr': '|u1', 'fortran_order': maybe, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1e3,)}",
    "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
    '',
    'import os',
  ];
  for (const [index, text] of headers.entries()) {
    const file = await archive(`bad-${index}.npz`, { 'a.npy': npy(text, new Uint8Array(1)) });
    assert.equal(await code(readTable(file)), 'npy', text);
  }
});

test('damage of any byte is an error or harmless, never a crash', async () => {
  const whole = await readFile(join(fixtures, 'arrays-compressed.npz'));
  const path = join(folder, 'damaged.npz');
  for (let at = 0; at < whole.length; at += 41) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    await writeFile(path, bytes);
    const error: unknown = await readTable(await fileAt(path)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error === undefined || error instanceof DataError, `byte ${at}: ${String(error)}`);
  }
  for (const length of [0, 10, 100, whole.length - 10]) {
    await writeFile(path, whole.subarray(0, length));
    assert.equal(await code(readTable(await fileAt(path))), 'zip');
  }
});

async function refusal(promise: Promise<unknown>): Promise<DataError> {
  const error: unknown = await promise.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DataError, String(error));
  return error;
}

test('the header lists the arrays that are columns, and no others', async () => {
  const file = await archive('mixed.npz', {
    'note.txt': new TextEncoder().encode('not an array'),
    'scale.npy': npy(header('()', '<f8'), new Uint8Array(8)),
    'cafe\u0301.npy': npy(header('(2, 3)'), new Uint8Array(6)),
    'words.npy': npy(header('(2,)', '<U1'), new Uint8Array(8)),
    'bytes.npy': npy(header('(2,)', '|S3'), new Uint8Array(6)),
    'image.npy': npy(header('(2, 4, 5)', '<f4'), new Uint8Array(160)),
  });
  assert.deepEqual(await readHeader(file), {
    file: 'mixed.npz',
    format: 'npz',
    columns: [
      { name: 'caf\u00e9', shape: [3], dtype: 'uint8' },
      { name: 'words', shape: [], dtype: 'text' },
      { name: 'bytes', shape: [], dtype: 'text' },
      { name: 'image', shape: [4, 5], dtype: 'float32' },
    ],
    rows: 2,
    complete: true,
  });
  const table = await readTable(file);
  assert.deepEqual(
    [table.file, table.format, table.rows, table.lineOf(0), [...table.columns.keys()]],
    ['mixed.npz', 'npz', 2, undefined, ['caf\u00e9', 'words', 'bytes', 'image']],
  );
  const objects = await archive('only-objects.npz', { 'a.npy': npy(header('(2,)', '|O'), new Uint8Array(2)) });
  assert.deepEqual(await readHeader(objects), {
    file: 'only-objects.npz',
    format: 'npz',
    columns: [{ name: 'a', shape: [], dtype: 'object' }],
    complete: true,
  });
});

test('an archive without arrays, or without the one asked for, says what it has', async () => {
  const none = await archive('none.npz', { 'a.txt': new Uint8Array(3), 'b.npy.bak': new Uint8Array(3) });
  for (const error of [await refusal(readHeader(none)), await refusal(readTable(none))])
    assert.deepEqual([error.code, error.message], ['empty', 'none.npz holds no arrays (members ending in .npy).']);
  const single = await archive('scalar.npz', { 'a.npy': npy(header('()'), new Uint8Array(1)) });
  assert.equal((await refusal(readTable(single))).code, 'empty');
  assert.equal((await refusal(readHeader(single))).code, 'empty');
  const two = await archive('two.npz', {
    'a.npy': npy(header('(1,)'), new Uint8Array(1)),
    'x.txt': new Uint8Array(1),
    'b.npy': npy(header('(1,)'), new Uint8Array(1)),
  });
  for (const read of [
    () => readTable(two, { columns: new Set(['a', 'c']) }),
    () => streamTable(two, { columns: new Set(['a', 'c']) }, () => undefined),
  ]) {
    const error = await refusal(read());
    assert.deepEqual(
      [error.code, error.column, error.message],
      ['unknown-column', 'c', 'two.npz has no array “c”. It has “a”, “b”.'],
    );
  }
  assert.deepEqual(
    [(await readTable(two, { columns: new Set() })).rows, (await readTable(two, { columns: new Set() })).columns.size],
    [0, 0],
  );
});

test('sizes are held against the limits to the byte, before anything is read', async () => {
  const file = await archive('sizes.npz', {
    'a.npy': npy(header('(10,)', '<f8'), new Uint8Array(80)),
    'b.npy': npy(header('(10,)', '<f4'), new Uint8Array(40)),
  });
  assert.equal((await readTable(file, { limits: { arrayBytes: 80, archiveBytes: 120 } })).rows, 10);
  const MiB = 1024 * 1024;
  const one = await refusal(readTable(file, { limits: { arrayBytes: 79 } }));
  assert.deepEqual(
    [one.code, one.message],
    ['too-large', 'sizes.npz: array “a” would take 0 MB; the limit is 0 MB. Save fewer rows or smaller types.'],
  );
  const both = await refusal(readTable(file, { limits: { archiveBytes: 119 } }));
  assert.match(both.message, /^sizes\.npz: its arrays together would take 0 MB/);
  const large = await archive('promise2.npz', { 'a.npy': npy(header(`(${String(5 * MiB)},)`), new Uint8Array(4)) });
  assert.match(
    (await refusal(readTable(large, { limits: { arrayBytes: 2 * MiB } }))).message,
    /would take 5 MB; the limit is 2 MB/,
  );
  const long = npy(header('(100,)'), new Uint8Array(99));
  const error = await refusal(readTable(await archive('short2.npz', { 'a.npy': long })));
  assert.equal(
    error.message,
    'short2.npz, array “a”: its header promises 100 bytes, the archive 99. Save it again with numpy.savez.',
  );
  const unsafe = await archive('unsafe.npz', {
    'a.npy': npy(header('(999999999999999, 999999999999999)'), new Uint8Array(4)),
  });
  assert.equal((await refusal(readTable(unsafe, { limits: { arrayBytes: Infinity } }))).code, 'too-large');
  const uneven = await archive('uneven2.npz', {
    'a.npy': npy(header('(2,)'), new Uint8Array(2)),
    'b.npy': npy(header('(3,)'), new Uint8Array(3)),
  });
  const different = await refusal(readTable(uneven));
  assert.deepEqual(
    [different.code, different.column, different.message],
    [
      'shape',
      'b',
      'uneven2.npz: “a” has 2 rows and “b” 3. The first axis of every array counts the samples and must be equal.',
    ],
  );
});

test('a long header is found in more of the member; one that is cut short is told', async () => {
  const text = `${header('(2,)').trim()}${' '.repeat(5000)}\n`;
  const long = { 'a.npy': npy(text, Uint8Array.of(5, 6)) };
  for (const [name, level] of [
    ['long-stored.npz', 0],
    ['long.npz', 6],
  ] as const) {
    const path = join(folder, name);
    await writeFile(path, zipSync(long, { level }));
    const column = (await readTable(await fileAt(path))).columns.get('a');
    assert.deepEqual(column?.kind === 'number' ? [...column.values] : undefined, [5, 6]);
  }
  const cut = npy(header('(2,)'), new Uint8Array(2)).subarray(0, 40);
  const error = await refusal(readTable(await archive('cut.npz', { 'a.npy': cut })));
  assert.deepEqual(
    [error.code, error.column, error.message],
    ['npy', 'a', 'cut.npz, array “a”: its header is cut short. Save it again with numpy.savez.'],
  );
});

test('archives are closed again, whether all went well or not', async () => {
  const good = await archive('good.npz', { 'a.npy': npy(header('(2,)'), new Uint8Array(2)) });
  const bad = await archive('bad.npz', { 'a.npy': npy('nonsense', new Uint8Array(2)) });
  for (const file of [good, bad]) {
    assert.deepEqual(await filesOf(async () => readTable(file)), { opened: 1, left: 0 });
    assert.deepEqual(await filesOf(async () => readHeader(file)), { opened: 1, left: 0 });
    assert.deepEqual(await filesOf(async () => streamTable(file, {}, () => undefined)), { opened: 1, left: 0 });
  }
});

test('blocks have as many rows as fit into a part, one at least; an array without rows is a column', async () => {
  const blocks = async (
    shape: string,
    descr: string,
    bytes: number,
    partBytes: number,
  ): Promise<readonly (readonly [number, number])[]> => {
    const file = await archive('blocks.npz', {
      'a.npy': npy(
        header(shape, descr),
        Uint8Array.from({ length: bytes }, (_, index) => index),
      ),
    });
    const found: [number, number][] = [];
    const streamed = await streamTable(file, { limits: { partBytes } }, (table) => {
      found.push([table.firstRow ?? NaN, table.rows]);
      const column = table.columns.get('a');
      assert.deepEqual([table.file, table.format, table.lineOf(0)], ['blocks.npz', 'npz', undefined]);
      if (column?.kind === 'number' && column.dtype === 'uint8' && column.values.length > 0)
        assert.equal(column.values[0], (table.firstRow ?? 0) * column.width);
    });
    assert.equal(
      found.reduce((sum, [, each]) => sum + each, 0),
      streamed.rows,
    );
    assert.equal(streamed.lineOf(0), undefined);
    return found;
  };
  assert.deepEqual(await blocks('(5,)', '|u1', 5, 2), [
    [0, 2],
    [2, 2],
    [4, 1],
  ]);
  assert.deepEqual(await blocks('(5,)', '|u1', 5, 5), [[0, 5]]);
  assert.deepEqual(await blocks('(5,)', '|u1', 5, 100), [[0, 5]]);
  assert.deepEqual(await blocks('(3, 4)', '|u1', 12, 2), [
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
  assert.deepEqual(await blocks('(3, 4)', '|u1', 12, 9), [
    [0, 2],
    [2, 1],
  ]);
  assert.deepEqual(await blocks('(0,)', '|u1', 0, 9), [[0, 0]]);
  assert.deepEqual(await blocks('(3,)', '|S0', 0, 9), [[0, 3]]);
});

test('a row is as long as the limit of a line; longer ones, and Fortran order, are refused with what to do', async () => {
  const read = async (shape: string, limit: number): Promise<DataError | undefined> => {
    const bytes = shape === '(2, 4)' ? 8 : 2 * 3 * 1024 * 1024;
    const file = await archive('rows.npz', { 'a.npy': npy(header(shape), new Uint8Array(bytes)) });
    return streamTable(file, { limits: { line: limit } }, () => undefined).then(
      () => undefined,
      (error: unknown) => (error instanceof DataError ? error : assert.fail(String(error))),
    );
  };
  assert.equal(await read('(2, 4)', 4), undefined);
  const error = await read('(2, 4)', 3);
  assert.deepEqual([error?.code, error?.file, error?.column], ['too-large', 'rows.npz', 'a']);
  const wide = await read(`(2, ${String(3 * 1024 * 1024)})`, 1024 * 1024);
  assert.equal(wide?.message, 'rows.npz: one row of “a” has 3 MB; the limit is 1 MB.');
  const fortran = (shape: string): string => header(shape).replace('False', 'True');
  const single = await archive('one-axis.npz', { 'a.npy': npy(fortran('(2,)'), Uint8Array.of(7, 8)) });
  const rows: number[] = [];
  await streamTable(single, {}, ({ columns }) => {
    const column = columns.get('a');
    if (column?.kind === 'number') rows.push(...column.values);
  });
  assert.deepEqual(rows, [7, 8]);
});
