/** Classes: listed, counted or found; labels become their places. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { maxClasses } from '../../../../src/spec/index.ts';
import {
  classificationTarget,
  type ClassificationSettings,
  type FittedClassification,
} from '../../../../src/samples/targets/classification.ts';
import { collectNotes, type Cells } from '../../../../src/samples/contract.ts';
import { cellsOfArrays, cellsOfCsv, refusalInBoth, rowsOf, laidOut } from '../helpers.ts';

const settings = (more: Partial<ClassificationSettings> = {}): ClassificationSettings => ({
  type: 'classification',
  name: 't',
  columns: ['c'],
  ...more,
});
const column = (...cells: readonly string[]): Cells =>
  cellsOfCsv(`c,d\n${cells.map((cell) => `${cell},1`).join('\n')}\n`);
const all = (cells: Cells): Int32Array => Int32Array.from({ length: cells.table.rows }, (_, row) => row);
const fit = (of: ClassificationSettings, cells: Cells, rows = all(cells)): FittedClassification =>
  classificationTarget.fit(of, cells, rows, collectNotes());
const label = { code: 'label', file: 'a.csv', pointer: '/tasks/t/target' };

test('a number of classes means 0, 1, 2 … where all labels are among them, else as many as are found', () => {
  const counted = fit(settings({ classes: 3 }), column('2', '', '0.0'));
  assert.deepEqual(counted, { type: 'classification', name: 't', column: 'c', classes: ['0', '1', '2'], given: true });
  const found = fit(settings({ classes: 2 }), column('1', '2', '1'));
  assert.deepEqual([found.classes, found.given], [['1', '2'], false]);
  // Only the rows that are asked for count.
  assert.deepEqual(fit(settings({ classes: 2 }), column('1', '0', '5'), rowsOf(0, 1)).classes, ['0', '1']);
  assert.deepEqual(
    refusalInBoth(() => fit(settings({ classes: 2 }), column('1', '2', '3'))),
    {
      ...label,
      column: 'c',
      message:
        'Task “t” (a.csv): “classes” says 2, but column “c” holds 3 other ones: “1”, “2”, “3”. Correct the number, or list the classes.',
      zh: '任务“t”（a.csv）：“classes” 为 2，但列“c”含有 3 个其他标签：“1”、“2”、“3”。请更正该数，或列出各类别。',
    },
  );
});

test('found classes must be two at least and not too many', () => {
  const what = {
    en: ['no label', 'only the label “a”'],
    zh: ['没有标签', '只有标签“a”'],
  };
  for (const [index, cells] of [column('', ''), column('a', 'a')].entries()) {
    assert.deepEqual(
      refusalInBoth(() => fit(settings(), cells)),
      {
        ...label,
        column: 'c',
        message: `Task “t” (a.csv): column “c” holds ${what.en[index] ?? ''} in the training rows; two classes are the least. Check the column, data.missingTokens and data.split, or list the “classes”.`,
        zh: `任务“t”（a.csv）：列“c”在训练行中${what.zh[index] ?? ''}；至少需要两个类别。请检查该列、data.missingTokens 与 data.split，或列出“classes”。`,
      },
    );
  }
  const many = cellsOfArrays({ c: [[], Int32Array.from({ length: maxClasses + 1 }, (_, row) => row)] }, maxClasses + 1);
  assert.equal(fit(settings(), many, all(many).subarray(1)).classes.length, maxClasses);
  const { message, zh, column: named } = refusalInBoth(() => fit(settings(), many));
  const count = String(maxClasses + 1);
  assert.equal(
    message,
    `Task “t” (a.npz): column “c” holds ${count} different labels (“0”, “1”, “2”, “3”, “4”, “5”, “6”, “7” and ${String(maxClasses - 7)} more); ${String(maxClasses)} classes are the most. Is it an id, or a number for a “regression”?`,
  );
  assert.match(
    zh,
    new RegExp(`列“c”含有 ${count} 个不同标签（“0”、.* 等 ${count} 个），最多允许 ${String(maxClasses)} 个类别`),
  );
  assert.equal(named, 'c');
});

test('listed classes keep their order and their spelling; one twice is refused', () => {
  const listed = fit(settings({ classes: ['b', 1, true, 'é'] }), column('x', 'y'));
  assert.deepEqual([listed.classes, listed.given], [['b', '1', 'true', 'é'], true]);
  assert.deepEqual(
    refusalInBoth(() => fit(settings({ classes: ['1', 'a', '1.0'] }), column('x'))),
    {
      ...label,
      column: 'c',
      message: 'Task “t” (a.csv): the classes “1” and “1.0” are one label. Remove one.',
      zh: '任务“t”（a.csv）：类别“1”与“1.0”是同一个标签。请删除其一。',
    },
  );
});

test('a target of several columns is refused', () => {
  assert.deepEqual(
    refusalInBoth(() => fit(settings({ columns: ['c', 'd'] }), column('a', 'b'))),
    {
      ...label,
      column: 'c',
      message: 'Task “t” (a.csv): a classification has one target column, not 2.',
      zh: '任务“t”（a.csv）：分类任务只有一个目标列，而此处有 2 个。',
    },
  );
});

test('labels become places; unknown ones are counted, or refused where classes were listed', () => {
  const cells = column('b', '', 'z', 'a', 'y', 'z');
  const fitted = fit(settings(), cells, rowsOf(0, 3));
  const notes = collectNotes();
  const labels = classificationTarget.prepare(fitted, cells, rowsOf(5, 0, 1, 3, 4, 2), notes);
  assert.deepEqual(laidOut(labels, 6), {
    shape: [1],
    values: Float32Array.of(0, 1, 0, 0, 0, 0),
    labeled: Uint8Array.of(0, 1, 0, 1, 0, 0),
  });
  assert.deepEqual(
    notes.warnings.map(({ code, message, task }) => [code, message.en, message.zh, task]),
    [
      [
        'unknown-label',
        'Task “t”: 3 rows carry a label that training does not know (“z”, “y”); they do not count for this task.',
        '任务“t”：3 行的标签未在训练集中出现（“z”、“y”），不计入此任务。',
        't',
      ],
    ],
  );
  const one = collectNotes();
  classificationTarget.prepare(fitted, cells, rowsOf(4), one);
  assert.equal(
    one.warnings[0]?.message.en,
    'Task “t”: 1 row carries a label that training does not know (“y”); it does not count for this task.',
  );
  const known = collectNotes();
  classificationTarget.prepare(fitted, cells, rowsOf(0, 1), known);
  assert.deepEqual(known.warnings, []);
  const long = 'q'.repeat(70);
  assert.deepEqual(
    refusalInBoth(() =>
      classificationTarget.prepare({ ...fitted, given: true }, column('a', long), rowsOf(0, 1), notes),
    ),
    {
      ...label,
      column: 'c',
      row: 1,
      message: `Task “t” (a.csv): line 3, column “c”: “${'q'.repeat(60)}” is not one of the classes “a”, “b”. Add it to “classes”, correct the cell, or list it in data.missingTokens.`,
      zh: `任务“t”（a.csv）：第 3 行，列“c”：“${'q'.repeat(60)}”不在类别 “a”、“b” 之中。请加入 “classes”、修改单元格，或列入 data.missingTokens。`,
    },
  );
});
