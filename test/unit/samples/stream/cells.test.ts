/** Columns on disk, asked for as columns in memory are: whole, by feature, and some rows with their own places and lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CellReport } from '../../../../src/data/cell-report.ts';
import { streamedCells } from '../../../../src/samples/stream/cells.ts';
import type { ColumnFile, PictureFile } from '../../../../src/samples/stream/columns.ts';
import type { Columns } from '../../../../src/samples/stream/ingest.ts';

/** A column of 10 rows in memory that says what was read of it. */
function fileOf<T extends Float64Array | Int32Array>(
  name: string,
  values: T,
  width: number,
  log: string[],
): ColumnFile<T> {
  return {
    width,
    shape: width === 1 ? [] : [width],
    feature: (index) => {
      log.push(`${name} feature ${String(index)}`);
      return values.filter((_, at) => at % width === index) as T;
    },
    rows: (first, count) => {
      log.push(`${name} rows ${String(first)} ${String(count)}`);
      return values.slice(first * width, (first + count) * width) as T;
    },
    close: () => log.push(`${name} closed`),
  };
}

function columns(log: string[]): Columns {
  const rows = Array.from({ length: 10 }, (_, row) => row);
  const picture: PictureFile = {
    ...{ fd: 0, shape: [1, 1], width: 1, runs: [] },
    pictures: () => ({ shape: [1, 1], width: 1, floating: false, row: () => Uint8Array.of(7) }),
    some: (first, count) => ({ shape: [first, count], width: 1, floating: false, row: () => Uint8Array.of(8) }),
    close: () => log.push('p closed'),
  };
  return {
    facts: { file: 'a.csv', rows: 10, lineOf: (row) => row + 2 },
    report: new CellReport(),
    rows: [10],
    csv: undefined,
    heads: new Map(),
    numbers: new Map([['v', fileOf('v', Float64Array.from(rows.flatMap((row) => [row, row * 10])), 2, log)]]),
    labels: new Map([
      [
        'l',
        {
          ids: fileOf(
            'l',
            Int32Array.from(rows, (row) => (row % 3) - 1),
            1,
            log,
          ),
          labels: ['a', 'b'],
        },
      ],
    ]),
    plainLabels: new Map([
      [
        's',
        {
          ids: fileOf(
            's',
            Int32Array.from(rows, () => 0),
            1,
            log,
          ),
          labels: ['train'],
        },
      ],
    ]),
    pictures: new Map([
      ['p', picture],
      ['q', { ...picture, close: () => log.push('q closed') }],
      ['t', null],
    ]),
  };
}

test('all rows: numbers, features, labels, pictures', () => {
  const cells = streamedCells(columns([]));
  assert.deepEqual([cells.table.file, cells.table.rows, cells.widthOf('v')], ['a.csv', 10, 2]);
  const { values, width, shape } = cells.numbers('v');
  assert.deepEqual([values.length, values[3], width, shape], [20, 10, 2, [2]]);
  const feature = cells.feature('v', 1);
  assert.deepEqual(
    [feature.stride, feature.offset, [...feature.values]],
    [1, 0, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]],
  );
  assert.deepEqual(cells.labels('l').slice(0, 4), [null, 'a', 'b', null]);
  assert.deepEqual(cells.plainLabels('s'), new Array<string>(10).fill('train'));
  assert.equal(cells.pictures('p')?.row(0)[0], 7);
  assert.equal(cells.pictures('t'), undefined);
  assert.equal(cells.pictureFile('t'), undefined);
  for (const ask of [() => cells.numbers('l'), () => cells.labels('v'), () => cells.pictures('none')])
    assert.throws(ask, /has not been read in this way/);
});

test('some rows: read once, with the lines and rows of the whole file', () => {
  const log: string[] = [];
  const block = streamedCells(columns(log)).block(6, 3);
  assert.deepEqual(
    [block.table.file, block.table.rows, block.table.firstRow, block.table.lineOf(1)],
    ['a.csv', 3, 6, 9],
  );
  assert.deepEqual([...block.numbers('v').values], [6, 60, 7, 70, 8, 80]);
  const { values, stride, offset } = block.feature('v', 1);
  assert.deepEqual([0, 1, 2].map((row) => values[row * stride + offset]), [60, 70, 80]); // prettier-ignore
  assert.equal(block.widthOf('v'), 2);
  assert.deepEqual(block.labels('l'), [null, 'a', 'b']);
  assert.equal(block.labels('l'), block.labels('l'));
  assert.deepEqual(block.pictures('p')?.shape, [6, 3]);
  assert.equal(block.pictures('t'), undefined);
  assert.deepEqual(log, ['v rows 6 3', 'l rows 6 3']);
});

test('everything is given back but the pictures that are kept', () => {
  const log: string[] = [];
  streamedCells(columns(log)).release(new Set(['q']));
  assert.deepEqual(log, ['v closed', 'l closed', 's closed', 'p closed']);
});
