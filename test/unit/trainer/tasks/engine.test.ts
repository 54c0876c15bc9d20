/** The losses on the embedded engine: same values and gradients as the references, without a leak. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../../../src/engine/open.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { lossCases } from './losses/cases.ts';
import { lossNamed } from '../resolved.ts';
import { assertClose } from './vectors.ts';

const assetsDirectory = fileURLToPath(
  new URL('../../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url),
);

describe('losses on the embedded engine', () => {
  let engine: Engine | undefined;
  before(async () => {
    engine = await openEngine('wasm', { assetsDirectory });
  });
  after(() => engine?.dispose());

  it('are those of the references', () => {
    for (const entry of lossCases()) {
      const loss = lossNamed(entry.task, entry.loss, entry.parameters, entry.context);
      const held = tf.memory().numTensors;
      tf.tidy(() => {
        const target = tf.tensor2d(entry.target);
        const weights = tf.tensor1d(entry.weights);
        const evaluate = (x: tf.Tensor): tf.Tensor => loss.evaluate(x, target, weights).sum;
        const { value, grad } = tf.valueAndGrad(evaluate)(tf.tensor2d(entry.raw));
        assertClose(value.dataSync(), [entry.sum], 5e-6, entry.loss);
        assertClose(grad.dataSync(), entry.gradient.flat(), 2e-5, `${entry.loss} gradient`);
      });
      assert.equal(tf.memory().numTensors, held);
    }
  });
});
