/** Samples on disk are read by their positions, neighbors at once, whatever their order. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { bytesOf } from '../../../../src/samples/stream/columns.ts';
import { openRecords, type RecordSource } from '../../../../src/samples/stream/records.ts';
import { openScratch, readFully } from '../../../../src/samples/stream/scratch.ts';
import { rowsOf } from '../helpers.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'records-'));
const scratch = openScratch(folder);
after(() => {
  scratch.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function fileOf(...parts: readonly ArrayBufferView[]): number {
  const file = scratch.create();
  for (const part of parts) file.append(bytesOf(part));
  return file.fd;
}

test('samples that are ready come back by position, in any order, twice or not at all', () => {
  const values = Float32Array.from({ length: 60 }, (_, at) => at / 2);
  const whole = Int32Array.from({ length: 60 }, (_, at) => at * 3);
  for (const [dtype, all] of [
    ['float32', values],
    ['int32', whole],
  ] as const) {
    const read = openRecords({ kind: 'ready', fd: fileOf(all), width: 3, dtype });
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 19 }), { maxLength: 30 }), (positions) => {
        const out = dtype === 'float32' ? new Float32Array(positions.length * 3) : new Int32Array(positions.length * 3);
        read(Int32Array.from(positions), out);
        const expected = positions.flatMap((position) => [...all.subarray(position * 3, position * 3 + 3)]);
        assert.deepEqual([...out], expected);
      }),
      { numRuns: 50 },
    );
  }
});

test('neighbors are read at once, far ones apart, and never more than a megabyte', (context) => {
  // Records of 16 KiB: two may lie between, three may not.
  const width = 4096;
  const count = 200;
  const fd = fileOf(Float32Array.from({ length: count * width }, (_, at) => Math.floor(at / width)));
  const read = openRecords({ kind: 'ready', fd, width, dtype: 'float32' });
  const lengths = (positions: Int32Array): readonly (readonly [from: number, records: number])[] => {
    const { mock } = context.mock.method(fs, 'readSync');
    syncBuiltinESMExports();
    const out = new Float32Array(positions.length * width);
    read(positions, out);
    const calls = mock.calls.map(({ arguments: given }): readonly [number, number] => {
      const [, , , length, position] = given as readonly unknown[];
      return [Number(position) / (width * 4), Number(length) / (width * 4)];
    });
    mock.restore();
    syncBuiltinESMExports();
    positions.forEach((position, index) => {
      assert.equal(out[index * width], position);
      assert.equal(out[(index + 1) * width - 1], position);
    });
    return calls;
  };
  assert.deepEqual(lengths(rowsOf(5, 3, 4)), [[3, 3]]);
  assert.deepEqual(lengths(rowsOf(6, 3)), [[3, 4]]);
  assert.deepEqual(lengths(rowsOf(7, 3)), [[3, 1], [7, 1]]); // prettier-ignore
  // 64 of them are a megabyte.
  const many = Int32Array.from({ length: 150 }, (_, at) => at);
  assert.deepEqual(lengths(many), [[0, 64], [64, 64], [128, 22]]); // prettier-ignore
});

test('pictures are converted when they are read, those of each file by their own type', () => {
  // Two rows of bytes, then one of halves, then one of bytes again; two channels a pixel, one pixel a row.
  const bytes = Uint8Array.of(10, 20, 30, 40);
  const halves = Float32Array.of(0.5, NaN);
  const more = Uint8Array.of(50, 60);
  const fd = fileOf(Uint8Array.of(9, 9, 9, 9), bytes, halves, more);
  const scaling = (shift: number) => ({ method: 'standard', shift, divisor: 10 }) as const;
  const source: RecordSource = {
    kind: 'pictures',
    fd,
    width: 2,
    // Position → row of the source.
    rows: rowsOf(3, 0, 2, 1),
    runs: [
      { row: 0, position: 4, type: 'uint8' },
      { row: 2, position: 8, type: 'float32' },
      { row: 3, position: 16, type: 'uint8' },
    ],
    channels: 2,
    fitted: { scalings: [scaling(0), scaling(10)], fill: 30 },
  };
  const out = new Float32Array(10);
  openRecords(source)(rowsOf(2, 0, 1, 3, 0), out);
  const expected = [0.05, 2, 5, 5, 1, 1, 3, 3, 5, 5];
  assert.deepEqual([...out], expected.map(Math.fround));
});

test('a file that ends too early is an error; a short read goes on', (context) => {
  const fd = fileOf(Uint8Array.of(1, 2, 3, 4, 5));
  const into = new Uint8Array(4);
  assert.throws(() => readFully(fd, into, 2), { code: 'unreadable', message: /shorter than it was written/ });
  // Some file systems give less than is asked for.
  const real = fs.readSync as (...given: unknown[]) => number;
  const { mock } = context.mock.method(fs, 'readSync', ((
    file: number,
    buffer: Uint8Array,
    at: number,
    length: number,
    position: number,
  ) => real(file, buffer, at, Math.min(length, 1), position)) as typeof fs.readSync);
  syncBuiltinESMExports();
  readFully(fd, into, 1);
  assert.deepEqual([...into], [2, 3, 4, 5]);
  assert.equal(mock.callCount(), 4);
  mock.restore();
  syncBuiltinESMExports();
});
