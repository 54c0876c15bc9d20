/** Notes are told once, counts of parts are added up, columns are converted once. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { collectNotes, gatherNotes, indicesWhere, isFloating, rowOf, rowsText } from '../../../src/samples/contract.ts';
import { cellsOfArrays, cellsOfCsv } from './helpers.ts';

const said = (en: string) => ({ en, zh: `中${en}` });

test('a warning stands at what it is about: a place, else the task’s target, else all data', () => {
  const notes = collectNotes();
  notes.warn('a', said('one'), { pointer: '/data/split', severity: 'information' });
  notes.warn('b', said('two'), { task: 'x/y' });
  notes.warn('c', said('three'));
  notes.warn('d', said('four'), { task: 't', pointer: '/tasks/t/when' });
  assert.deepEqual(notes.warnings, [
    { code: 'a', message: said('one'), severity: 'information', pointer: '/data/split' },
    { code: 'b', message: said('two'), severity: 'warning', task: 'x/y', pointer: '/tasks/x~1y/target' },
    { code: 'c', message: said('three'), severity: 'warning', pointer: '/data' },
    { code: 'd', message: said('four'), severity: 'warning', task: 't', pointer: '/tasks/t/when' },
  ]);
});

test('the same words of the same kind are told once; other words or another kind are told', () => {
  const notes = collectNotes();
  for (const [code, en] of [
    ['a', 'one'],
    ['a', 'one'],
    ['a', 'two'],
    ['b', 'one'],
  ] as const)
    notes.warn(code, said(en));
  assert.deepEqual(
    notes.warnings.map(({ code, message }) => [code, message.en]),
    [
      ['a', 'one'],
      ['a', 'two'],
      ['b', 'one'],
    ],
  );
});

test('a count is told at once for rows in memory, and added up by kind and key for rows in parts', () => {
  const message = (count: number) => said(`${String(count)} rows`);
  const whole = collectNotes();
  whole.count('unseen', 'k', 3, message, { pointer: '/p' });
  assert.deepEqual(whole.warnings, [{ code: 'unseen', message: said('3 rows'), severity: 'warning', pointer: '/p' }]);
  const notes = collectNotes();
  const parts = gatherNotes(notes);
  parts.count('unseen', 'k', 3, message, { pointer: '/p' });
  parts.warn('other', said('between'), { pointer: '/q' });
  parts.count('unseen', 'k', 4, message, { pointer: '/p' });
  parts.count('unseen', 'l', 5, message, { pointer: '/r' });
  parts.count('known', 'k', 6, message, { pointer: '/s' });
  assert.deepEqual(parts.warnings, []);
  parts.tell();
  assert.equal(parts.warnings, notes.warnings);
  assert.deepEqual(
    notes.warnings.map(({ code, message: { en }, pointer }) => [code, en, pointer]),
    [
      ['unseen', '7 rows', '/p'],
      ['other', 'between', '/q'],
      ['unseen', '5 rows', '/r'],
      ['known', '6 rows', '/s'],
    ],
  );
});

test('a column in memory is converted once, and read by numbers, features and labels', () => {
  const cells = cellsOfCsv('a,b\n1,x\n2,\n,none\n', { missingTokens: ['', 'none'] });
  assert.equal(cells.numbers('a'), cells.numbers('a'));
  assert.equal(cells.labels('b'), cells.labels('b'));
  assert.notEqual(cells.numbers('a'), cells.labels('b'));
  assert.deepEqual([...cells.numbers('a').values], [1, 2, NaN]);
  assert.deepEqual(cells.labels('b'), ['x', null, null]);
  // By the tokens that hold without a spec.
  assert.deepEqual(cells.plainLabels('b'), ['x', null, 'none']);
  assert.equal(cells.pictures('b'), undefined);
  assert.deepEqual([cells.table.file, cells.table.rows, cells.csv?.separator], ['a.csv', 3, ',']);
  const arrays = cellsOfArrays({ p: [[2, 3], Float32Array.from({ length: 12 }, (_, at) => at)] }, 2);
  assert.equal(arrays.widthOf('p'), 6);
  const { values, stride, offset } = arrays.feature('p', 4);
  assert.deepEqual([0, 1].map((row) => values[row * stride + offset]), [4, 10]); // prettier-ignore
  const pictures = arrays.pictures('p');
  assert.deepEqual([pictures?.shape, pictures?.width, pictures?.floating], [[2, 3], 6, true]);
  assert.deepEqual([...(pictures?.row(1) ?? [])], [6, 7, 8, 9, 10, 11]);
  assert.equal(pictures?.values?.length, 12);
});

test('numbers with a point are floating; those of whole types are not', () => {
  for (const values of [new Float32Array(1), new Float64Array(1)]) assert.equal(isFloating(values), true);
  for (const values of [new Uint8Array(1), new Int32Array(1), new Uint16Array(1)])
    assert.equal(isFloating(values), false);
  assert.deepEqual([...rowOf(Uint8Array.of(1, 2, 3, 4, 5, 6), 1, 2)], [3, 4]);
});

test('kept places come ascending; rows are counted in words, with a verb that agrees', () => {
  assert.deepEqual([...indicesWhere(7, (index) => index % 3 === 1)], [1, 4]);
  assert.deepEqual([...indicesWhere(3, () => true)], [0, 1, 2]);
  assert.deepEqual([...indicesWhere(3, () => false)], []);
  assert.deepEqual(
    [rowsText(0), rowsText(1), rowsText(7), rowsText(1, 'has', 'have'), rowsText(2, 'has', 'have')],
    ['0 rows', '1 row', '7 rows', '1 row has', '2 rows have'],
  );
});
