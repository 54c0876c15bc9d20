import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { tf } from '../../../../src/engine/tfjs.ts';
import {
  addPenaltyGradients,
  clipByGlobalNorm,
  globalNorm,
  penalty,
  type Regularizable,
  regularizedVariables,
} from '../../../../src/trainer/optimizers/gradients.ts';
import { assertClose } from '../tasks/vectors.ts';

function variable(path: string, values: number[], rest: Partial<Regularizable> = {}): Regularizable {
  const value = tf.tidy(() => tf.variable(tf.tensor1d(values)));
  return { path, variable: value, trainable: true, kernel: true, l1: 0, l2: 0, ...rest };
}

describe('penalties and clipping', () => {
  before(async () => {
    await tf.setBackend('cpu');
  });

  it('add λ₁ sign(w) + 2λ₂w to kernels, to others only what their layer asks for', () => {
    const held = tf.memory().numTensors;
    const all = [
      variable('first', [1]),
      variable('kernel', [3, -2, 0]),
      variable('bias', [5], { kernel: false }),
      variable('embeddings', [2], { kernel: false, l2: 1 }),
      variable('frozen', [7], { trainable: false }),
    ];
    const regularized = regularizedVariables(all, { l1: 0.1, l2: 0.5 });
    assert.deepEqual(
      regularized.map(({ path }) => path),
      ['first', 'kernel', 'embeddings'],
    );
    const value = penalty(regularized);
    assertClose(value.dataSync(), [0.1 * 5 + 0.5 * 13 + 4 + 0.1 + 0.5], 1e-6);
    value.dispose();
    const gradients = new Map<string, tf.Tensor>([
      ['kernel', tf.tensor1d([1, 1, 1])],
      ['bias', tf.tensor1d([1])],
      ['embeddings', tf.tensor1d([1])],
    ]);
    addPenaltyGradients(gradients, regularized);
    assertClose(gradients.get('kernel')?.dataSync() ?? [], [1 + 0.1 + 3, 1 - 0.1 - 2, 1], 1e-6);
    assertClose(gradients.get('bias')?.dataSync() ?? [], [1], 0);
    assertClose(gradients.get('embeddings')?.dataSync() ?? [], [5], 1e-6);
    // A variable that had no data gradient in this step stays untouched; those after it have their penalties.
    assert.equal(gradients.has('first'), false);
    tf.dispose([...gradients.values(), ...all.map((entry) => entry.variable)]);
    assert.equal(tf.memory().numTensors, held);
  });

  it('clip by the global norm, in place, without a leak', () => {
    const gradients = new Map<string, tf.Tensor>([
      ['a', tf.tensor1d([3, 0])],
      ['b', tf.tensor2d([[0, 4]])],
    ]);
    const held = tf.memory().numTensors;
    assert.equal(globalNorm(gradients.values()), 5);
    assert.deepEqual(clipByGlobalNorm(gradients, 10), { norm: 5, factor: 1 });
    assert.deepEqual(clipByGlobalNorm(gradients, 1), { norm: 5, factor: 0.2 });
    assertClose(
      [...(gradients.get('a')?.dataSync() ?? []), ...(gradients.get('b')?.dataSync() ?? [])],
      [0.6, 0, 0, 0.8],
      1e-6,
    );
    assert.equal(tf.memory().numTensors, held);
    tf.dispose([...gradients.values()]);
  });
});
