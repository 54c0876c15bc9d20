import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openEngine } from '../../../src/engine/open.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import { adamUpdate, type AdamInputs, type AdamOutputs, type AdamStep } from '../../../src/engine/updates.ts';
import { assetsDirectory, random, tensorOf, uniform } from './support.ts';

/** The formula in tensor operations. */
function inOperations({ value, gradient, mean, square }: AdamInputs, step: AdamStep): AdamOutputs {
  const m = tf.add(mean, tf.mul(tf.sub(gradient, mean), 1 - step.beta1));
  const v = tf.add(square, tf.mul(tf.sub(tf.square(gradient), square), 1 - step.beta2));
  const change = tf.div(tf.mul(m, step.stepSize), tf.add(tf.sqrt(v), step.epsilon));
  return { value: tf.sub(tf.mul(value, step.keep), change), mean: m, square: v };
}

const steps = fc.record({
  stepSize: fc.double({ min: 1e-5, max: 0.1, noNaN: true }),
  beta1: fc.double({ min: 0, max: 0.99, noNaN: true }),
  beta2: fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
  epsilon: fc.constantFrom(1e-8, 1e-7, 1e-3),
  keep: fc.constantFrom(1, 0.99999),
});

test('the one-pass Adam has the bits of the formula in tensor operations, at any length', async () => {
  const engine = await openEngine('wasm', { assetsDirectory });
  const lengths = fc.integer({ min: 0, max: 67 });
  fc.assert(
    fc.property(steps, lengths, fc.integer(), (step, length, seed) => {
      const next = random(seed);
      const make = (): ReturnType<typeof tensorOf> => tensorOf(uniform([length], next));
      tf.tidy(() => {
        const inputs = { value: make(), gradient: make(), mean: make(), square: tf.square(make()) };
        const before = Object.values(inputs).map((x) => [...x.dataSync()]);
        const got = adamUpdate(inputs, step);
        assert.ok(got !== undefined);
        const want = inOperations(inputs, step);
        for (const name of ['value', 'mean', 'square'] as const) {
          assert.deepEqual(got[name].dataSync(), want[name].dataSync(), name);
        }
        assert.deepEqual(
          Object.values(inputs).map((x) => [...x.dataSync()]),
          before,
          'the inputs are untouched',
        );
      });
    }),
    { numRuns: 60 },
  );
  engine.dispose();
});

test('where a graph is recorded, which any scalar among its numbers tells, there is no such kernel', async () => {
  const engine = await openEngine('wasm', { assetsDirectory });
  tf.tidy(() => {
    const x = tf.ones([2]);
    const inputs = { value: x, gradient: x, mean: x, square: x };
    const step = { stepSize: 0.1, epsilon: 1e-7, beta1: 0.9, beta2: 0.999, keep: 1 };
    assert.ok(adamUpdate(inputs, step));
    for (const name of ['stepSize', 'epsilon', 'keep'] as const)
      assert.equal(adamUpdate(inputs, { ...step, [name]: tf.scalar(step[name]) }), undefined, name);
  });
  engine.dispose();
});

test('a backend without the kernel says so', async () => {
  await tf.setBackend('cpu');
  tf.tidy(() => {
    const x = tf.ones([2]);
    const step = { stepSize: 0.1, epsilon: 1e-7, beta1: 0.9, beta2: 0.999, keep: 1 };
    assert.equal(adamUpdate({ value: x, gradient: x, mean: x, square: x }, step), undefined);
  });
});
