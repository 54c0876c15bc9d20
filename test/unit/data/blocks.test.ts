/** Files read in parts are the files read whole: the same rows, types, texts, lines and errors, wherever the parts end. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { lineIndex } from '../../../src/data/blocks.ts';
import { DataError } from '../../../src/data/error.ts';
import { readTable, streamTable } from '../../../src/data/read.ts';
import type { ReadOptions } from '../../../src/data/options.ts';
import type { SourceFile } from '../../../src/data/paths.ts';
import type { Column, Table } from '../../../src/data/table.ts';

const folder = mkdtempSync(join(tmpdir(), 'blocks-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function fileOf(extension: string, content: string | Uint8Array): SourceFile {
  const name = `${files++}${extension}`;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  writeFileSync(join(folder, name), bytes);
  return { path: join(folder, name), name, bytes: bytes.length };
}

/** A column as plain values, one list a row. */
function valuesOf(column: Column, rows: number): unknown[] {
  if (column.kind === 'text') return Array.from({ length: rows }, (_, row) => column.cells[row] ?? null);
  const { values, width } = column;
  return Array.from({ length: rows }, (_, row) => [...values.slice(row * width, (row + 1) * width)]);
}

interface Plain {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, { readonly kind: string; readonly shape: string; readonly values: unknown[] }>;
  readonly lines: readonly (number | undefined)[];
}

function plainOf(table: Table): Plain {
  const columns = new Map(
    [...table.columns].map(([name, column]) => [name, { ...kindOf(column), values: valuesOf(column, table.rows) }]),
  );
  return { rows: table.rows, columns, lines: Array.from({ length: table.rows }, (_, row) => table.lineOf(row)) };
}

function kindOf(column: Column): { readonly kind: string; readonly shape: string } {
  return column.kind === 'text'
    ? { kind: 'text', shape: '' }
    : { kind: column.dtype, shape: `${column.values.constructor.name} ${column.shape.join('x')}` };
}

async function streamed(file: SourceFile, options: ReadOptions): Promise<Plain> {
  const columns = new Map<string, { kind: string; shape: string; values: unknown[] }>();
  const found = await streamTable(file, options, (table) => {
    for (const [name, column] of table.columns) {
      const known = columns.get(name);
      const values = valuesOf(column, table.rows);
      assert.equal(table.firstRow, known?.values.length ?? 0);
      if (known === undefined) columns.set(name, { ...kindOf(column), values });
      else {
        assert.deepEqual(kindOf(column), { kind: known.kind, shape: known.shape });
        known.values.push(...values);
      }
    }
  });
  return { rows: found.rows, columns, lines: Array.from({ length: found.rows }, (_, row) => found.lineOf(row)) };
}

async function same(file: SourceFile, options: ReadOptions, partBytes: number): Promise<void> {
  const whole = await readTable(file, options).then(plainOf, (error: unknown) => error);
  const parts = await streamed(file, { ...options, limits: { ...options.limits, partBytes } }).catch(
    (error: unknown) => error,
  );
  if (whole instanceof DataError) {
    assert.ok(parts instanceof DataError, String(parts));
    assert.deepEqual([parts.code, parts.row], [whole.code, whole.row]);
    // How long a record is that is too long is not known where its end has not been read.
    if (whole.code !== 'too-large') assert.equal(parts.message, whole.message);
    return;
  }
  // Any other error is a fault of the reader, though both readers had the same.
  assert.ok(!(whole instanceof Error), String(whole));
  assert.deepEqual(parts, whole);
}

const partSizes = fc.integer({ min: 1, max: 40 });
const cell = fc.oneof(
  fc.constantFrom('', '1', '-2.5', 'NA', '红', '"a,b"', '"say ""hi"""', '"two\nlines"', '"cr\r\nlf"', 'é'),
  fc.string({ maxLength: 5 }).map((text) => text.replace(/[",\n\r\0]/g, 'x')),
);

describe('parts of a file', () => {
  test('CSV: any cells, line ends and places of the cuts', async () => {
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    const text = fc.integer({ min: 1, max: 4 }).chain((width) =>
      fc
        .tuple(
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
          lineEnd,
        )
        .map(([rows, end]) => {
          const names = Array.from({ length: width }, (_, index) => `c${index}`);
          return [names, ...rows].map((row) => row.join(',')).join(end);
        }),
    );
    await fc.assert(
      fc.asyncProperty(text, partSizes, fc.boolean(), async (content, partBytes, small) => {
        const limits = small ? { headerBytes: 8 } : {};
        const csv = { separator: ',', header: true, decimal: '.' } as const;
        await same(fileOf('.csv', content), { csv: small ? csv : { ...csv }, limits }, partBytes);
      }),
      { numRuns: 300 },
    );
  });

  test('CSV: what is wrong is said of the same line', async () => {
    for (const content of ['a,b\n1,2\n3\n', 'a,b\n1,"2\n3,4\n', 'a,b\n1,"2"x\n', '', '\n\n', 'a,a\n1,2\n'])
      for (const partBytes of [1, 3, 64]) await same(fileOf('.csv', content), {}, partBytes);
    const long = `a,b\n1,${'x'.repeat(300)}\n`;
    for (const partBytes of [7, 64, 1000]) await same(fileOf('.csv', long), { limits: { line: 100 } }, partBytes);
  });

  test('CSV: encodings are found as for the whole file', async () => {
    const utf16 = Buffer.from('\ufeffa,b\n1,红\n', 'utf16le');
    const gb18030 = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xba, 0xec, 0xc9, 0xab]), Buffer.from('\n')]);
    const latin = Buffer.from('a,b\n1,Köln und München\n', 'latin1');
    const marked = Buffer.from('\ufeffa,b\n1,2\n');
    for (const content of [utf16, gb18030, latin, marked, Buffer.from('a,b\n1,\0\n')])
      for (const partBytes of [1, 2, 5, 64]) await same(fileOf('.csv', content), {}, partBytes);
  });

  test('JSON Lines: the type of a column is that of all its rows', async () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(null, 1, -2.5, 1e21, 'red', '1', true, [1, 2], [3, null], [1, 2, 3], [[1], [2]], []),
      fc.double(),
    );
    const line = fc.dictionary(fc.constantFrom('a', 'b', 'é'), value, { maxKeys: 3 });
    const text = fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\n\n'))
      .map(([lines, end]) => lines.map((entry) => JSON.stringify(entry)).join(end));
    await fc.assert(
      fc.asyncProperty(text, partSizes, async (content, partBytes) => {
        await same(fileOf('.jsonl', content), {}, partBytes);
      }),
      { numRuns: 200 },
    );
    for (const content of ['{"a":1}\n[2]\n', '{"a":1}\n{"a":', '{"a":1}\n\nx\n'])
      for (const partBytes of [1, 5, 64]) await same(fileOf('.jsonl', content), {}, partBytes);
    await same(fileOf('.jsonl', `{"a":"${'x'.repeat(90)}"}\n{"a":1}\n`), { limits: { line: 50 } }, 16);
  });

  test('NPZ: stored and deflated arrays of all types', async () => {
    const big = BigInt(Number.MAX_SAFE_INTEGER) + 5n;
    const arrays: readonly (readonly [string, string, readonly number[], ArrayBufferView])[] = [
      ['bytes', '|u1', [5, 2, 3], Uint8Array.from({ length: 30 }, (_, index) => index * 8)],
      ['floats', '<f4', [5], Float32Array.of(1, NaN, 3, 4, 5)],
      ['doubles', '<f8', [5, 2], Float64Array.from({ length: 10 }, (_, index) => index / 3)],
      ['halves', '<f2', [5], Uint16Array.of(0, 0x3c00, 0x7e00, 0xbc00, 1)],
      ['ids', '<i8', [5], BigInt64Array.of(1n, 2n, 3n, big, 5n)],
      ['few', '<i8', [5], BigInt64Array.of(1n, 2n, 3n, 4n, 5n)],
      ['swapped', '>i2', [5], Uint8Array.of(0, 1, 0, 2, 0, 3, 0, 4, 255, 255)],
      ['words', '<U2', [5], Uint32Array.of(97, 0, 98, 99, 0, 0, 0x7ea2, 0, 100, 101)],
    ];
    const members = Object.fromEntries(
      arrays.map(([name, type, shape, data]) => [`${name}.npy`, npyOf(type, shape, data)]),
    );
    for (const level of [0, 6] as const) {
      const file = fileOf('.npz', zipSync(members, { level }));
      for (const partBytes of [1, 16, 17, 4096]) await same(file, {}, partBytes);
      await same(file, { columns: new Set(['floats', 'bytes']) }, 8);
      await same(file, { columns: new Set(['none']) }, 8);
    }
  });

  test('NPZ: an array column by column is refused with what to do', async () => {
    const file = fileOf('.npz', zipSync({ 'a.npy': npyOf('<f4', [2, 2], Float32Array.of(1, 2, 3, 4), true) }));
    await assert.rejects(
      streamed(file, {}),
      (error) => error instanceof DataError && error.code === 'shape' && /ascontiguousarray/.test(error.message),
    );
  });
});

test('a line index keeps the lines of all rows', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 40 }), (steps) => {
      const index = lineIndex();
      let line = 1;
      const lines = steps.map((step) => (line += step));
      lines.forEach((value, row) => index.add(row, value));
      assert.deepEqual(
        lines.map((_, row) => index.lineOf(row)),
        lines,
      );
    }),
  );
  assert.equal(lineIndex().lineOf(0), undefined);
});

function npyOf(type: string, shape: readonly number[], data: ArrayBufferView, fortran = false): Uint8Array {
  const order = fortran ? 'True' : 'False';
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')},), }\n`;
  const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const bytes = new Uint8Array(10 + header.length + content.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(content, 10 + header.length);
  return bytes;
}
