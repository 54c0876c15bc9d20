/** One box a row: formats, pixels, boxes without area, and what is no box. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { boxTarget, type BoxSettings, type FittedBox } from '../../../../src/samples/targets/box.ts';
import {
  targetColumns,
  targetRow,
  type FittedTarget,
  type TargetSettings,
} from '../../../../src/samples/targets/table.ts';
import { collectNotes, type Cells } from '../../../../src/samples/contract.ts';
import { assertClose, cellsOfArrays, cellsOfCsv, refusal, rowsOf } from '../helpers.ts';
import { gatherAll } from '../../../../src/samples/row-stores.ts';

const settings = (more: Partial<BoxSettings> = {}): BoxSettings => ({
  type: 'box',
  name: 't',
  columns: ['a', 'b', 'c', 'd'],
  format: 'xyxy',
  scale: 'unit',
  ...more,
});
const fitted = (more: Partial<FittedBox> = {}): FittedBox => ({
  type: 'box',
  name: 't',
  columns: ['a', 'b', 'c', 'd'],
  format: 'xyxy',
  unit: [1, 1],
  ...more,
});
const boxes = (...rows: readonly string[]): Cells => cellsOfCsv(`a,b,c,d\n${rows.join('\n')}\n`);

test('the unit of pixels is one by width, one by height', () => {
  const cells = boxes('0,0,1,1');
  const fit = (more: Partial<BoxSettings>) => boxTarget.fit(settings(more), cells, rowsOf(0), collectNotes());
  assert.deepEqual(fit({ format: 'xywh' }), fitted({ format: 'xywh' }));
  assert.deepEqual(fit({ scale: 'pixels', image: [20, 50] }).unit, [1 / 50, 1 / 20]);
  assert.deepEqual(fit({ image: [20, 50] }).unit, [1, 1]);
  assert.deepEqual(
    refusal(() => fit({ scale: 'pixels' })),
    {
      code: 'label',
      message:
        'Task “t”: boxes in pixels need the size of the image, and the spec has not exactly one image input. Divide the boxes by width and height and set "scale": "unit".',
    },
  );
  assert.deepEqual(
    refusal(() => fit({ columns: ['a', 'b', 'c'] })),
    {
      code: 'shape',
      message: 'Task “t”: a box has four numbers, the target has 3. Name four columns, or one array of four.',
      file: 'a.csv',
    },
  );
  assert.deepEqual(
    refusal(() => boxTarget.prepare(fitted({ columns: ['a'] }), cells, rowsOf(0), collectNotes())),
    { code: 'shape', message: 'Task “t”: a box has four numbers, the target in a.csv has 1.', file: 'a.csv' },
  );
});

test('boxes of every format become corners in fractions of the image', () => {
  const cells = boxes('10,4,20,8');
  const corners = (format: FittedBox['format']): number[] => [
    ...gatherAll(
      boxTarget.prepare(fitted({ format, unit: [1 / 100, 1 / 40] }), cells, rowsOf(0), collectNotes()).values,
      1,
    ),
  ];
  assertClose(corners('xyxy'), [0.1, 0.1, 0.2, 0.2]);
  assertClose(corners('xywh'), [0.1, 0.1, 0.3, 0.3]);
  assertClose(corners('cxcywh'), [0, 0, 0.2, 0.2]);
});

test('a box without width or height is no label, told with the first of them; a gap neither, and not told here', () => {
  const cells = boxes('0,0,1,1', '0.5,0,0.5,1', '0,0.5,1,0.5', '0.6,0,0.5,1', '0,0.6,1,0.5', '0,0,,1', '0,0,2,2');
  const notes = collectNotes();
  const labels = boxTarget.prepare(fitted(), cells, rowsOf(6, 0, 1, 2, 3, 4, 5), notes);
  assert.deepEqual([...labels.values.shape, ...labels.labeled], [4, 1, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual([...gatherAll(labels.values, 3)], [0, 0, 2, 2, 0, 0, 1, 1, 0, 0, 0, 0]);
  assert.deepEqual(labels.gaps, { rows: 1, columns: [0, 0, 1, 0] });
  assert.deepEqual(
    notes.warnings.map(({ code, message, task }) => [code, message.en, message.zh, task]),
    [
      [
        'empty-box',
        'Task “t”: 4 rows (first: a.csv, line 3) hold a box without area and do not count for this task. Is the format right?',
        '任务“t”：4 行（首行：a.csv，第 3 行）的框没有面积，不计入此任务。format 是否正确？',
        't',
      ],
    ],
  );
  const one = collectNotes();
  const whole = boxTarget.prepare(fitted(), cells, rowsOf(1, 0), one);
  assert.equal('gaps' in whole, false);
  assert.match(
    one.warnings[0]?.message.en ?? '',
    /: 1 row \(first: a\.csv, line 3\) holds a box without area and does not/,
  );
  const none = collectNotes();
  boxTarget.prepare(fitted(), cells, rowsOf(0), none);
  assert.deepEqual(none.warnings, []);
});

test('targets of every type are fitted and prepared by their own rows', () => {
  const cells = cellsOfArrays({ b: [[4], Float32Array.of(0, 0, 8, 4, 1, 1, 2, 2)], y: [[], Float32Array.of(1, 3)] }, 2);
  const notes = collectNotes();
  const rows = rowsOf(0, 1);
  const fitted = (given: TargetSettings): FittedTarget => targetRow(given).fit(given, cells, rows, notes);
  const prepared = (target: FittedTarget): number[] => [
    ...gatherAll(targetRow(target).prepare(target, cells, rows, notes).values, 2),
  ];
  const box = fitted(settings({ columns: ['b'], scale: 'pixels', image: [4, 8], format: 'xywh' }));
  const regression = fitted({ type: 'regression', name: 'r', columns: ['y'], normalize: 'minmax' });
  const classes = fitted({ type: 'classification', name: 'c', columns: ['y'] });
  assert.deepEqual([box, regression, classes].map(targetColumns), [['b'], ['y'], ['y']]);
  assert.deepEqual(prepared(box), [0, 0, 1, 1, 0.125, 0.25, 0.375, 0.75]);
  assert.deepEqual(prepared(regression), [0, 1]);
  assert.deepEqual(prepared(classes), [0, 1]);
});

test('a row that lacks a number has no label, and hides none of those after it', () => {
  const cells = boxes(',0,1,1', '0,0,1,1', '0,,1,1', '0,0,,1', '0,0,1,', '0,0,0,1', '0,0,0.5,1');
  const notes = collectNotes();
  const { values, labeled } = boxTarget.prepare(fitted(), cells, rowsOf(0, 1, 2, 3, 4, 5, 6), notes);
  assert.deepEqual([...labeled], [0, 1, 0, 0, 0, 0, 1]);
  assert.deepEqual([...gatherAll(values, 7)].slice(4, 8), [0, 0, 1, 1]);
  assert.deepEqual([...gatherAll(values, 7)].slice(24), [0, 0, 0.5, 1]);
  assert.deepEqual(
    notes.warnings.map(({ code }) => code),
    ['empty-box'],
  );
});
