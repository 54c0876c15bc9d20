/** One box per image: how it is written, what its metrics compare, where the search for the best constant box begins. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { tf } from '../../../../src/engine/tfjs.ts';
import { asWritten, centersToCorners, cornersToRaw } from '../../../../src/trainer/tasks/boxes.ts';
import { constantLoss } from '../../../../src/trainer/tasks/constants.ts';
import { createTask, taskTypes } from '../../../../src/trainer/tasks/table.ts';
import type { Task, TaskFacts } from '../../../../src/trainer/tasks/contract.ts';
import { type LooseTask, planTask } from '../model/fixture.ts';
import { assertClose } from './vectors.ts';

const made = (settings: Partial<LooseTask> = {}, facts: TaskFacts = {}): Task =>
  createTask(planTask('t', { type: 'box', units: 4, input: [], ...settings }), facts);
const logit = (share: number): number => Math.log(share / (1 - share));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

before(async () => {
  await tf.setBackend('cpu');
});

test('the four numbers are called and written as the data has them', () => {
  // Center (0.5, 0.4), a fifth wide and a tenth high.
  const raw = [0.5, 0.4, 0.2, 0.1].map(logit);
  const written = {
    xyxy: { columns: ['t/x1', 't/y1', 't/x2', 't/y2'], unit: [0.4, 0.35, 0.6, 0.45], pixels: [80, 35, 120, 45] },
    cxcywh: { columns: ['t/cx', 't/cy', 't/w', 't/h'], unit: [0.5, 0.4, 0.2, 0.1], pixels: [100, 40, 40, 10] },
    xywh: { columns: ['t/x', 't/y', 't/w', 't/h'], unit: [0.4, 0.35, 0.2, 0.1], pixels: [80, 35, 40, 10] },
  };
  for (const [format, { columns, unit, pixels }] of Object.entries(written)) {
    const cells = (task: Task): readonly number[] => {
      const output = task.output(false);
      assert.deepEqual(output.columns, columns);
      const read = tf.tidy(() => output.read(tf.tensor2d([raw])).dataSync());
      return output.cells(read).map(Number);
    };
    assertClose(cells(made({ format })), unit, 1e-6);
    assertClose(cells(made({ format, scale: 'pixels' }, { imageSize: [100, 200] })), pixels, 1e-4);
  }
});

test('a task of boxes says so', () => {
  const task = made({ metrics: ['mse', 'meanIoU'], loss: { type: 'giou' } });
  assert.deepEqual(
    [task.name, task.type, task.lossName, task.rawShape, task.labelShape, task.metrics],
    ['t', 'box', 'giou', [4], [4], ['mse', 'meanIoU']],
  );
  assert.deepEqual(task.primary, { name: 'mse', higherIsBetter: false });
  assert.deepEqual(made({ metrics: ['meanIoU'] }).primary, { name: 'meanIoU', higherIsBetter: true });
  const raw = [0, 2, -1, 0.5];
  for (const way of ['predict', 'answers'] as const)
    assertClose([...tf.tidy(() => task[way](tf.tensor2d([raw])).dataSync())], raw.map(sigmoid), 1e-6);
});

test('one pixel of a fitted target tells the size of the image', () => {
  // 1 / 50 of the width and 1 / 20 of the height.
  const fitted = { type: 'box', name: 't', unit: [1 / 50, 1 / 20] };
  assert.deepEqual(taskTypes.box.facts(fitted as never, []), { imageSize: [20, 50] });
});

test('several boxes are decoded one after the other', () => {
  assertClose(made().decode([0.5, 0.5, 1, 1, 0.25, 0.75, 0.5, 0.1]), [0, 0, 1, 1, 0, 0.7, 0.5, 0.8], 1e-12);
});

test('corners, centers and raw numbers are the same box; beyond the image it is kept a little inside', () => {
  assert.deepEqual(centersToCorners([0.5, 0.25, 0.5, 0.25]), [0.25, 0.125, 0.75, 0.375]);
  assert.deepEqual(asWritten([0.25, 0.5, 0.75, 1], { format: 'xyxy', size: [8, 4] }), [2, 2, 6, 4]);
  assertClose(cornersToRaw([0.2, 0.1, 0.6, 0.9]), [0.4, 0.5, 0.4, 0.8].map(logit), 1e-12);
  assertClose(cornersToRaw([0, 0, 1, 1]), [0, 0, logit(1 - 1e-4), logit(1 - 1e-4)], 1e-9);
  assertClose(cornersToRaw([-3, 0.5, 1, 0.5]), [logit(1e-4), 0, logit(1 - 1e-4), logit(1e-4)], 1e-9);
});

test('sums of metrics are kept and taken up again', () => {
  const task = made({ metrics: ['meanIoU'] });
  const [one, other] = [task.newMetrics(), task.newMetrics()];
  // The left half of the image, once hit and once with a prediction of all of it.
  one.update([0.25, 0.5, 0.5, 1], [0, 0, 0.5, 1], [1]);
  other.restore(one.state());
  other.update([0.5, 0.5, 1, 1], [0, 0, 0.5, 1], [1]);
  assertClose([one.result().values.get('meanIoU') ?? NaN], [1], 1e-12);
  assertClose([other.result().values.get('meanIoU') ?? NaN], [0.75], 1e-12);
});

test('the best constant box begins at the better of the mean and the median box', () => {
  // Two of three are alike: the median box is theirs and the mean box is none of the three.
  const targets = [0.1, 0.1, 0.3, 0.3, 0.1, 0.1, 0.3, 0.3, 0.7, 0.7, 0.9, 0.9];
  const training = { targets, weights: [1, 1, 1] };
  const task = made({ loss: { type: 'iou' } });
  const best = task.bestConstant(training) ?? new Float32Array();
  const median = cornersToRaw([0.1, 0.1, 0.3, 0.3]);
  assertClose([...best].map(sigmoid), [0.2, 0.2, 0.2, 0.2], 2e-3);
  // 1 − IoU is 0, 0 and 1 of it: the best is as good but for the last step.
  assertClose([constantLoss(task.loss, median, [4], training)], [1 / 3], 1e-9);
  assertClose([constantLoss(task.loss, best, [4], training)], [1 / 3], 2e-3);
});

test('of thousands of labels the best constant box looks at some from all over them, and at no row without a label', () => {
  const rows = 5000;
  const [targets, weights]: [number[], number[]] = [[], []];
  for (let row = 0; row < rows; row++) {
    // Boxes of one size; the first half of the labels lies left, the second right of 0.5, and between them unlabeled rows.
    const x = row < rows / 2 ? 0.3 : 0.5;
    const labeled = row % 2 === 0;
    targets.push(...(labeled ? [x, 0.4, x + 0.2, 0.6] : [0, 0, 0.01, 0.01]));
    weights.push(labeled ? 1 : 0);
  }
  const best = made({ loss: { type: 'smooth-l1' } }).bestConstant({ targets, weights }) ?? new Float32Array();
  assertClose([...best].map(sigmoid), [0.5, 0.5, 0.2, 0.2], 5e-3);
});
