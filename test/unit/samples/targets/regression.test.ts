/** Numbers as targets: columns side by side, each by its own statistics; gaps counted and named. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { tellGaps } from '../../../../src/samples/targets/gap-texts.ts';
import { columnNames, countGaps } from '../../../../src/samples/targets/gaps.ts';
import { rawNumbers, regressionTarget, type FittedRegression } from '../../../../src/samples/targets/regression.ts';
import type { FittedTarget } from '../../../../src/samples/targets/table.ts';
import { collectNotes, type Gaps, type PreparedSplit } from '../../../../src/samples/contract.ts';
import { cellsOfArrays, cellsOfCsv, refusal, rowsOf, laidOut } from '../helpers.ts';
import { readyStore } from '../../../../src/samples/row-stores.ts';

const cells = cellsOfArrays({ v: [[2], Float32Array.of(1, 2, 3, 4, 5, NaN)], w: [[], Float32Array.of(10, 20, 30)] }, 3);

test('columns of one and of several numbers stand side by side', () => {
  assert.deepEqual(rawNumbers(['w', 'v'], cells, rowsOf(2, 0)), {
    width: 3,
    values: Float64Array.of(30, 5, NaN, 10, 1, 2),
  });
});

test('each number has the statistics of its own column, of those that are there', () => {
  const fit = (columns: readonly string[], rows: Int32Array, normalize: 'standard' | 'minmax' = 'minmax') => {
    const notes = collectNotes();
    const fitted = regressionTarget.fit({ type: 'regression', name: 't', columns, normalize }, cells, rows, notes);
    const told = notes.warnings.map(({ code, message, task }) => [code, message.en, message.zh, task]);
    return { fitted, told };
  };
  const minmax = (shift: number, divisor: number) => ({ method: 'minmax', shift, divisor });
  const whole = fit(['v', 'w'], rowsOf(0, 1, 2));
  assert.deepEqual(whole.fitted, {
    type: 'regression',
    name: 't',
    columns: ['v', 'w'],
    scalings: [minmax(1, 4), minmax(2, 2), minmax(10, 20)],
  });
  assert.deepEqual(whole.told, []);
  // One row: nothing changes; of row 2 one number is not there at all.
  const last = fit(['v'], rowsOf(2), 'standard');
  assert.deepEqual(last.fitted.scalings, [
    { method: 'standard', shift: 5, divisor: 1 },
    { method: 'standard', shift: 0, divisor: 1 },
  ]);
  assert.deepEqual(last.told, [
    [
      'constant-target',
      'Task “t”: column “v[0]” of the target has the same value in all training rows; its spread is taken as 1.',
      '任务“t”：目标列“v[0]”在所有训练行中取值相同，其标准差按 1 计。',
      't',
    ],
    [
      'no-labels-column',
      'Task “t”: column “v[1]” of the target has no number in the training split: nothing is learned of it.',
      '任务“t”：目标列“v[1]”在训练集中没有数值：学不到这一列。',
      't',
    ],
  ]);
  assert.deepEqual(fit(['w'], rowsOf(2)).told, [
    [
      'constant-target',
      'Task “t”: the target has the same value in all training rows; its spread is taken as 1.',
      '任务“t”：目标在所有训练行中取值相同，其标准差按 1 计。',
      't',
    ],
  ]);
  // Without any label it is the whole task that is told of, elsewhere.
  assert.deepEqual(fit(['v', 'w'], rowsOf()).told, []);
  assert.deepEqual(fit(['w'], rowsOf()).fitted.scalings, [minmax(0, 1)]);
});

test('a number that is there counts, whatever lacks beside it', () => {
  const scaling = (shift: number, divisor: number) => ({ method: 'standard', shift, divisor }) as const;
  const fitted: FittedRegression = {
    type: 'regression',
    name: 't',
    columns: ['p', 'q'],
    scalings: [scaling(1, 2), scaling(0, 10)],
  };
  const table = cellsOfCsv('p,q\n3,20\n,5\n1,\n,\n');
  assert.deepEqual(laidOut(regressionTarget.prepare(fitted, table, rowsOf(3, 2, 1, 0), collectNotes()), 4), {
    shape: [2],
    values: Float32Array.of(0, 0, 0, 0, 0, 0.5, 1, 2),
    labeled: Uint8Array.of(0, 1, 1, 1),
    present: Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1),
    gaps: { rows: 2, columns: [1, 1] },
  });
  // Without a row that has some and lacks some, nothing more is kept.
  assert.deepEqual(laidOut(regressionTarget.prepare(fitted, table, rowsOf(3, 0), collectNotes()), 2), {
    shape: [2],
    values: Float32Array.of(0, 0, 1, 2),
    labeled: Uint8Array.of(0, 1),
  });
  assert.deepEqual(
    refusal(() => regressionTarget.prepare({ ...fitted, columns: ['p'] }, table, rowsOf(0), collectNotes())),
    {
      code: 'shape',
      message: 'Task “t”: the target has 1 numbers a row in a.csv, 2 in training.',
      file: 'a.csv',
    },
  );
});

test('gaps are counted by row and column; rows that lack everything have none', () => {
  const values = Float64Array.of(1, NaN, 3, NaN, NaN, NaN, NaN, NaN, 9, 1, 2, 3);
  assert.deepEqual(countGaps(values, 3), { rows: 2, columns: [1, 2, 0] });
  assert.deepEqual(countGaps(Float64Array.of(NaN, 1), 1), { rows: 0, columns: [0] });
  assert.deepEqual(columnNames(['a', 'b'], 2), ['a', 'b']);
  assert.deepEqual(columnNames(['a'], 3), ['a[0]', 'a[1]', 'a[2]']);
  assert.deepEqual(columnNames(['a', 'b'], 3), ['0', '1', '2']);
});

const regression: FittedTarget = { type: 'regression', name: 'r', columns: ['a', 'b', 'c'], scalings: [] };
const splitWith = (...gaps: readonly (readonly [string, Gaps | undefined])[]): PreparedSplit => ({
  n: 0,
  rows: rowsOf(),
  inputs: new Map(),
  targets: new Map(
    gaps.map(([name, gap]) => [
      name,
      {
        values: readyStore(new Float32Array(0), [3]),
        mask: new Uint8Array(0),
        weight: new Float32Array(0),
        labeled: 0,
        ...(gap === undefined ? {} : { gaps: gap }),
      },
    ]),
  ),
});
const said = (targets: readonly FittedTarget[], ...splits: readonly PreparedSplit[]): readonly unknown[] => {
  const notes = collectNotes();
  tellGaps(targets, splits, notes);
  return notes.warnings.map(({ code, message, task }) => [code, message.en, message.zh, task]);
};

test('gaps of all splits are added up, column by column; those without any are not named', () => {
  const one = splitWith(['r', { rows: 1, columns: [1, 0, 0] }]);
  const two = splitWith(['r', { rows: 2, columns: [2, 0, 1] }], ['other', { rows: 9, columns: [9, 9, 9] }]);
  assert.deepEqual(said([regression], one, two, splitWith(['r', undefined]), splitWith()), [
    [
      'target-gaps',
      'Task “r”: 3 rows lack some columns of the target (missing: “a” 3, “c” 1); the numbers that are there count, column by column.',
      '任务“r”：3 行缺少目标的部分列（缺失：“a” 3、“c” 1）；已有的数值逐列计入。',
      'r',
    ],
  ]);
  assert.match(String((said([regression], one)[0] as unknown[])[1]), /: 1 row lacks some columns/);
  assert.deepEqual(said([regression], splitWith(['r', undefined]), splitWith()), []);
  const classes: FittedTarget = { type: 'classification', name: 'r', column: 'a', classes: [], given: false };
  assert.deepEqual(said([classes], one), []);
  // Those that have nothing to tell of keep none of the others from it.
  const whole: FittedTarget = { ...regression, name: 'whole' };
  assert.equal(said([whole, classes, regression], one).length, 1);
  const box: FittedTarget = { type: 'box', name: 'r', columns: ['a', 'b', 'c'], format: 'xyxy', unit: [1, 1] };
  assert.deepEqual(said([box, regression], one), [
    [
      'target-gaps',
      'Task “r”: 1 row has a box that lacks some of its four numbers (missing: “a” 1), which is no label.',
      '任务“r”：1 行的目标框缺少四个数中的一部分（缺失：“a” 1），不作为标签。',
      'r',
    ],
    [
      'target-gaps',
      'Task “r”: 1 row lacks some columns of the target (missing: “a” 1); the numbers that are there count, column by column.',
      '任务“r”：1 行缺少目标的部分列（缺失：“a” 1）；已有的数值逐列计入。',
      'r',
    ],
  ]);
});

test('eight columns are named, more are counted', () => {
  const names = (n: number): string[] => Array.from({ length: n }, (_, at) => `k${String(at)}`);
  const text = (n: number, language: 1 | 2 = 1): string => {
    const target: FittedTarget = { type: 'regression', name: 'r', columns: names(n), scalings: [] };
    const split = splitWith(['r', { rows: 2, columns: new Array<number>(n).fill(1) }]);
    return String((said([target], split)[0] as unknown[])[language]);
  };
  assert.match(text(8), /“k6” 1, “k7” 1\);/);
  assert.match(text(9), /“k7” 1, 1 more columns\);/);
  assert.match(text(8, 2), /“k6” 1、“k7” 1）；/);
  assert.match(text(10, 2), /“k7” 1、另有 2 列）；/);
});
