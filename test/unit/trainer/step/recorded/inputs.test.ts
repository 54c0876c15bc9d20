/** Names and shapes of what recorded steps read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { tf } from '../../../../../src/engine/tfjs.ts';
import type { Batch, TargetTensors } from '../../../../../src/trainer/step/contract.ts';
import {
  batchTensors,
  filled,
  headName,
  rowName,
  sampleFrom,
  shapeKey,
  slotName,
  spread,
  tasksLeftOut,
  weightName,
} from '../../../../../src/trainer/step/recorded/inputs.ts';

const tensor = (shape: readonly number[], dtype = 'float32'): tf.Tensor =>
  ({ shape, dtype, rank: shape.length }) as unknown as tf.Tensor;

const target = (width: number, gaps = false): TargetTensors => ({
  target: tensor([4, width]),
  weights: tensor(gaps ? [4, width] : [4]),
});

function batch(targets: Batch['targets'], more: Partial<Batch> = {}): Batch {
  return { size: 4, inputs: [tensor([4, 8]), tensor([4, 2], 'int32')], targets, ...more };
}

test('no two things have the same name', () => {
  const names = [
    weightName('a'),
    slotName(0, 'a'),
    slotName(1, 'a'),
    slotName(0, 'b'),
    rowName(0),
    rowName(1),
    headName(0, 'a'),
    headName(1, 'a'),
    headName(0, 'b'),
    weightName('b'),
    ...batchTensors(batch([target(1), target(1)]), [0, 1]).keys(),
  ];
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.every((name) => name !== ''));
});

test('the tensors of a batch by name: all inputs, and targets and weights of the tasks present alone', () => {
  const [one, three] = [target(1), target(3)];
  const made = batch([one, null, three, target(2)]);
  const tensors = batchTensors(made, [0, 1, 2]);
  assert.deepEqual([...tensors.keys()], ['input 0', 'input 1', 'target 0', 'sample 0', 'target 2', 'sample 2']);
  assert.equal(tensors.get('input 1'), made.inputs[1]);
  assert.equal(tensors.get('target 2'), three.target);
  assert.equal(tensors.get('sample 2'), three.weights);
  assert.equal(tensors.get('sample 0'), one.weights);
});

test('a batch without some labels is filled where it can be, and its program told who has one', () => {
  const [one, stand] = [target(1), target(3)];
  const asked: number[] = [];
  const unlabeled = (task: number): TargetTensors => {
    asked.push(task);
    return stand;
  };
  const partial = batch([null, one, null], { unlabeled });
  assert.deepEqual(filled(partial).targets, [stand, one, stand]);
  assert.deepEqual(asked, [0, 2]);
  const plain = batch([null, one]);
  assert.equal(filled(plain), plain);
  const sample = sampleFrom(partial, 7, 2);
  assert.ok(sample);
  assert.deepEqual(sample.batch.targets, [stand, one, stand]);
  assert.deepEqual(
    [sample.present, sample.labeled, sample.partial, sample.step, sample.part],
    [[0, 1, 2], [1], true, 7, 2],
  );
  assert.equal(tasksLeftOut(sample), 3);
  const whole = sampleFrom(plain, 7, 0);
  assert.ok(whole);
  assert.deepEqual([whole.present, whole.labeled, whole.partial], [[1], [1], false]);
  assert.equal(tasksLeftOut(whole), null);
  assert.equal(sampleFrom(batch([null, null], { unlabeled }), 7, 0), null);
});

test('numbers of the labeled tasks stand at their places among all, 0 for the others', () => {
  const sample = sampleFrom(batch([null, target(1), null, target(1)], { unlabeled: () => target(1) }), 0, 0);
  assert.ok(sample);
  assert.deepEqual([...spread(sample, [null, 5, null, 6])], [0, 5, 0, 6]);
});

test('batches have the same key only with the same shapes, tasks and kind of weights', () => {
  const key = (targets: Batch['targets'], present: readonly number[], inputs = [[4, 8]]): string =>
    shapeKey({ ...batch(targets), inputs: inputs.map((shape) => tensor(shape)) }, present);
  const usual = key([target(1), target(3)], [0, 1]);
  assert.equal(key([target(1), target(3)], [0, 1]), usual);
  const others = [
    key([target(1), target(3)], [0]),
    key([target(1), target(3)], [1]),
    key([target(1), target(2)], [0, 1]),
    key([target(1), target(3, true)], [0, 1]),
    key([target(1, true), target(3)], [0, 1]),
    key([target(1), target(3)], [0, 1], [[4, 9]]),
    key([target(1), target(3)], [0, 1], [[48]]),
    key(
      [target(1), target(3)],
      [0, 1],
      [
        [4, 8],
        [4, 2],
      ],
    ),
  ];
  assert.equal(new Set([usual, ...others]).size, others.length + 1);
});
