/** Every layer of tfjs that a network may use: forward and backward on the embedded engine against the cpu backend. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openEngine } from '../../../src/engine/open.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { layerOutcome, layers } from './layer-cases.ts';
import { assertLayerSlopes, slopeCases } from './layer-slopes.ts';
import { assertClose, assetsDirectory, random, tensorOf, uniform } from './support.ts';

let engine: Engine;
before(async () => {
  engine = await openEngine('wasm', { assetsDirectory });
});
after(() => {
  engine.dispose();
});

for (const [name, shape, make] of layers) {
  test(`layer ${name}`, async () => {
    const want = await layerOutcome('cpu', shape, make);
    const got = await layerOutcome('wasm', shape, make);
    assertClose(got.value, want.value, 2e-5, name);
    assert.equal(got.gradients.length, want.gradients.length);
    want.gradients.forEach((gradient, i) => {
      assertClose(got.gradients[i] ?? [], gradient, 2e-5, `${name}, gradient ${String(i)}`);
    });
    assert.deepEqual([...engine.fallbacks()], [], 'no operation of a layer falls back to the cpu backend');
  });
}

for (const one of slopeCases) {
  test(`gradients of ${one[0]} are finite differences'`, async () => {
    await assertLayerSlopes('wasm', one);
    assert.deepEqual([...engine.fallbacks()], [], 'no operation of a layer falls back to the cpu backend');
  });
}

test('layer embedding', async () => {
  const run = async (backend: string): Promise<number[]> => {
    await tf.setBackend(backend);
    return tf.tidy(() => {
      const weights = tf.variable(tensorOf(uniform([5, 3], random(3))));
      const ids = tf.tensor2d(
        [
          [0, 4, 4],
          [1, 0, 4],
        ],
        [2, 3],
        'int32',
      );
      const { grads } = tf.variableGrads(() => tf.sum(tf.square(tf.gather(weights, ids))), [weights]);
      const gradient = Object.values(grads).flatMap((g) => [...g.dataSync()]);
      weights.dispose();
      return gradient;
    });
  };
  assertClose(await run('wasm'), await run('cpu'), 2e-5, 'embedding');
});
