/** For each use of a column: at which key of the spec what was noticed of its cells is told. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { tellCells, tellOtherCells } from '../../../src/samples/cell-notes.ts';
import { collectNotes, type Cells } from '../../../src/samples/contract.ts';
import { settingsOf } from '../../../src/samples/settings.ts';
import type { FittedTarget } from '../../../src/samples/targets/table.ts';
import { cellsOfCsv, specOf } from './helpers.ts';

const header = ['x', 'y', 'w', 'k', 's', 'p'];
/** Every column holds 1 and 1.234, which may be thousands, and 01 beside 1, which are two labels. */
const lines = ['1', '1.234', '01', '2'].map((cell) => header.map(() => cell).join(','));
const both = { numbers: ['x', 'y', 'w'], labels: ['y', 'k', 's', 'x'] };

function cellsRead({ numbers, labels }: typeof both): Cells {
  const cells = cellsOfCsv([header.join(','), ...lines].join('\n'));
  for (const column of numbers) cells.numbers(column);
  for (const column of labels) cells.labels(column);
  return cells;
}

function told(data: object, tasks: object, cells = cellsRead(both)): readonly unknown[] {
  const spec = specOf({ source: 'a.csv', ...data }, tasks as never);
  const notes = collectNotes();
  tellCells(spec, settingsOf(spec, header, 'a.csv'), cells, notes);
  return notes.warnings
    .filter(({ code }) => code !== 'labels-merged')
    .map(({ code, message, pointer, task }) => [
      code,
      pointer,
      task,
      message.en.slice(0, message.en.indexOf(':')),
      message.zh.slice(0, message.zh.indexOf('：')),
    ]);
}

const number = { type: 'number', from: 'x' };
const regression = { type: 'regression', target: 'y' };

test('the target, the weights and the condition of a task, then the inputs, then the split', () => {
  const tasks = { r: { ...regression, sampleWeight: 'w', when: { column: 'k', equals: 1 } } };
  const numbers = 'ambiguous-number';
  assert.deepEqual(
    told({ inputs: { n: number }, split: { train: 0.5, validation: 0.25, test: 0.25, stratify: 's' } }, tasks),
    [
      [numbers, '/tasks/r/target', 'r', 'Task “r”, column “y”', '任务“r”，列“y”'],
      [numbers, '/tasks/r/sampleWeight', 'r', 'Task “r”, column “w”', '任务“r”，列“w”'],
      ['labels-alike', '/tasks/r/when', 'r', 'Task “r”, column “k”', '任务“r”，列“k”'],
      [numbers, '/data/inputs/n/from', undefined, 'Input “n”, column “x”', '输入“n”，列“x”'],
      ['labels-alike', '/data/split/stratify', undefined, 'The split, column “s”', '数据划分，列“s”'],
    ],
  );
});

test('a picture has no cells to tell of, and the inputs behind it have', () => {
  const inputs = { i: { type: 'image', from: 'p' }, n: number };
  assert.deepEqual(
    told({ inputs }, { r: regression }).map((each) => (each as unknown[])[1]),
    ['/tasks/r/target', '/data/inputs/n/from'],
  );
});

test('a column is told once as numbers and once as labels', () => {
  const tasks = {
    r: regression,
    again: regression,
    c: { type: 'classification', target: 'y' },
    last: { type: 'classification', target: 'y' },
  };
  const inputs = { n: number, again: number, k: { type: 'category', from: ['x', 'k'] } };
  assert.deepEqual(
    told({ inputs }, tasks).map((each) => (each as unknown[]).slice(0, 2)),
    [
      ['ambiguous-number', '/tasks/r/target'],
      ['labels-alike', '/tasks/c/target'],
      ['ambiguous-number', '/data/inputs/n/from'],
      ['labels-alike', '/data/inputs/k/from'],
      ['labels-alike', '/data/inputs/k/from'],
    ],
  );
});

test('of other rows the same is told of the tasks that are asked for', () => {
  const scaling = { method: 'none', shift: 0, divisor: 1 } as const;
  const target: FittedTarget = { type: 'regression', name: 'r', columns: ['y'], scalings: [scaling] };
  const notes = collectNotes();
  tellOtherCells([], [{ target, sampleWeight: 'w', when: { column: 'k' } }], cellsRead(both), notes);
  assert.deepEqual(
    notes.warnings.filter(({ code }) => code !== 'labels-merged').map(({ code, pointer }) => [code, pointer]),
    [
      ['ambiguous-number', '/tasks/r/target'],
      ['ambiguous-number', '/tasks/r/sampleWeight'],
      ['labels-alike', '/tasks/r/when'],
    ],
  );
});
