// Gradients by the representation: carried on to the parameters they are those by the parameters.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Engine } from '../../../../../src/engine/contract.ts';
import { tf } from '../../../../../src/engine/tfjs.ts';
import { distance, embeddedEngine, parameters } from '../../training-helpers.ts';
import { smallTrial, takeSteps, type Fields, type Overrides } from '../helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

async function trained(strategy: Fields, overrides: Overrides = {}): Promise<Map<string, Float32Array>> {
  const made = await smallTrial({ strategy, ...overrides });
  takeSteps(made, 1);
  const held = tf.memory().numTensors;
  takeSteps(made, 3);
  assert.equal(tf.memory().numTensors, held, 'a step leaks tensors');
  const values = parameters(made.prepared);
  for (const [path, numbers] of values) assert.ok(numbers.every(Number.isFinite), path);
  made.dispose();
  return values;
}

describe('over the representation', () => {
  // With c = 0 CAGrad is the mean whatever the gradients are, so that both ways must give one run.
  for (const training of [{}, { accumulate: 2, batchSize: 4 }]) {
    test(`the mean of the gradients is that over the shared parameters ${JSON.stringify(training)}`, async () => {
      const cagrad = { name: 'cagrad', c: 0 };
      const direct = await trained(cagrad, { training });
      for (const inner of ['per-sample', 'batch-sum']) {
        const through = await trained({ ...cagrad, over: 'representation', inner }, { training });
        assert.ok(distance(direct, through) < 2e-6, inner);
      }
    });
  }

  test('the weights are those of the gradients by the node: they differ from those by the parameters', async () => {
    const direct = await trained({ name: 'mgda' });
    const through = await trained({ name: 'mgda', over: 'representation' });
    assert.ok(distance(direct, through) > 1e-5);
  });

  for (const name of ['pcgrad', 'graddrop', 'trimmed-mean', 'nash-mtl', 'imtl']) {
    test(`${name} trains`, async () => {
      await trained({ name, over: 'representation' });
    });
  }
  test('sdmgrad trains over batch sums', async () => {
    await trained({ name: 'sdmgrad', over: 'representation', inner: 'batch-sum' });
  });
});
