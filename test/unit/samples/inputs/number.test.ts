/** Columns of numbers: outliers first, then gaps, then scaling; what cannot be used is refused or left out. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { numberInput, type FittedNumber, type NumberSettings } from '../../../../src/samples/inputs/number.ts';
import { collectNotes, type Cells, type Notes } from '../../../../src/samples/contract.ts';
import { cellsOfArrays, cellsOfCsv, refusal, refusalInBoth, rowsOf } from '../helpers.ts';

const settings = (more: Partial<NumberSettings>): NumberSettings => ({
  type: 'number',
  name: 'n',
  columns: ['a'],
  missing: 'mean',
  indicator: false,
  normalize: 'none',
  ...more,
});

const column = (...cells: readonly (number | '')[]): Cells =>
  cellsOfCsv(`a,b\n${cells.map((cell) => `${String(cell)},0`).join('\n')}\n`);
const all = (cells: Cells): Int32Array => Int32Array.from({ length: cells.table.rows }, (_, row) => row);

function fit(of: NumberSettings, cells: Cells, rows = all(cells), notes: Notes = collectNotes()): FittedNumber {
  return numberInput.begin(of, cells, rows, notes).finish(rows);
}
const values = (fitted: FittedNumber, cells: Cells, rows = all(cells)): number[] => {
  const store = numberInput.prepare(fitted, cells, rows, collectNotes());
  return [...store.gather(Int32Array.from(rows, (_, position) => position))];
};

test('each number of each column is a feature; indicators stand behind all numbers', () => {
  const cells = cellsOfArrays({ v: [[2], Float32Array.of(1, 10, NaN, 20)], w: [[], Float32Array.of(5, NaN)] }, 2);
  const fitted = fit(settings({ columns: ['v', 'w'], indicator: true }), cells);
  assert.deepEqual(
    fitted.features.map(({ column: name, index, fill }) => [name, index, fill]),
    [
      ['v', 0, 1],
      ['v', 1, 15],
      ['w', 0, 5],
    ],
  );
  assert.deepEqual(values(fitted, cells), [1, 10, 5, 0, 0, 0, 1, 20, 5, 1, 0, 1]);
  assert.deepEqual(values({ ...fitted, indicator: false }, cells, rowsOf(1)), [1, 20, 5]);
});

test('statistics are of the rows that are fitted; outlier bounds of all training rows', () => {
  const cells = column(0, 10, 1000, 20, 50);
  const begun = numberInput.begin(settings({ normalize: 'standard' }), cells, rowsOf(0, 1, 2), collectNotes());
  assert.deepEqual(begun.finish(rowsOf(0, 1)).features[0]?.scaling, { method: 'standard', shift: 5, divisor: 5 });
  const outliers = { method: 'iqr', threshold: 1, action: 'clip' } as const;
  // Quartiles of 0, 10, 20 are 5 and 15.
  const bounded = numberInput.begin(settings({ outliers }), cells, rowsOf(0, 1, 3), collectNotes());
  assert.deepEqual(bounded.finish(rowsOf(0)).features[0]?.bounds, { low: -5, high: 25, action: 'clip' });
  assert.deepEqual(values(bounded.finish(rowsOf(0)), cells), [0, 10, 25, 20, 25]);
});

test('an outlier is clipped to its bound on either side, missing, or its row dropped; the bounds are none', () => {
  const cells = column(-100, 0, 10, 20, 100, '');
  const training = rowsOf(1, 2, 3);
  const with_ = (action: 'clip' | 'missing' | 'drop', more: Partial<NumberSettings> = {}): Partial<NumberSettings> => ({
    outliers: { method: 'iqr', threshold: 1, action },
    missing: { constant: 7 },
    ...more,
  });
  const run = (more: Partial<NumberSettings>): { drop: number[]; values: number[]; unusable: number[] } => {
    const begun = numberInput.begin(settings(more), cells, training, collectNotes());
    const fitted = begun.finish(training);
    return {
      drop: [...begun.drop],
      values: values(fitted, cells),
      unusable: [...numberInput.unusable(fitted, cells)],
    };
  };
  const none = [0, 0, 0, 0, 0, 0];
  assert.deepEqual(run(with_('clip')), { drop: none, values: [-5, 0, 10, 20, 25, 7], unusable: none });
  assert.deepEqual(run(with_('missing')), { drop: none, values: [7, 0, 10, 20, 7, 7], unusable: none });
  const [outside, gaps, either] = [
    [1, 0, 0, 0, 1, 0],
    [0, 0, 0, 0, 0, 1],
    [1, 0, 0, 0, 1, 1],
  ];
  assert.deepEqual(run(with_('drop')), { drop: outside, values: [7, 0, 10, 20, 7, 7], unusable: outside });
  assert.deepEqual(run(with_('drop', { missing: 'drop' })).drop, either);
  assert.deepEqual(run(with_('drop', { missing: 'drop' })).unusable, either);
  assert.deepEqual(run(with_('missing', { missing: 'drop' })).drop, either);
  assert.deepEqual(run({ missing: 'drop' }), { drop: gaps, values: [-100, 0, 10, 20, 100, 0], unusable: gaps });
  // Without a number in training there are no bounds.
  const empty = numberInput.begin(settings(with_('drop')), cells, rowsOf(5), collectNotes());
  assert.deepEqual([...empty.drop], none);
  assert.equal(empty.finish(rowsOf(1, 2)).features[0]?.bounds, null);
});

test('a value on a bound is none of the outliers, one beyond it is', () => {
  // Quartiles of 0, 10, 20 are 5 and 15: the bounds are −5 and 25.
  const cells = column(0, 10, 20, -5, 25, -5.5, 25.5, '');
  const outliers = { method: 'iqr', threshold: 1, action: 'drop' } as const;
  const begun = numberInput.begin(settings({ outliers }), cells, rowsOf(0, 1, 2), collectNotes());
  assert.deepEqual([...begun.drop], [0, 0, 0, 0, 0, 1, 1, 0]);
  const fitted = begun.finish(rowsOf(0, 1, 2));
  assert.deepEqual(numberInput.counts(fitted, cells, all(cells)), [
    { input: 'n', column: 'a', missing: 1, outliers: 2, unseen: 0 },
  ]);
  assert.deepEqual(numberInput.counts(fitted, cells, rowsOf(3, 4)), [
    { input: 'n', column: 'a', missing: 0, outliers: 0, unseen: 0 },
  ]);
});

test('what is counted of a column is counted over all its numbers', () => {
  const cells = cellsOfArrays(
    { v: [[2], Float32Array.of(0, NaN, 1, 0, 99, -99)], w: [[], Float32Array.of(NaN, 5, NaN)] },
    3,
  );
  const bounds = { low: -1, high: 1, action: 'clip' } as const;
  const feature = {
    column: 'v',
    index: 0,
    bounds,
    fill: 0,
    scaling: { method: 'none', shift: 0, divisor: 1 },
  } as const;
  const features = [feature, { ...feature, index: 1 }, { ...feature, column: 'w', bounds: null }];
  assert.deepEqual(numberInput.counts({ type: 'number', name: 'n', indicator: false, features }, cells, all(cells)), [
    { input: 'n', column: 'v', missing: 1, outliers: 2, unseen: 0 },
    { input: 'n', column: 'w', missing: 2, outliers: 0, unseen: 0 },
  ]);
});

test('log refuses what is below 0 in training, unless it is clipped or dropped, and calls it unusable later', () => {
  const log = { normalize: 'log' } as const;
  const cells = column(0, 3, -2);
  assert.deepEqual(
    refusal(() => fit(settings(log), cells)),
    {
      code: 'not-a-number',
      message:
        'a.csv, line 4, column “a”: normalize "log" of input “n” refuses -2, which is below 0. Use another normalize, or outliers with action "clip".',
      file: 'a.csv',
      row: 2,
      column: 'a',
    },
  );
  const bounds = { method: 'iqr', threshold: 0, action: 'drop' } as const;
  const dropped = numberInput.begin(settings({ ...log, outliers: bounds }), cells, rowsOf(0, 1), collectNotes());
  assert.deepEqual([...dropped.drop], [1, 1, 1]);
  const fitted = fit(settings(log), column(0, 3));
  assert.deepEqual([...numberInput.unusable(fitted, cells)], [0, 0, 1]);
  assert.deepEqual(values(fitted, cells, rowsOf(0, 1)), [0, Math.fround(Math.log(4))]);
  assert.deepEqual([...numberInput.unusable(fit(settings({}), cells), cells)], [0, 0, 0]);
  assert.deepEqual(
    refusal(() => fit(settings({ ...log, missing: { constant: -1 } }), column(0, 3))),
    {
      code: 'not-a-number',
      message: 'Input “n”: the fill value -1 is below 0, which normalize "log" refuses.',
      column: 'a',
    },
  );
  assert.equal(fit(settings({ ...log, missing: { constant: 0 } }), column(1, 3)).features[0]?.fill, 0);
  assert.equal(fit(settings({ missing: { constant: -1 } }), column(1, 3)).features[0]?.fill, -1);
});

test('a column without a number in training is refused, with or without something to fill in', () => {
  const cells = column('', 1);
  const what = {
    code: 'not-fitted',
    message:
      'Input “n”: column “a” of a.csv has no value in the training rows. Leave the column out, or check data.missingTokens and data.split.',
    file: 'a.csv',
    column: 'a',
  };
  for (const missing of ['mean', 'drop', { constant: 3 }] as const)
    assert.deepEqual(
      refusal(() => fit(settings({ missing }), cells, rowsOf(0))),
      what,
    );
});

test('a column that never changes is told once it is scaled by its spread', () => {
  const told = (normalize: NumberSettings['normalize']): readonly unknown[] => {
    const notes = collectNotes();
    const cells = column(5, 5);
    fit(settings({ normalize }), cells, all(cells), notes);
    return notes.warnings.map(({ code, message, pointer }) => [code, message.en, message.zh, pointer]);
  };
  const warning = [
    'constant-column',
    'Input “n”: column “a” has the same value in all training rows and tells the network nothing; its spread is taken as 1.',
    '输入“n”：列“a”在所有训练行中取值相同，对网络没有信息；其标准差按 1 计。',
    '/data/inputs/n',
  ];
  for (const method of ['standard', 'minmax', 'robust'] as const) assert.deepEqual(told(method), [warning]);
  for (const method of ['none', 'log', 'scale'] as const) assert.deepEqual(told(method), []);
});

test('a gap where rows are dropped is computed with 0; what 32 bits cannot hold is refused with its place', () => {
  const cells = column(1, 3, '', 1e39);
  const fitted = fit(settings({ missing: 'drop', normalize: 'minmax' }), cells, rowsOf(0, 1));
  assert.deepEqual(values(fitted, cells, rowsOf(0, 1, 2)), [0, 1, 0]);
  assert.deepEqual(
    refusalInBoth(() => numberInput.prepare(fitted, cells, rowsOf(1, 3), collectNotes())),
    {
      code: 'not-a-number',
      message:
        'a.csv, line 5, column “a”: input “n” holds 1e+39, more than a number of 32 bits does. Use normalize "standard" or "log", or list the cell in data.missingTokens.',
      zh: 'a.csv，第 5 行，列“a”：输入“n”的值 1e+39 超出 32 位浮点数的范围。请使用 normalize "standard" 或 "log"，或将该单元格列入 data.missingTokens。',
      file: 'a.csv',
      row: 3,
      column: 'a',
    },
  );
});
