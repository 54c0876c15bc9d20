/** Captured runs leave nothing behind. 50,000 steps: test/bench/captured-memory.ts. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nodeBackend } from '../../../../../../src/engine/native/kernels.ts';
import { openEngine } from '../../../../../../src/engine/open.ts';
import { tf } from '../../../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../../../src/engine/contract.ts';
import { filesOf, specOf } from '../../../../matrix/cases.ts';
import { installedFolder, nativeSuite } from '../../../../engine/native/support.ts';
import { assetsDirectory } from '../../../../engine/support.ts';
import { half, takeSteps } from './pair.ts';

nativeSuite('memory of captured steps', () => {
  let engine: Engine;
  before(async () => {
    engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
  });
  after(() => engine.dispose());

  for (const strategy of ['static', 'mgda']) {
    test(`${strategy}: steps and evaluations keep no tensor, a run that ends no session`, async () => {
      const { binding } = nodeBackend(engine.backend);
      const sessions = binding.getNumOfSavedModels();
      const made = specOf({ strategy, mechanism: 'hard', task: 'classification', labels: 'half', engine: 'native' });
      const training = { batchSize: 16, steps: 10_000, seed: 3 };
      const running = await half(engine, { ...made, training }, filesOf({ labels: 'half' }), true);
      assert.equal(running.graph, true, running.detail);
      // Every shape of batch has come by, gradients have been measured, an evaluation has been made.
      takeSteps(running, 110);
      const [tensors, held, memory] = [tf.memory().numTensors, engine.backend.numDataIds(), process.memoryUsage.rss()];
      takeSteps(running, 300);
      assert.equal(tf.memory().numTensors, tensors);
      assert.equal(engine.backend.numDataIds(), held);
      assert.equal(binding.getNumOfSavedModels(), sessions + 1);
      assert.ok(process.memoryUsage.rss() - memory < 2 ** 27, 'resident memory grows');
      running.dispose();
      assert.equal(binding.getNumOfSavedModels(), sessions);
    });
  }
});
