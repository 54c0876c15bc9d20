/** How well a task does: its metric where that lies in [0, 1], else what it takes off the loss of the best constant. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBounded } from '../../../../src/spec/index.ts';
import { performanceOf } from '../../../../src/trainer/baselines/performance.ts';
import { metrics } from '../../../../src/spec/schema/metrics.ts';

test('metrics with 1 as their best and 0 as their end are taken as they are, R² and errors are not', () => {
  const names = ['classification', 'regression', 'box'].flatMap((task) => Object.keys(metrics[task as 'box']));
  const taken = names.filter(isBounded);
  assert.deepEqual(taken, ['accuracy', 'macroF1', 'microF1', 'rocAuc', 'topK', 'meanIoU', 'iou50']);
  for (const name of ['f1', 'meanAveragePrecision', 'ap', 'ap50', 'mIoU', 'pixelAccuracy', 'dice', 'exactMatch', 'tokenAccuracy', 'spanF1', 'cIndex', 'recallAtK']) assert.equal(isBounded(name), true, name); // prettier-ignore
  for (const name of ['r2', 'mse', 'loss', 'Accuracy']) assert.equal(isBounded(name), false, name);
});

test('κ is kept within a hundredth of its ends, and is unknown where neither metric nor loss is', () => {
  const measured = { metric: 'accuracy', value: 0.7, loss: 0.25, constantLoss: 0.5 };
  assert.equal(performanceOf(measured), 0.7);
  assert.equal(performanceOf({ ...measured, value: 0 }), 0.01);
  assert.equal(performanceOf({ ...measured, value: 1 }), 0.99);
  assert.equal(performanceOf({ ...measured, value: null }), 0.5);
  assert.equal(performanceOf({ ...measured, value: NaN }), 0.5);
  assert.equal(performanceOf({ ...measured, metric: 'r2' }), 0.5);
  assert.equal(performanceOf({ ...measured, metric: 'r2', loss: 0.6 }), 0.01);
  assert.equal(performanceOf({ ...measured, metric: 'r2', loss: 0.001 }), 0.99);
  for (const loss of [null, NaN, Infinity]) {
    assert.equal(performanceOf({ ...measured, metric: 'r2', loss }), null);
    assert.equal(performanceOf({ ...measured, loss }), 0.7);
  }
  for (const constantLoss of [0, -1, NaN])
    assert.equal(performanceOf({ ...measured, value: null, constantLoss }), null);
});
