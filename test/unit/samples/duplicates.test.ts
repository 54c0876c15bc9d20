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
