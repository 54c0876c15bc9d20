/** One class out of K: what a prediction is called, what the metrics are given, the best constants at their ends. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { tf } from '../../../../src/engine/tfjs.ts';
import { createTask, taskTypes } from '../../../../src/trainer/tasks/table.ts';
import type { Task, TaskFacts } from '../../../../src/trainer/tasks/contract.ts';
import { type LooseTask, planTask } from '../model/fixture.ts';
import { assertClose } from './vectors.ts';

const made = (settings: Partial<LooseTask>, facts: TaskFacts = {}): Task =>
  createTask(planTask('t', { type: 'classification', units: 3, input: [], ...settings }), facts);
const named = { classes: ['a', 'b', 'c'], classCounts: [3, 2, 1] };
const read = (values: readonly number[][], through: (raw: tf.Tensor) => tf.Tensor): number[] =>
  tf.tidy(() => [...through(tf.tensor2d(values as number[][])).dataSync()]);

before(async () => {
  await tf.setBackend('cpu');
});

test('classes without names are called by their number', () => {
  const task = made({});
  assert.deepEqual([0, 1, 2].map((index) => task.output(false).cells([index])), [['0'], ['1'], ['2']]); // prettier-ignore
  assert.deepEqual(task.output(true).columns, ['t', 't/0', 't/1', 't/2']);
  assert.deepEqual(task.output(true).cells([0.2, 0.1, 0.7]), ['2', 0.2, 0.1, 0.7]);
  assert.deepEqual([task.rawShape, task.labelShape], [[3], [1]]);
});

test('a prediction is the name of the most probable class, the first of several; nothing where there is none', () => {
  const output = made({}, named).output(false);
  assert.deepEqual(output.columns, ['t']);
  assert.deepEqual(read([[0, 2, 1], [5, 5, 1], [0, 0, 0.5]], (raw) => output.read(raw)), [1, 0, 2]); // prettier-ignore
  assert.deepEqual([[0], [1], [2], [3], []].map((index) => output.cells(index)), [['a'], ['b'], ['c'], [null], [null]]); // prettier-ignore
});

test('with probabilities, one column a class beside the name', () => {
  const output = made({}, named).output(true);
  assert.deepEqual(output.columns, ['t', 't/a', 't/b', 't/c']);
  assertClose(
    read([[0, Math.LN2, 0]], (raw) => output.read(raw)),
    [0.25, 0.5, 0.25],
    1e-6,
  );
  assert.deepEqual(output.cells([0.25, 0.5, 0.25]), ['b', 0.25, 0.5, 0.25]);
  assert.deepEqual(output.cells([0.4, 0.2, 0.4]), ['a', 0.4, 0.2, 0.4]);
  assert.deepEqual(output.cells([NaN, NaN, NaN]), [null, NaN, NaN, NaN]);
});

test('metrics are given the most probable class alone where that is enough for all of them', () => {
  const logits = [[0, Math.LN2, 0], [Math.LN2, 0, 0]]; // prettier-ignore
  const shares = [0.25, 0.5, 0.25, 0.5, 0.25, 0.25];
  assert.deepEqual(
    read(logits, (raw) => made({ metrics: ['accuracy'] }, named).answers(raw)),
    [1, 0],
  );
  assertClose(
    read(logits, (raw) => made({ metrics: ['accuracy', 'logLoss'] }, named).answers(raw)),
    shares,
    1e-6,
  );
  const sums = made({ metrics: ['accuracy'] }, named).newMetrics();
  sums.update([1, 0], [1, 2], [1, 1]);
  assert.equal(sums.result().values.get('accuracy'), 0.5);
});

test('probabilities stay as they are when decoded, and a fitted target tells its classes and their counts', () => {
  assert.deepEqual([...made({}, named).decode([0.25, 0.5, 0.25])], [0.25, 0.5, 0.25]);
  const fitted = { type: 'classification', name: 't', classes: ['x', 'y'] };
  assert.deepEqual(taskTypes.classification.facts(fitted as never, [4, 5]), {
    classes: ['x', 'y'],
    classCounts: [4, 5],
  });
});

test('a class without a label keeps a probability of 1e-12, and weights count as shares', () => {
  const labels = { targets: [0, 0, 2, 1], weights: [1, 2, 1, 0] };
  const best = made({ loss: { type: 'cross-entropy', labelSmoothing: 0 } }, named).bestConstant(labels) ?? [];
  assertClose(best, [Math.log(0.75), Math.log(1e-12), Math.log(0.25)], 1e-5);
});

test('of two classes under the focal loss, the logits differ as its minimum says, at most by 30', () => {
  const focal = made({ units: 2, loss: { type: 'focal', gamma: 0 } }, { classes: ['a', 'b'], classCounts: [3, 1] });
  // Without its exponent it is the cross-entropy: the logarithm of the ratio of the shares.
  const [difference = NaN, zero] = focal.bestConstant({ targets: [0, 0, 0, 1], weights: [1, 1, 1, 1] }) ?? [];
  assertClose([difference], [Math.log(3)], 1e-5);
  assert.equal(zero, 0);
  for (const [label, most] of [
    [0, 30],
    [1, -30],
  ] as const) {
    assertClose(focal.bestConstant({ targets: [label, label], weights: [1, 1] }) ?? [], [most, 0], 0.1);
  }
});

test('of three classes under the focal loss without its exponent, the constant gives each its share', () => {
  const focal = made({ loss: { type: 'focal', gamma: 0 } }, named);
  const best = focal.bestConstant({ targets: [0, 0, 1, 2, 2, 2], weights: [1, 1, 1, 1, 1, 2] }) ?? new Float32Array();
  assert.equal(best.length, 3);
  assertClose(
    read([[...best]], (raw) => focal.predict(raw)),
    [2 / 7, 1 / 7, 4 / 7],
    1e-4,
  );
});
