// Forward passes for some tasks alone: their raw heads, a block's output before them, and one walk for each set of tasks.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { tf } from '../../../../src/engine/tfjs.ts';
import { buildModel } from '../../../../src/trainer/model/build.ts';
import { forwardTasks, forwardThrough } from '../../../../src/trainer/model/partial.ts';
import { type LoosePlan, planOf } from './fixture.ts';

before(async () => {
  await tf.setBackend('cpu');
});

const plan: LoosePlan = {
  inputs: { x: { shape: [3] } },
  blocks: { trunk: { input: ['x'], layers: [{ type: 'dense', units: 4, activation: 'tanh' }] } },
  tasks: {
    a: { type: 'classification', input: ['trunk'], units: 3 },
    b: { type: 'regression', input: ['trunk'], units: 1 },
    c: { type: 'regression', input: ['x'], units: 1 },
  },
};

const numbers = (tensors: readonly tf.Tensor[]): number[][] => tensors.map((tensor) => [...tensor.dataSync()]);

test('the heads of the tasks that are asked for, in that order', () => {
  const model = buildModel(planOf(plan), { seed: 1, conventions: 'tf' });
  tf.tidy(() => {
    const x = tf.tensor2d([[1, -2, 0.5], [0, 1, 3]]); // prettier-ignore
    const [a = [], b = [], c = []] = numbers(model.forward([x], true));
    assert.deepEqual(numbers(forwardTasks(model, [x], [2, 0], true)), [c, a]);
    assert.deepEqual(numbers(forwardTasks(model, [x], [1], false)), [b]);
    const [node, ...raw] = forwardThrough(model, [x], [1, 2], 'trunk');
    assert.deepEqual(numbers(raw), [b, c]);
    assert.deepEqual(node.shape, [2, 4]);
    // The head of b reads the block's output.
    const at = (path: string): tf.Tensor =>
      model.variables.find((each) => each.path === path)?.variable ?? assert.fail(path);
    const head = tf.add(
      tf.matMul(node as tf.Tensor2D, at('tasks/b/head/kernel') as tf.Tensor2D),
      at('tasks/b/head/bias'),
    );
    head.dataSync().forEach((value, i) => assert.ok(Math.abs(value - (b[i] ?? NaN)) < 1e-6, String(value)));
    assert.throws(() => forwardThrough(model, [x], [1], 'none'), /"none" has no single output/);
  });
  model.dispose();
});

test('a set of tasks is walked by the same layers, put together once', () => {
  const model = buildModel(planOf(plan), { seed: 1, conventions: 'tf' });
  // A walk is put together from the network's inputs.
  const { inputs } = model.network;
  let made = 0;
  Object.defineProperty(model.network, 'inputs', { configurable: true, get: () => ((made += 1), inputs) });
  tf.tidy(() => {
    const x = tf.ones([1, 3]);
    for (let time = 0; time < 3; time += 1) {
      forwardTasks(model, [x], [0, 1], true);
      forwardThrough(model, [x], [0, 1], 'trunk');
      forwardTasks(model, [x], [1, 2], true);
    }
  });
  Object.defineProperty(model.network, 'inputs', { configurable: true, writable: true, value: inputs });
  assert.equal(made, 3);
  model.dispose();
});
