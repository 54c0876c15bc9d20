import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEngine } from '../../../src/engine/open.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import { assetsDirectory, random, tensorOf, uniform } from './support.ts';

const steps = 5000;

test('5,000 steps of forward, backward and update leave no tensor and no memory behind', async () => {
  const engine = await openEngine('wasm', { assetsDirectory });
  const next = random(1);
  const x = tensorOf(uniform([8, 6, 6, 1], next)) as ReturnType<typeof tf.tensor4d>;
  const y = tensorOf(uniform([8, 2], next));
  const filter = tf.variable(tensorOf(uniform([3, 3, 1, 2], next)) as ReturnType<typeof tf.tensor4d>);
  const dense = tf.variable(tensorOf(uniform([8, 2], next)) as ReturnType<typeof tf.tensor2d>);
  const optimizer = tf.train.adam(1e-3);
  const loss = (): ReturnType<typeof tf.scalar> => {
    const features = tf.maxPool(tf.relu(tf.conv2d(x, filter, 1, 'valid')), 2, 2, 'valid');
    return tf.mean(tf.square(tf.sub(tf.matMul(tf.reshape(features, [8, 8]), dense), y)));
  };
  const step = (): void => {
    tf.tidy(() => {
      const { grads } = tf.variableGrads(loss, [filter, dense]);
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    });
  };
  const collect = (globalThis as { gc?: () => void }).gc;
  for (let i = 0; i < 1000; i++) step();
  const tensors = tf.memory().numTensors;
  const dataIds = engine.backend.numDataIds();
  collect?.();
  const resident = process.memoryUsage().rss;
  for (let i = 0; i < steps; i++) step();
  collect?.();
  assert.equal(tf.memory().numTensors, tensors);
  assert.equal(engine.backend.numDataIds(), dataIds);
  const grown = (process.memoryUsage().rss - resident) / 2 ** 20;
  assert.ok(grown < 64, `the process grew by ${grown.toFixed(1)} MiB over ${String(steps)} steps`);
  optimizer.dispose();
  tf.dispose([x, y, filter, dense]);
  engine.dispose();
});
