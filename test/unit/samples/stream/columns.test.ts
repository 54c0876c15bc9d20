/** How columns lie on disk: rows in a chunk, and pictures of each type of number. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bytesOf, chunkRowsFor, numberTypes, pictureWriter } from '../../../../src/samples/stream/columns.ts';
import { openScratch } from '../../../../src/samples/stream/scratch.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'columns-'));
const scratch = openScratch(folder);
after(() => {
  scratch.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('a chunk has a megabyte of doubles, but no fewer than 16 rows and no more than 65,536', () => {
  for (const [width, rows] of [
    [0, 65_536],
    [1, 65_536],
    [2, 65_536],
    [3, 43_690],
    [1024, 128],
    [7000, 18],
    [7710, 17],
    [8192, 16],
    [8193, 16],
    [1e6, 16],
  ] as const)
    assert.equal(chunkRowsFor(width), rows, String(width));
});

test('the bytes of a part of an array are those alone', () => {
  const values = Int16Array.of(1, 2, 3, 4);
  assert.deepEqual([...bytesOf(values.subarray(1, 3))], [2, 0, 3, 0]);
});

test('pictures keep the type of their numbers, and know whether these may lack', () => {
  for (const [name, type] of Object.entries(numberTypes)) {
    const writer = pictureWriter(scratch, [1, 2]);
    const values = type.from([1, 2, 3, 4, 5, 6]);
    writer.append(values.subarray(0, 2));
    writer.append(values.subarray(2, 6));
    const file = writer.finish();
    assert.deepEqual(file.runs, [{ row: 0, position: 0, type: name }]);
    assert.deepEqual([file.width, file.shape], [2, [1, 2]]);
    const pictures = file.pictures();
    const { shape, width, floating } = pictures;
    assert.deepEqual([shape, width, floating], [[1, 2], 2, name.startsWith('float')], name);
    for (const index of [0, 1, 2])
      assert.deepEqual(pictures.row(index), values.subarray(2 * index, 2 * index + 2), name);
    const some = file.some(1, 2);
    assert.deepEqual([some.shape, some.width, some.floating], [[1, 2], 2, floating]);
    assert.deepEqual(some.values, values.subarray(2, 6));
    assert.deepEqual([some.row(0), some.row(1)], [values.subarray(2, 4), values.subarray(4, 6)]);
    file.close();
  }
});

test('where the type changes another run begins, at its row and its byte', () => {
  const writer = pictureWriter(scratch, [2]);
  writer.append(Int16Array.of(1, 2, 3, 4));
  writer.append(Uint8Array.of(5, 6));
  writer.append(Uint8Array.of(7, 8));
  writer.append(Int16Array.of(9, 10));
  const file = writer.finish();
  assert.deepEqual(file.runs, [
    { row: 0, position: 0, type: 'int16' },
    { row: 2, position: 8, type: 'uint8' },
    { row: 4, position: 12, type: 'int16' },
  ]);
  const pictures = file.pictures();
  assert.equal(pictures.floating, false);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((index) => [...pictures.row(index)]),
    [1, 3, 5, 7, 9].map((first) => [first, first + 1]),
  );
  assert.deepEqual(file.some(2, 2).values, Uint8Array.of(5, 6, 7, 8));
  // Of two types, in numbers that hold both.
  assert.deepEqual(file.some(1, 2).values, Float64Array.of(3, 4, 5, 6));
  assert.deepEqual(file.some(0, 5).values, Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  file.close();
});
