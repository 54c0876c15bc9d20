import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../../../../src/data/error.ts';
import { chunkRowsFor, columnWriter, pictureWriter } from '../../../../src/samples/stream/columns.ts';
import { openScratch } from '../../../../src/samples/stream/scratch.ts';
import { openStorage } from '../../../../src/samples/stream/storage.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'scratch-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test('temporary files have no name, count their bytes, and are given back', () => {
  const scratch = openScratch(join(folder, 'made', 'here'));
  const [one, two] = [scratch.create(), scratch.create()];
  one.append(Uint8Array.of(1, 2, 3));
  one.append(Uint8Array.of(4));
  two.append(new Uint8Array(10));
  assert.equal(scratch.bytes, 14);
  assert.deepEqual(fs.readdirSync(join(folder, 'made', 'here')), []);
  const read = new Uint8Array(2);
  one.read(read, 2);
  assert.deepEqual([...read], [3, 4]);
  assert.throws(() => one.read(read, 3), DataError);
  two.close();
  assert.equal(scratch.bytes, 4);
  scratch.close();
  assert.equal(scratch.bytes, 0);
  assert.throws(() => one.read(read, 0), DataError);
});

test('the folder beside a spec is not used where it leads out of the project', () => {
  const [project, elsewhere] = [join(folder, 'project'), join(folder, 'elsewhere')];
  for (const made of [project, elsewhere]) fs.mkdirSync(made);
  const specFile = join(project, 'x.mtl.json');
  fs.symlinkSync(elsewhere, join(project, '.mtl'));
  assert.throws(() => openStorage(1e6, {}, { specFile }), { code: 'path-outside', message: /"\.mtl".*link/ });
  assert.deepEqual(fs.readdirSync(elsewhere), []);
  // Inside the root that the person has named it may lead anywhere.
  const storage = openStorage(1e6, {}, { specFile, root: folder });
  storage.scratch.create().append(Uint8Array.of(1));
  assert.deepEqual(fs.readdirSync(elsewhere), ['cache']);
  storage.close();
});

test('a disk without room is told before anything is written, with what to do', () => {
  const scratch = openScratch(folder);
  scratch.reserve(1);
  assert.throws(
    () => scratch.reserve(2 ** 60),
    (error) => error instanceof DataError && error.code === 'too-large' && /--memory/.test(error.message),
  );
  const file = join(folder, 'file');
  fs.writeFileSync(file, '');
  assert.throws(() => openScratch(join(file, 'inside')).create(), DataError);
});

test('256 MB are left free on the disk, which is looked at again every 64 MB', (context) => {
  const MB = 2 ** 20;
  let free = 256 * MB;
  const { mock } = context.mock.method(fs, 'statfsSync', (() => ({ bavail: free / 1024, bsize: 1024 })) as never);
  syncBuiltinESMExports();
  try {
    const scratch = openScratch(folder);
    const refused = (bytes: number, text: string): void =>
      assert.throws(
        () => scratch.reserve(bytes),
        (error) => error instanceof DataError && error.code === 'too-large' && error.message.includes(text),
      );
    scratch.reserve(0);
    refused(1024, 'needs 0 MB in temporary files; the disk of the run has 256 MB left');
    free = 300 * MB;
    scratch.reserve(44 * MB);
    refused(44 * MB + 1, 'needs 44 MB in temporary files; the disk of the run has 300 MB left');
    const looks = mock.callCount();
    const file = scratch.create();
    const piece = new Uint8Array(16 * MB);
    for (let count = 0; count < 3; count++) file.append(piece);
    assert.equal(mock.callCount(), looks);
    file.append(piece);
    assert.equal(mock.callCount(), looks + 1);
    free = 100 * MB;
    for (let count = 0; count < 3; count++) file.append(piece);
    assert.throws(() => file.append(piece), { code: 'too-large', message: /needs more in temporary files/ });
    scratch.close();
  } finally {
    mock.restore();
    syncBuiltinESMExports();
  }
});

test('columns come back whole, by feature and by rows, whatever the pieces were', () => {
  const scratch = openScratch(folder);
  // So wide that a chunk has few rows.
  const width = 4001;
  const sizes = fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      sizes,
      fc.constantFrom(1, 3, width),
      fc.nat(),
      fc.constantFrom(1, 1e6),
      (pieces, columns, at, beside) => {
        const rows = pieces.reduce((a, b) => a + b, 0);
        const all = Float64Array.from({ length: rows * columns }, (_, index) => index + 0.5);
        const writer = columnWriter(scratch, [columns], (length) => new Float64Array(length), beside);
        let row = 0;
        for (const count of pieces) {
          writer.append(all.subarray(row * columns, (row + count) * columns), count);
          row += count;
        }
        const file = writer.finish();
        const [first, index] = [rows === 0 ? 0 : at % rows, at % columns];
        const count = Math.min(rows - first, 20);
        assert.deepEqual(file.rows(first, count), all.slice(first * columns, (first + count) * columns));
        assert.deepEqual(
          file.feature(index),
          Float64Array.from({ length: rows }, (_, place) => all[place * columns + index] ?? 0),
        );
        file.close();
      },
    ),
    { numRuns: 40 },
  );
  assert.equal(scratch.bytes, 0);
  assert.ok(chunkRowsFor(width) < 50);
});

test('thousands of columns at a time keep no more in memory than some do', () => {
  const scratch = openScratch(folder);
  for (const [columns, most] of [
    [1, 1024 * 1024],
    [64, 64 * 1024 * 1024],
    [7000, 64 * 1024 * 1024],
  ] as const) {
    let bytes = 0;
    const writers = Array.from({ length: columns }, () =>
      columnWriter(
        scratch,
        [],
        (length) => {
          bytes += 8 * length;
          return new Float64Array(length);
        },
        columns,
      ),
    );
    assert.ok(bytes <= most, `${String(columns)} columns: ${String(bytes)} bytes`);
    for (const writer of writers) writer.finish().close();
  }
});

test('pictures of several types one under the other', () => {
  const scratch = openScratch(folder);
  const writer = pictureWriter(scratch, [2, 2]);
  writer.append(Uint8Array.from({ length: 12 }, (_, index) => index));
  writer.append(Uint8Array.of(250, 251, 252, 253));
  writer.append(Float32Array.of(0.5, 1.5, NaN, 3.5));
  const file = writer.finish();
  const pictures = file.pictures();
  assert.deepEqual([pictures.floating, pictures.width], [true, 4]);
  assert.deepEqual([...pictures.row(2)], [8, 9, 10, 11]);
  assert.deepEqual([...pictures.row(4)], [0.5, 1.5, NaN, 3.5]);
  assert.deepEqual([...file.some(3, 2).row(0)], [250, 251, 252, 253]);
  assert.deepEqual([...file.some(3, 2).row(1)], [0.5, 1.5, NaN, 3.5]);
  assert.ok(file.some(0, 4).values instanceof Uint8Array);
  scratch.close();
});
