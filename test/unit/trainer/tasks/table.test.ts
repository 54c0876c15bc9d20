import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { tf } from '../../../../src/engine/tfjs.ts';
import { constantLoss } from '../../../../src/trainer/tasks/constants.ts';
import { createTask, predictionActivation } from '../../../../src/trainer/tasks/table.ts';
import type { LabeledTargets, Task, TaskFacts } from '../../../../src/trainer/tasks/contract.ts';
import { type LooseTask, planTask } from '../model/fixture.ts';
import { assertClose } from './vectors.ts';

function task(settings: Omit<LooseTask, 'input'>, facts: TaskFacts = {}): Task {
  return createTask(planTask('任务', { ...settings, input: [] }), facts);
}

const species = { type: 'classification', units: 3, metrics: ['accuracy', 'topK', 'logLoss'] } as const;
const names = { classes: ['a', 'b', 'c'], classCounts: [3, 2, 1] };
const height = { type: 'regression', units: 2, metrics: ['mae', 'r2'] } as const;
const scalings = [
  { method: 'standard', shift: 100, divisor: 10 },
  { method: 'none', shift: 0, divisor: 1 },
] as const;
const where = { type: 'box', units: 4, metrics: ['meanIoU', 'iou50', 'mse'] } as const;

/** No raw output anywhere near does better than the constant: it is the minimum. */
function assertBest(made: Task, training: LabeledTargets, tolerance = 1e-6): void {
  const best = made.bestConstant(training);
  assert.ok(best);
  const value = constantLoss(made.loss, best, made.labelShape, training);
  assert.ok(Number.isFinite(value));
  const moves = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
    minLength: best.length,
    maxLength: best.length,
  });
  fc.assert(
    fc.property(moves, fc.double({ min: 0, max: 1, noNaN: true }), (direction, size) => {
      const moved = direction.map((by, index) => (best[index] ?? 0) + by * size);
      const other = constantLoss(made.loss, moved, made.labelShape, training);
      assert.ok(other >= value - tolerance, `${made.lossName}: ${String(other)} < ${String(value)}`);
    }),
    { numRuns: 300 },
  );
}

describe('tasks', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  it('turn raw heads into predictions, and predictions into the units of the data', () => {
    tf.tidy(() => {
      assertClose(
        task(species, names)
          .predict(tf.tensor2d([[0, Math.LN2, 0]]))
          .dataSync(),
        [0.25, 0.5, 0.25],
        1e-6,
      );
      const values = task(height, { scalings });
      assertClose(values.decode(values.predict(tf.tensor2d([[0.5, 7]])).dataSync()), [105, 7], 1e-6);
      const counts = task({ ...height, units: 1, loss: { type: 'poisson' } });
      assertClose(counts.decode(counts.predict(tf.tensor2d([[Math.log(3)]])).dataSync()), [3], 1e-6);
      const quantiles = task(
        { ...height, loss: { type: 'quantile', quantiles: [0.2, 0.8] } },
        { scalings: scalings.slice(0, 1) },
      );
      assert.deepEqual(quantiles.labelShape, [1]);
      assertClose(quantiles.decode([-1, 1]), [90, 110], 1e-9);
      const box = task({ ...where, format: 'xywh', scale: 'pixels' }, { imageSize: [100, 200] });
      assertClose(box.decode(box.predict(tf.tensor2d([[0, 0, 0, 0]])).dataSync()), [50, 25, 100, 50], 1e-6);
      const centers = task({ ...where, format: 'cxcywh' });
      assertClose(centers.decode([0.4, 0.5, 0.2, 0.3]), [0.4, 0.5, 0.2, 0.3], 1e-9);
    });
  });

  it('judge in the units of the data', () => {
    const values = task(height, { scalings });
    const sums = values.newMetrics();
    // Off by half a standard deviation in the first column, by 2 in the second.
    sums.update([0.5, 3, 1.5, 7], [0, 1, 1, 5], [1, 1]);
    assertClose([sums.result().values.get('mae') ?? NaN], [(5 + 2) / 2], 1e-9);
    const box = task({ ...where, scale: 'pixels' }, { imageSize: [10, 20] });
    const boxes = box.newMetrics();
    boxes.update([0.5, 0.5, 1, 1], [0, 0, 1, 0.5], [1]);
    assertClose([boxes.result().values.get('meanIoU') ?? NaN], [0.5], 1e-9);
    assertClose([boxes.result().values.get('mse') ?? NaN], [25 / 4], 1e-9);
  });

  it('start a box head at the mean training box, unlabeled rows left out', () => {
    const box = task(where);
    const training = { targets: [0.1, 0.2, 0.5, 0.6, 0.3, 0.4, 0.7, 0.8, 9, 9, 9, 9], weights: [1, 1, 0] };
    const bias = box.headBias(training) ?? [];
    assertClose(
      tf.tidy(() => box.predict(tf.tensor2d([[...bias]])).dataSync()),
      [0.4, 0.5, 0.4, 0.4],
      1e-6,
    );
    assert.equal(box.headBias({ targets: [0, 0, 0, 0], weights: [0] }), undefined);
    assert.equal(task(species, names).headBias(training), undefined);
  });

  it('know the constant that no other constant beats, for every loss', () => {
    const labels = { targets: [0, 0, 0, 1, 1, 2, 2], weights: [1, 1, 2, 1, 1, 0.5, 0] };
    for (const loss of [
      { type: 'cross-entropy', labelSmoothing: 0 },
      { type: 'cross-entropy', labelSmoothing: 0.2 },
      { type: 'weighted-cross-entropy', classWeights: 'balanced', labelSmoothing: 0.1 },
      { type: 'weighted-cross-entropy', classWeights: new Map([['b', 3]]), labelSmoothing: 0 },
      { type: 'focal', gamma: 2 },
      { type: 'focal', gamma: 0.5, alpha: new Map([['a', 0.25]]) },
    ]) {
      assertBest(task({ ...species, loss }, names), labels);
    }
    assertBest(
      task({ ...species, units: 2, loss: { type: 'focal', gamma: 2 } }, { classes: ['a', 'b'], classCounts: [5, 2] }),
      {
        targets: [0, 0, 0, 0, 0, 1, 1],
        weights: [1, 1, 1, 1, 1, 1, 1],
      },
    );
    const numbers = { targets: [-1.5, 4, 0.2, 1, 0.3, 0, 2.5, 2, 9, 9], weights: [1, 1, 2, 0.5, 0] };
    for (const type of ['mse', 'mae', 'huber', 'log-cosh'])
      assertBest(task({ ...height, loss: { type } }, { scalings }), numbers);
    const quantile = { ...height, units: 6, loss: { type: 'quantile', quantiles: [0.1, 0.5, 0.9] } };
    assertBest(task(quantile, { scalings }), numbers);
    const counts = { targets: [0, 3, 1, 7], weights: [1, 1, 1, 2] };
    assertBest(task({ ...height, units: 1, loss: { type: 'poisson' } }), counts);
    const boxes = { targets: [0.1, 0.1, 0.5, 0.6, 0.2, 0.15, 0.6, 0.5, 0.3, 0.2, 0.7, 0.7], weights: [1, 1, 1] };
    for (const type of ['iou', 'giou', 'diou', 'ciou', 'smooth-l1'])
      assertBest(task({ ...where, loss: { type } }), boxes, 2e-4);
  });

  it('find a box that is better than the mean box where the loss is not the squared one', () => {
    const targets = [0.1, 0.1, 0.3, 0.3, 0.1, 0.1, 0.32, 0.3, 0.12, 0.1, 0.3, 0.3, 0.6, 0.6, 0.95, 0.95];
    const training = { targets, weights: [1, 1, 1, 1] };
    for (const type of ['iou', 'giou']) {
      const made = task({ ...where, loss: { type } });
      const best = made.bestConstant(training) ?? [];
      const mean = made.headBias(training) ?? [];
      const gain = constantLoss(made.loss, mean, [4], training) - constantLoss(made.loss, best, [4], training);
      assert.ok(gain > 0.1, `${type}: ${String(gain)}`);
      assertBest(made, training, 2e-4);
    }
  });

  it('have closed forms for the plain constants: frequencies, mean, median', () => {
    const labels = { targets: [0, 0, 1, 2], weights: [1, 1, 1, 1] };
    const logarithms = task(species, names).bestConstant(labels) ?? [];
    assertClose(Array.from(logarithms, Math.exp), [0.5, 0.25, 0.25], 1e-6);
    const numbers = { targets: [1, 2, 9], weights: [1, 1, 1] };
    const one = { ...height, units: 1 };
    assertClose(task({ ...one, loss: { type: 'mse' } }).bestConstant(numbers) ?? [], [4], 1e-6);
    assertClose(task({ ...one, loss: { type: 'mae' } }).bestConstant(numbers) ?? [], [2], 1e-6);
    assert.equal(task(one).bestConstant({ targets: [1], weights: [0] }), undefined);
  });

  it('take k of topK from the spec, and the first metric as primary', () => {
    const plan = planTask('t', { type: 'classification', units: 3, input: [], metrics: ['topK'] });
    const two = createTask(
      { ...plan, spec: { ...plan.spec, metrics: [{ type: 'topK', k: 2 }] } as typeof plan.spec },
      names,
    );
    const sums = two.newMetrics();
    sums.update([0.5, 0.3, 0.2, 0.5, 0.3, 0.2], [1, 2], [1, 1]);
    assert.equal(sums.result().values.get('topK'), 0.5);
    assert.deepEqual(two.primary, { name: 'topK', higherIsBetter: true });
    assert.deepEqual(task({ ...species, metrics: [] }, names).primary, { name: 'loss', higherIsBetter: false });
  });

  it('refuse facts that do not fit, and say what does not', () => {
    assert.throws(() => task(species, { classes: ['a'] }), /"任务" has 3 outputs, but the data has 1 classes/);
    assert.throws(
      () => task(height, { scalings: scalings.slice(0, 1) }),
      /2 outputs, which does not fit its 1 target columns/,
    );
    assert.throws(() => task({ ...where, scale: 'pixels' }), /boxes in pixels need an image input/);
    assert.throws(() => task({ ...species, type: 'tagging' as 'box' }), {
      text: {
        en: 'Tasks of type "tagging" cannot be trained by this version (task "任务").',
        zh: '此版本尚不能训练类型为“tagging”的任务（任务“任务”）。',
      },
    });
    assert.throws(() => predictionActivation('tagging'), {
      text: {
        en: 'Tasks of type "tagging" cannot be trained by this version.',
        zh: '此版本尚不能训练类型为“tagging”的任务。',
      },
    });
    assert.throws(
      () =>
        task(
          { ...species, loss: { type: 'weighted-cross-entropy', classWeights: 'balanced' } },
          { ...names, classCounts: [1, 0, 1] },
        ),
      /"b" has none/,
    );
  });

  it('are read off what fits their type: shares of classes, numbers as they are, corners within the image', () => {
    assert.deepEqual(['classification', 'regression', 'box'].map(predictionActivation), [
      'softmax',
      'linear',
      'sigmoid',
    ]);
  });
});
