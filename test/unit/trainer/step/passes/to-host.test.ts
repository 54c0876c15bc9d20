/** Sums, inner products and Gram matrices on the host, against sums written out. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { tf } from '../../../../../src/engine/tfjs.ts';
import type { Model } from '../../../../../src/trainer/model/build.ts';
import type { StepTask } from '../../../../../src/trainer/step/contract.ts';
import { fullLayout, sharedLayout, wholeOf } from '../../../../../src/trainer/step/passes/layout.ts';
import type { Passed } from '../../../../../src/trainer/step/passes/passes.ts';
import {
  dotOf,
  gramOf,
  gramOfRows,
  normsOfRows,
  readPart,
  together,
} from '../../../../../src/trainer/step/passes/to-host.ts';
import { readSum } from '../../../../../src/trainer/step/passes/update.ts';

before(async () => {
  await tf.setBackend('cpu');
});

test('inner products over any part of two rows', () => {
  // Σ k·(2k + 1) of whole numbers is exact.
  const [a, b] = [Array.from({ length: 23 }, (_, k) => k), Array.from({ length: 23 }, (_, k) => 2 * k + 1)];
  for (let from = 0; from < 6; from++) {
    for (let to = from; to <= 23; to++) {
      let expected = 0;
      for (let k = from; k < to; k++) expected += k * (2 * k + 1);
      assert.equal(dotOf(a, b, from, to), expected, `${String(from)} to ${String(to)}`);
    }
  }
});

/** Rows of small whole numbers, longer than what is visited or transferred at once. */
const rows = (count: number, length: number): number[][] =>
  Array.from({ length: count }, (_, row) => Array.from({ length }, (__, k) => ((k * (row + 2)) % 7) - 3));

function product(a: readonly number[], b: readonly number[], offset: number, size: number): number {
  let sum = 0;
  for (let k = offset; k < offset + size; k++) sum += (a[k] ?? NaN) * (b[k] ?? NaN);
  return sum;
}

test('Gram matrices over a part of rows, also of rows against others', () => {
  const [a, b] = [rows(3, 9000), rows(5, 9000).slice(3)];
  for (const [offset, size] of [
    [0, 9000],
    [5, 4096],
    [100, 4097],
    [7, 3],
    [0, 8192],
    [0, 0],
  ] as const) {
    // prettier-ignore
    assert.deepEqual(gramOf(a, { offset, size }), a.map((one) => a.map((two) => product(one, two, offset, size))));
    assert.deepEqual(gramOf(a, { offset, size }, b), a.map((one) => b.map((two) => product(one, two, offset, size)))); // prettier-ignore
  }
});

test('Gram matrices and lengths of rows in the engine, in pieces, without a leak', () => {
  const length = 65_536 + 1000;
  const values = rows(2, length);
  const tensors = values.map((row) => tf.tensor1d(row));
  const held = tf.memory().numTensors;
  for (const [offset, size] of [
    [0, length],
    [0, 65_536],
    [10, 65_537],
    [3, 5],
  ] as const) {
    // prettier-ignore
    const expected = values.map((one) => values.map((two) => product(one, two, offset, size)));
    assert.deepEqual(gramOfRows(tensors, { offset, size }), expected);
    const norms = normsOfRows(tensors, { offset, size });
    assert.deepEqual(norms, [Math.sqrt(expected[0]?.[0] ?? NaN), Math.sqrt(expected[1]?.[1] ?? NaN)]);
  }
  assert.equal(tf.memory().numTensors, held);
  tf.dispose(tensors);
});

test('losses and answers stand at the places of their tasks', () => {
  const tasks = [1, 10, 100].map((factor) => ({
    answers: (raw: tf.Tensor) => tf.mul(raw, factor),
  })) as unknown as StepTask[];
  const passed: Passed = [
    { index: 0, raw: tf.tensor2d([[1], [2]]), sum: tf.scalar(5), weight: tf.scalar(7) },
    { index: 2, raw: tf.tensor2d([[3], [4]]), sum: tf.scalar(6), weight: tf.scalar(8) },
  ];
  const held = tf.memory().numTensors;
  const part = readPart({ tasks }, passed);
  assert.equal(tf.memory().numTensors, held);
  assert.deepEqual(part.losses, [{ sum: 5, weight: 7 }, null, { sum: 6, weight: 8 }]);
  assert.deepEqual(part.answers.map((list) => list && Array.from(list)), [[1, 2], null, [300, 400]]); // prettier-ignore
});

test('the losses of parts are summed up task by task; without any they stay absent', () => {
  const parts = [
    { losses: [{ sum: 1, weight: 2 }, null, null], answers: [] },
    null,
    { losses: [{ sum: 10, weight: 20 }, { sum: 5, weight: 6 }, null], answers: [] },
  ];
  const forward = together(3, parts);
  assert.deepEqual(forward.losses, [{ sum: 11, weight: 22 }, { sum: 5, weight: 6 }, null]);
  assert.equal(forward.parts, parts);
  assert.deepEqual(together(2, []).losses, [null, null]);
});

test('scalars are summed up, and freed', () => {
  const held = tf.memory().numTensors;
  assert.equal(readSum([tf.scalar(1.5), tf.scalar(2), tf.scalar(-1)]), 2.5);
  assert.equal(readSum([]), 0);
  assert.equal(tf.memory().numTensors, held);
});

test('rows list the shared parameters, or all, one after another in the model’s order', () => {
  const of = (path: string, shape: number[], shared: boolean, trainable: boolean) => ({
    ...{ path, shared, trainable },
    variable: { shape, size: shape.reduce((a, b) => a * b, 1) },
  });
  const variables = [
    of('a', [2, 3], true, true),
    of('frozen', [5], true, false),
    of('head', [4], false, true),
    of('b', [7], true, true),
  ] as unknown as Model['variables'];
  assert.deepEqual(sharedLayout({ variables }), {
    variables: [
      { path: 'a', offset: 0, size: 6, shape: [2, 3] },
      { path: 'b', offset: 6, size: 7, shape: [7] },
    ],
    size: 13,
  });
  const full = fullLayout({ variables });
  assert.deepEqual(full.variables.map(({ path, offset }) => [path, offset]), [['a', 0], ['head', 6], ['b', 10]]); // prettier-ignore
  assert.equal(full.size, 17);
  assert.deepEqual(wholeOf(full), [{ name: '', offset: 0, size: 17 }]);
});
