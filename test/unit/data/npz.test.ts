import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { DataError } from '../../../src/data/error.ts';
import { readHeader, readTable } from '../../../src/data/formats.ts';
import type { SourceFile } from '../../../src/data/paths.ts';

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
  const bytes = await readFile(bomb.path);
  const lie = npy(header('(50,)'), new Uint8Array(50)).length;
  const lying = Buffer.from(zipSync({ 'a.npy': npy(header('(50,)'), new Uint8Array(30_000_000)) }));
  const central = lying.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  lying.writeUInt32LE(lie, central + 24);
  await writeFile(join(folder, 'lying.npz'), lying);
  assert.equal(await code(readTable(await fileAt(join(folder, 'lying.npz')))), 'zip');
  assert.ok(bytes.length > 0);
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
