/** Boxes beside what they are measured in: formats and their inverse, the frame of the image, and what lies outside of it. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { passes } from '../../../../src/common/checks.ts';
import { boxTarget, fromCorners, toCorners, type Box, type BoxSettings } from '../../../../src/samples/targets/box.ts';
import { collectNotes } from '../../../../src/samples/contract.ts';
import type { Frame } from '../../../../src/samples/inputs/contract.ts';
import { cellsOfCsv, refusal, refusalInBoth, rowsOf } from '../helpers.ts';

const columns = ['a', 'b', 'c', 'd'];
const settings: BoxSettings = { type: 'box', name: 't', columns, format: 'xyxy', scale: 'pixels' };
const fitted = { type: 'box', name: 't', columns, format: 'xyxy', unit: [1, 1] } as const;

test('corners go to every format and back', () => {
  const corners: Box = [1, 2, 5, 12];
  const expected = { xyxy: [1, 2, 5, 12], xywh: [1, 2, 4, 10], cxcywh: [3, 7, 4, 10] } as const;
  for (const format of ['xyxy', 'xywh', 'cxcywh'] as const) {
    assert.deepEqual(fromCorners(corners, format), expected[format], format);
    assert.deepEqual(toCorners(expected[format], format), corners, format);
  }
});

test('what the spec says of a box is taken over', () => {
  const task = { format: 'xywh', scale: 'pixels' } as Parameters<typeof boxTarget.settings>[1];
  assert.deepEqual(boxTarget.settings('t', task, columns), { ...settings, format: 'xywh' });
  assert.deepEqual(boxTarget.columns(fitted), columns);
  // A double of each number, its float, and whether it is there: 16 bytes for each of four columns.
  assert.equal(
    boxTarget.bytes(settings, () => []),
    64,
  );
  assert.equal(
    boxTarget.bytes({ ...settings, columns: ['a'] }, () => [4]),
    64,
  );
});

test('pixels are those of the only image; a picture whose places move allows no boxes', () => {
  const frame = (more: Partial<Frame> = {}): Frame => ({
    name: 'x',
    source: [20, 50],
    target: [2, 5],
    keepsPlaces: true,
    resize: 'stretch',
    ...more,
  });
  const beside = (...frames: readonly Frame[]): BoxSettings | undefined => boxTarget.beside?.(settings, frames);
  assert.deepEqual(beside(frame()), { ...settings, image: [20, 50] });
  assert.deepEqual(beside(), settings);
  assert.deepEqual(beside(frame(), frame({ name: 'y' })), settings);
  for (const frames of [
    [frame({ keepsPlaces: false, resize: 'pad' })],
    [frame({ name: 'y' }), frame({ keepsPlaces: false, resize: 'pad' })],
  ]) {
    const { code, message } = refusal(() => beside(...frames));
    assert.equal(code, 'not-available');
    assert.match(message, /^Input “x”: resize "pad" to another aspect ratio beside the box task “t”/);
  }
});

/** Looks at boxes, one a line, and gives what was remarked. */
function looked(rows: readonly string[], more: Partial<Parameters<typeof boxTarget.prepare>[0]> = {}) {
  const notes = collectNotes();
  const cells = cellsOfCsv(`a,b,c,d\n${rows.join('\n')}\n`);
  boxTarget.examine?.({ ...fitted, ...more }, [], cells, Int32Array.from(rows.keys()), notes);
  return notes.warnings.map(({ code, message, task }) => [code, message.en, message.zh, task]);
}

test('a box may touch the edge and reach a hundredth beyond it; farther out is told once, with the first row', () => {
  assert.deepEqual(looked(['0,0,1,1', '-0.01,-0.01,1.01,1.01', ',0,1,1']), []);
  for (const beyond of ['-0.02,0,1,1', '0,-0.02,1,1', '0,0,1.02,1', '0,0,1,1.02', '-2,0,1,2'])
    assert.deepEqual(
      looked(['0,0,1,1', beyond]).map(([code]) => code),
      ['box-outside'],
      beyond,
    );
  assert.deepEqual(looked(['0,0,1,1', '0,0,1.1,1', '0,0,1,1', '0.5,-0.1,1,1']), [
    [
      'box-outside',
      'Task “t”: 2 rows hold a box that reaches beyond the image (first: a.csv, line 3); a prediction never does. Are format and scale right?',
      '任务“t”：2 行的框超出图像（首个：a.csv，第 3 行），而预测不会超出。请检查 format 与 scale。',
      't',
    ],
  ]);
  assert.match(looked(['0,0,1.1,1'])[0]?.[1] ?? '', /: 1 row holds a box/);
});

test('each number is measured along its own side of the image', () => {
  const unit = [1 / 100, 1 / 10] as const;
  assert.deepEqual(looked(['20,2,100,10'], { unit }), []);
  assert.deepEqual(looked(['50,5,100,10'], { unit, format: 'cxcywh' }).length, 0);
  assert.deepEqual(looked(['50,5,100,10'], { unit, format: 'xywh' }).length, 1);
  assert.deepEqual(looked(['20,2,100,11'], { unit }).length, 1);
  assert.deepEqual(looked(['20,2,110,10'], { unit }).length, 1);
});

test('a box beyond twice the image is refused, with the number that is in another unit', () => {
  const far = (box: string, unit: readonly [number, number]) => refusalInBoth(() => looked(['0,0,1,1', box], { unit }));
  assert.deepEqual(far('0.5,0.5,1,-2.5', [1, 1]), {
    code: 'label',
    message:
      'Task “t” (a.csv, line 3, column “a, b, c, d”): -2.5 is far outside the image. If the boxes are in pixels, set "scale": "pixels".',
    zh: '任务“t”（a.csv，第 3 行，列“a, b, c, d”）：-2.5 远在图像之外。若框以像素计，请设置 "scale": "pixels"。',
    file: 'a.csv',
    row: 1,
    column: 'a, b, c, d',
    pointer: '/tasks/t/target',
  });
  const pixels = far('150,25,199,40', [1 / 100, 1 / 10]);
  assert.match(pixels.message, /: 25 is far outside the image\. Check the format, and whether the boxes are in pixels/);
  assert.match(pixels.zh, /：25 远在图像之外。请检查 format/);
  // Along the width 199 of 100 is not far; the first of several far numbers is named.
  assert.match(far('0,1,250,90', [1 / 100, 1 / 10]).message, /: 250 is far/);
  // No number is far by itself, but where it ends is.
  const sum = refusal(() => looked(['1.5,0,1.5,1'], { format: 'xywh' }));
  assert.match(sum.message, /: 1\.5, 0, 1\.5, 1 is far outside the image\. If/);
});

test('a target of another width is left to its refusal elsewhere', () => {
  assert.deepEqual(looked(['9,9,9,9'], { columns: ['a', 'b', 'c'] }), []);
});

test('a saved box has all its members, of the right kind', () => {
  for (const format of ['xyxy', 'cxcywh', 'xywh']) assert.ok(passes(boxTarget.check, { ...fitted, format }), format);
  for (const member of Object.keys(fitted)) {
    const { [member as keyof typeof fitted]: _, ...others } = fitted;
    assert.equal(passes(boxTarget.check, others), false, member);
  }
  for (const wrong of [
    { format: '' },
    { format: 'yxyx' },
    { type: 1 },
    { name: 1 },
    { columns: [1] },
    { unit: [1] },
    { unit: [1, 1, 1] },
    { unit: [1, 0] },
  ])
    assert.equal(passes(boxTarget.check, { ...fitted, ...wrong }), false, JSON.stringify(wrong));
});

test('gaps are told in words for one row and for several', () => {
  const missing = { en: 'a 1', zh: 'a 一行' };
  assert.deepEqual(boxTarget.gaps?.(fitted, 1, missing), {
    en: 'Task “t”: 1 row has a box that lacks some of its four numbers (missing: a 1), which is no label.',
    zh: '任务“t”：1 行的目标框缺少四个数中的一部分（缺失：a 一行），不作为标签。',
  });
  assert.match(boxTarget.gaps(fitted, 3, missing).en, /^Task “t”: 3 rows have a box/);
});

test('only the rows that are asked for are measured', () => {
  const cells = cellsOfCsv('a,b,c,d\n0,0,9,9\n0,0,1,1\n0,0,1,1.5\n');
  const notes = collectNotes();
  boxTarget.examine?.(fitted, [], cells, rowsOf(1, 2), notes);
  assert.match(notes.warnings[0]?.message.en ?? '', /1 row holds .* \(first: a\.csv, line 4\)/);
});
