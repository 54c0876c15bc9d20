/** Which rows count as the same: by the value of each cell that is read, in its own column. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Cells } from '../../../src/samples/contract.ts';
import { collectNotes } from '../../../src/samples/contract.ts';
import { tellDuplicates } from '../../../src/samples/duplicates.ts';
import { settingsOf } from '../../../src/samples/settings.ts';
import { cellsOfArrays, cellsOfCsv, rowsOf, specOf } from './helpers.ts';

const numbers = { x: { type: 'number', from: ['a', 'b'] } };
const regression = { t: { type: 'regression', target: 'y' } };

/** Whether the two rows of a table are the same, for these inputs and tasks. */
function same(cells: Cells, header: readonly string[], inputs: object = numbers, tasks: object = regression): boolean {
  const spec = specOf({ source: 'a.csv', inputs }, tasks as never);
  const notes = collectNotes();
  const rows = { train: rowsOf(0, 1), validation: rowsOf(), test: rowsOf() };
  tellDuplicates(settingsOf(spec, header, 'a.csv'), cells, rows, notes);
  return notes.warnings.some(({ code }) => code === 'rows-repeated');
}
const sameLines = (first: string, second: string, inputs?: object, tasks?: object): boolean =>
  same(cellsOfCsv(`a,b,y\n${first}\n${second}\n`), ['a', 'b', 'y'], inputs, tasks);

test('numbers are the same by their value: 0 is −0, no number is no number', () => {
  assert.ok(sameLines('1,2,3', '1.0,2e0,03'));
  assert.ok(sameLines('0,2,3', '-0,2,3'));
  assert.ok(sameLines(',2,3', ',2,3'));
  for (const other of ['2,1,3', '1,2,4', '1,,3', ',2,3', '1,2,', '-1,2,3', '1,3,2', '3,2,1'])
    assert.equal(sameLines('1,2,3', other), false, other);
  // They may differ in the last of their bits, or in the first alone.
  for (const other of ['1.0000000000000002', '-1', '2', '1.5', '65537', '0'])
    assert.equal(sameLines('1,2,3', `${other},2,3`), false, other);
});

test('labels are the same by their name, and none is a name of its own', () => {
  const inputs = { c: { type: 'category', from: ['a', 'b'] } };
  const tasks = { t: { type: 'classification', target: 'y' } };
  assert.ok(sameLines('u,v,w', 'u,v,w', inputs, tasks));
  assert.ok(sameLines('u,,w', 'u,,w', inputs, tasks));
  for (const other of ['v,u,w', 'u,v,z', 'u,,w', ',v,w', 'u,v,', 'w,v,u'])
    assert.equal(sameLines('u,v,w', other, inputs, tasks), false, other);
});

test('every number of a wide column counts, and every pixel of a picture', () => {
  const wide = (...last: readonly [number, number]): Cells =>
    cellsOfArrays({ a: [[3], Float32Array.of(1, 2, last[0], 1, 2, last[1])], y: [[], Float32Array.of(1, 1)] }, 2);
  const inputs = [{ x: { type: 'number', from: 'a' } }, { x: { type: 'image', from: 'a', normalize: 'none' } }];
  for (const input of inputs) {
    assert.ok(same(wide(3, 3), ['a', 'y'], input), JSON.stringify(input));
    assert.equal(same(wide(3, 4), ['a', 'y'], input), false, JSON.stringify(input));
  }
});

test('among 20,000 different rows there are no two alike', () => {
  const n = 20_000;
  const values = Float64Array.from({ length: 2 * n }, (_, at) =>
    at % 2 === 0 ? Math.floor(at / 2) % 200 : Math.floor(at / 400),
  );
  const cells = cellsOfArrays({ a: [[2], values], y: [[], new Float32Array(n)] }, n);
  const spec = specOf({ source: 'a.csv', inputs: { x: { type: 'number', from: 'a' } } }, regression);
  const settings = settingsOf(spec, ['a', 'y'], 'a.csv');
  const said = (train: Int32Array): readonly string[] => {
    const notes = collectNotes();
    tellDuplicates(settings, cells, { train, validation: rowsOf(), test: rowsOf() }, notes);
    return notes.warnings.map(({ message }) => message.en.split(' with ')[0] ?? '');
  };
  assert.deepEqual(said(Int32Array.from({ length: n }, (_, row) => row)), []);
  assert.deepEqual(said(rowsOf(7, 8, 7)), ['1 of 3 rows of the training split is a copy of another,']);
});

/** What is told of 200 rows `0,0,0`, `1,1,1` … of which those of validation and of test are given by their numbers. */
function toldOf(train: readonly number[], validation: readonly number[], test: readonly number[] = []) {
  const lines = Array.from({ length: 200 }, (_, row) => `${String(row % 100)},${String(row % 100)},1`);
  const cells = cellsOfCsv(`a,b,y\n${lines.join('\n')}\n`);
  const spec = specOf({ source: 'a.csv', inputs: numbers }, regression);
  const notes = collectNotes();
  const rows = { train: rowsOf(...train), validation: rowsOf(...validation), test: rowsOf(...test) };
  tellDuplicates(settingsOf(spec, ['a', 'b', 'y'], 'a.csv'), cells, rows, notes);
  return notes.warnings;
}

test('rows of another split that training has too are told for each split, with the first of them', () => {
  // Row 103 is the same as row 3, row 104 as row 4.
  assert.deepEqual(
    toldOf([3, 4, 5], [0, 104, 103], [1, 105]).map(({ code, message, severity, pointer }) => [
      code,
      message.en,
      message.zh,
      severity,
      pointer,
    ]),
    [
      [
        'rows-in-validation-and-train',
        '2 of 3 rows of the validation split stand in the training split too, with the same inputs and targets (first: a.csv, line 106); its metrics are better than on new data. Remove the copies, or put them into one split.',
        '验证集的 3 行中有 2 行也出现在训练集中，输入和目标都相同（首行：a.csv，第 106 行）；其指标会好于在新数据上的表现。请删除重复行，或将它们放入同一划分。',
        'warning',
        '/data/split',
      ],
      [
        'rows-in-test-and-train',
        '1 of 2 rows of the test split stands in the training split too, with the same inputs and targets (first: a.csv, line 107); its metrics are better than on new data. Remove the copies, or put them into one split.',
        '测试集的 2 行中有 1 行也出现在训练集中，输入和目标都相同（首行：a.csv，第 107 行）；其指标会好于在新数据上的表现。请删除重复行，或将它们放入同一划分。',
        'warning',
        '/data/split',
      ],
    ],
  );
  // Those that are twice in validation alone are no copies of training.
  assert.deepEqual(toldOf([3], [4, 104]), []);
});

test('up to one of a hundred is worth knowing, more is worth a warning', () => {
  const severity = (others: number): unknown =>
    toldOf([100], [...Array.from({ length: others }, (_, row) => row)]).map((each) => each.severity)[0];
  assert.equal(severity(100), 'information');
  assert.equal(severity(99), 'warning');
});

test('copies within training are counted without their first', () => {
  assert.deepEqual(
    toldOf([3, 103, 3, 4, 104], []).map(({ code, message, severity, pointer }) => [
      code,
      message.en,
      message.zh,
      severity,
      pointer,
    ]),
    [
      [
        'rows-repeated',
        '3 of 5 rows of the training split are copies of another, with the same inputs and targets; such rows count more than once.',
        '训练集的 5 行中有 3 行与其他行重复，输入和目标都相同；这样的行会被多次计入。',
        'information',
        '/data/source',
      ],
    ],
  );
});
