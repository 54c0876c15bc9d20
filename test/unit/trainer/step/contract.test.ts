/** Which tasks a batch is of, and what their losses are divided by. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  divisorOf,
  presentAnywhere,
  presentIn,
  presentInAll,
  restricted,
  type Batch,
  type TargetTensors,
} from '../../../../src/trainer/step/contract.ts';

const target = {} as TargetTensors;

/** A batch of four samples with labels of some of four tasks. */
function batch(...labeled: number[]): Batch {
  return { size: 4, inputs: [], targets: [0, 1, 2, 3].map((task) => (labeled.includes(task) ? target : null)) };
}

test('tasks of one batch, of any and of all of several, ascending', () => {
  assert.deepEqual(presentIn(batch(1, 3)), [1, 3]);
  assert.deepEqual(presentIn(batch()), []);
  assert.deepEqual(presentAnywhere([batch(3), batch(1, 3), batch(0)]), [0, 1, 3]);
  assert.deepEqual(presentInAll([batch(3, 1), batch(1, 3, 2), batch(3)]), [3]);
  assert.deepEqual(presentInAll([batch(0), batch(1)]), []);
  assert.deepEqual([presentAnywhere([]), presentInAll([])], [[], []]);
  // By number, not by letter.
  const wide: Batch = { ...batch(), targets: Array.from({ length: 12 }, (_, task) => (task > 8 ? target : null)) };
  assert.deepEqual(presentAnywhere([wide, batch(2)]), [2, 9, 10, 11]);
});

test('a batch as if only some tasks had labels', () => {
  const whole = batch(0, 1, 3);
  const part = restricted(whole, [1, 2]);
  assert.deepEqual(part.targets, [null, target, null, null]);
  assert.equal(part.inputs, whole.inputs);
  assert.deepEqual(presentIn(whole), [0, 1, 3]);
});

test('losses are divided by the weight of their labels, or by the batch', () => {
  assert.equal(divisorOf({ sum: 9, weight: 3 }, 'labelled-mean', 16), 3);
  assert.equal(divisorOf({ sum: 9, weight: 3 }, 'batch-mean', 16), 16);
});
