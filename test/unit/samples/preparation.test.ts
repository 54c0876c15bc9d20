/** What was learned of the training rows, applied to others: which columns it needs, what is left out, and what is said. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { parseCsv } from '../../../src/data/csv.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import {
  appliesTo,
  labeledTasks,
  missingTokensOf,
  neededColumns,
  prepareForEvaluation,
  prepareForPrediction,
  prepareTask,
  storedTokens,
  taskOf,
  type Preparation,
  type PreparedTask,
} from '../../../src/samples/preparation.ts';
import { collectNotes } from '../../../src/samples/contract.ts';
import { cellsOfCsv, labelsOf, laidOut, refusal, refusalInBoth, rowsOf, samplesOf } from './helpers.ts';

const scaling = { method: 'none', shift: 0, divisor: 1 } as const;
const regression = (name: string, ...columns: readonly string[]) =>
  ({ type: 'regression', name, columns, scalings: columns.map(() => scaling) }) as const;
const weighted: PreparedTask = {
  target: regression('y', 'y'),
  sampleWeight: 'w',
  when: { column: 'k', values: ['1', 'a'] },
};
const plain: PreparedTask = {
  target: { type: 'classification', name: 'c', column: 'c', classes: ['p', 'q'], given: false },
};
const preparation: Preparation = {
  version: 1,
  missingTokens: ['', 'none'],
  inputs: [
    {
      type: 'number',
      name: 'n',
      indicator: false,
      features: [
        { column: 'a', index: 0, bounds: null, fill: null, scaling },
        { column: 'b', index: 0, bounds: null, fill: 5, scaling },
      ],
    },
    {
      type: 'category',
      name: 'm',
      encoding: 'index',
      missing: 'drop',
      indicator: false,
      columns: [{ column: 'd', values: ['x'], fill: null }],
    },
  ],
  tasks: [weighted, plain],
};
const table = (text: string) => parseCsv(text, 'b.csv', {}, defaultLimits);

test('missing tokens are kept as texts, for all columns or by column, and come back as what they were', () => {
  assert.deepEqual(storedTokens(['', -999, 'NA']), ['', '-999', 'NA']);
  const byColumn = storedTokens(new Map([['a', [1, 'x']], ['__proto__', []]])); // prettier-ignore
  assert.deepEqual(byColumn, [['a', ['1', 'x']], ['__proto__', []]]); // prettier-ignore
  assert.deepEqual(missingTokensOf({ ...preparation, missingTokens: byColumn }), new Map([['a', ['1', 'x']], ['__proto__', []]])); // prettier-ignore
  assert.deepEqual(missingTokensOf(preparation), ['', 'none']);
  assert.deepEqual(missingTokensOf({ ...preparation, missingTokens: [] }), []);
});

test('a task keeps what it has, and nothing that it has not', () => {
  const { target } = weighted;
  const settings = {
    target: { type: 'regression', name: 'y', columns: ['y'], normalize: 'none' } as const,
    demands: [],
  };
  assert.deepEqual(taskOf(settings, target), { target });
  const demands = [{ domain: 'non-negative', by: 'loss "poisson"' }] as const;
  const when = { column: 'k', values: ['1'] };
  assert.deepEqual(taskOf({ ...settings, sampleWeight: 'w', when, demands }, target), { target, sampleWeight: 'w', when, demands }); // prettier-ignore
});

test('a condition holds where the label is one of its values, as labels are compared', () => {
  const cells = cellsOfCsv('k\n1.0\n\n01\na\nb\n');
  assert.deepEqual([...appliesTo(weighted.when, cells)], [1, 0, 0, 1, 0]);
  assert.deepEqual([...appliesTo(undefined, cells)], [1, 1, 1, 1, 1]);
});

test('labels stand at their positions; a missing weight takes the label, and both are counted', () => {
  const cells = cellsOfCsv('y,w,k\n1,2,1\n2,,1\n,3,1\n4,0,1\n5,1,z\n6,,z\n', {});
  const notes = collectNotes();
  const target = prepareTask(weighted, cells, rowsOf(4, 3, 2, 1, 0), notes);
  assert.deepEqual(laidOut(target, 5), {
    shape: [1],
    values: Float32Array.of(0, 4, 0, 2, 1),
    mask: Uint8Array.of(0, 1, 0, 0, 1),
    weight: Float32Array.of(0, 0, 0, 0, 2),
    labeled: 2,
  });
  assert.deepEqual(
    notes.warnings.map(({ code, message, task, pointer }) => [code, message.en, message.zh, task, pointer]),
    [
      [
        'missing-weight',
        'Task “y”: 1 row has no value in “w” and does not count for this task.',
        '任务“y”：1 行在“w”中没有值，不计入此任务。',
        'y',
        '/tasks/y/sampleWeight',
      ],
    ],
  );
  const many = collectNotes();
  prepareTask({ target: weighted.target, sampleWeight: 'w' }, cells, rowsOf(1, 5), many);
  assert.match(many.warnings[0]?.message.en ?? '', /: 2 rows have no value in “w” and do not count/);
  const negative = cellsOfCsv('y,w,k\n1,1,1\n2,-0.5,1\n');
  assert.deepEqual(
    refusalInBoth(() => prepareTask(weighted, negative, rowsOf(0, 1), collectNotes())),
    {
      code: 'label',
      message: 'Task “y” (a.csv, line 3, column “w”): the sample weight -0.5 is negative. Weights are 0 or more.',
      zh: '任务“y”（a.csv，第 3 行，列“w”）：样本权重 -0.5 为负。权重须不小于 0。',
      file: 'a.csv',
      row: 1,
      column: 'w',
      pointer: '/tasks/y/sampleWeight',
    },
  );
  // Where the task does not apply nothing of its weight is asked.
  assert.equal(prepareTask(weighted, cellsOfCsv('y,w,k\n1,-1,z\n'), rowsOf(0), collectNotes()).labeled, 0);
});

test('gaps of a target stand at their positions, too', () => {
  const cells = cellsOfCsv('p,q,k\n1,,1\n2,3,z\n4,5,1\n');
  const task: PreparedTask = { target: regression('r', 'p', 'q'), when: { column: 'k', values: ['1'] } };
  assert.deepEqual(laidOut(prepareTask(task, cells, rowsOf(2, 1, 0), collectNotes()), 3), {
    shape: [2],
    values: Float32Array.of(4, 5, 0, 0, 1, 0),
    mask: Uint8Array.of(1, 0, 1),
    weight: Float32Array.of(1, 0, 1),
    labeled: 2,
    present: Float32Array.of(1, 1, 0, 0, 1, 0),
    gaps: { rows: 1, columns: [0, 1] },
  });
});

test('the columns that are needed: of every kind of input, and all that the labels of a task need', () => {
  assert.deepEqual([...neededColumns(preparation, [])], ['a', 'b', 'd']);
  assert.deepEqual([...neededColumns(preparation, preparation.tasks)], ['a', 'b', 'd', 'y', 'w', 'k', 'c']);
  assert.deepEqual([...neededColumns(preparation, [{ target: regression('r', 'p', 'q') }])], ['a', 'b', 'd', 'p', 'q']);
  const image = { ...preparation, inputs: [{ type: 'image', name: 'i', column: 'p', source: [1, 1], shape: [1, 1, 1], resize: 'fit', fill: 0, scalings: [] }] } as const; // prettier-ignore
  assert.deepEqual([...neededColumns(image, [])], ['p']);
});

test('a task is evaluated where the file has its target, its weight and its condition', () => {
  const labeled = (...names: readonly string[]): string[] =>
    labeledTasks(preparation, new Set(names), 'b.csv').map(({ target }) => target.name);
  assert.deepEqual(labeled('y', 'w', 'k', 'c'), ['y', 'c']);
  assert.deepEqual(labeled('y', 'w', 'k'), ['y']);
  for (const lacks of ['y', 'w', 'k'])
    assert.deepEqual(labeled(...['y', 'w', 'k', 'c'].filter((name) => name !== lacks)), ['c']);
  assert.deepEqual(
    refusal(() => labeled('a', 'k')),
    {
      code: 'unknown-column',
      message:
        'b.csv has the labels of no task: there is no column “y”, “w”, “c”. Name a file with labels, or predict instead.',
      file: 'b.csv',
      column: 'y',
    },
  );
});

test('for prediction every row is there, and which cannot be predicted is told', () => {
  const rows = table('a,b,d\n1,2,x\n,3,x\n4,none,\n5,,x\n');
  const { split, unusable, warnings } = prepareForPrediction(preparation, rows);
  assert.deepEqual([split.n, [...split.rows], [...unusable], split.targets.size], [4, [0, 1, 2, 3], [0, 1, 1, 0], 0]);
  assert.deepEqual(samplesOf(split, 'n'), [[1, 2], [0, 3], [4, 5], [5, 5]]); // prettier-ignore
  assert.deepEqual(
    warnings.map(({ code, message, pointer }) => [code, message.en, message.zh, pointer]),
    [
      [
        'empty-predictions',
        '2 rows cannot be predicted, since training leaves such rows out; their cells are empty.',
        '2 行无法预测，因为训练时会排除这样的行；其单元格留空。',
        '/data',
      ],
    ],
  );
  assert.deepEqual(prepareForPrediction(preparation, table('a,b,d\n1,2,x\n')).warnings, []);
});

test('for evaluation such rows are left out, tasks without their columns have no targets, and both are told', () => {
  const rows = table('a,b,d,c\n1,2,x,p\n,3,x,q\n4,none,x,q\n5,6,x,r\n');
  const { split, unusable, warnings } = prepareForEvaluation(preparation, rows);
  assert.deepEqual([[...split.rows], [...unusable], [...split.targets.keys()]], [[0, 2, 3], [0, 0, 0], ['c']]);
  assert.deepEqual(labelsOf(split, 'c'), [[0], [1], null]);
  assert.deepEqual(
    warnings.map(({ code, message, task }) => [code, message.en, message.zh, task]),
    [
      [
        'rows-dropped',
        '1 row is left out of b.csv, as in training.',
        'b.csv 中有 1 行被排除，与训练时相同。',
        undefined,
      ],
      [
        'not-evaluated',
        'Task “y” is not evaluated: b.csv does not have all of its columns.',
        '任务“y”未评估：b.csv 缺少其所需的列。',
        'y',
      ],
      [
        'unknown-label',
        'Task “c”: 1 row carries a label that training does not know (“r”); it does not count for this task.',
        '任务“c”：1 行的标签未在训练集中出现（“r”），不计入此任务。',
        'c',
      ],
    ],
  );
  const whole = prepareForEvaluation(preparation, table('a,b,d,c,y,w,k\n1,2,x,p,3,1,a\n'));
  assert.deepEqual([whole.warnings, labelsOf(whole.split, 'y')], [[], [[3]]]);
  const two = prepareForEvaluation(preparation, table('a,b,d,c\n1,2,x,p\n,3,x,q\n4,none,,q\n'));
  assert.match(two.warnings[0]?.message.en ?? '', /^2 rows are left out of b\.csv/);
});
