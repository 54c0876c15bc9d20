/** What the native engine computes, against the plain cpu backend and finite differences. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { openEngine } from '../../../../src/engine/open.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { gather, kernelCases } from '../kernel-cases.ts';
import { layerOutcome, layers } from '../layer-cases.ts';
import { assertLayerSlopes, slopeCases } from '../layer-slopes.ts';
import { assertPooling } from '../pooling-values.ts';
import { assertClose, assertSlopes, assetsDirectory, outcome, type Case } from '../support.ts';
import { installedFolder, nativeSuite } from './support.ts';

const { Conv3DBackpropInputV2: _, ...common } = kernelCases;

/**
 * The cases of the embedded engine's kernels. Of sums by segment only those with ids that exist: TensorFlow refuses the
 * others, which tfjs drops. Without three-dimensional convolutions, which no spec can ask for.
 */
const cases = { ...common, UnsortedSegmentSum: [gather] };

async function check(name: string, example: Case): Promise<void> {
  const want = await outcome('cpu', example);
  const got = await outcome('tensorflow', example);
  assert.deepEqual(got.shape, want.shape, `${name}: shape`);
  assert.equal(got.dtype, want.dtype, `${name}: type`);
  assertClose(got.values, want.values, 2e-5, name);
  const trusted = example.trustCpu === false ? [] : want.gradients;
  trusted.forEach((gradient, i) => {
    assertClose(got.gradients[i] ?? [], gradient, 2e-5, `${name}: gradient of operand ${String(example.slopes[i])}`);
  });
  assertSlopes(example, got.gradients, name);
}

nativeSuite('native kernels', () => {
  let engine: Engine;
  before(async () => {
    engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
  });
  after(() => {
    engine.dispose();
  });

  for (const [name, families] of Object.entries(cases)) {
    test(`${name} equals the cpu backend and finite differences`, async () => {
      for (const family of families) {
        await fc.assert(
          fc.asyncProperty(family, (example) => check(name, example)),
          { numRuns: 15, seed: 20, includeErrorInReport: true },
        );
      }
    });
  }

  for (const [name, shape, make] of layers) {
    test(`layer ${name}`, async () => {
      const before = [...engine.fallbacks()];
      const want = await layerOutcome('cpu', shape, make);
      const got = await layerOutcome('tensorflow', shape, make);
      assertClose(got.value, want.value, 2e-5, name);
      assert.equal(got.gradients.length, want.gradients.length);
      want.gradients.forEach((gradient, i) => {
        assertClose(got.gradients[i] ?? [], gradient, 2e-5, `${name}, gradient ${String(i)}`);
      });
      assert.deepEqual([...engine.fallbacks()], before, 'no operation of a layer falls back to the cpu backend');
    });
  }

  for (const one of slopeCases) {
    test(`gradients of ${one[0]} are finite differences'`, () => assertLayerSlopes('tensorflow', one));
  }

  test('pooling: not-a-number, edges, plateaus', () => assertPooling('tensorflow'));

  test('an index outside the table is refused, not read', async () => {
    await tf.setBackend('tensorflow');
    const table = tf.ones([3, 2]);
    assert.throws(() => tf.gather(table, tf.tensor1d([0, 3], 'int32')).dataSync(), /not in \[0, 3\)/);
  });

  test('what tfjs-node lacks runs on the cpu backend and is counted', async () => {
    await tf.setBackend('tensorflow');
    const sorted = tf.tensor1d([1, 3, 5, 7]);
    const found = tf.searchSorted(sorted, tf.tensor1d([0, 4, 9]), 'left');
    assert.deepEqual([...found.dataSync()], [0, 2, 4]);
    assert.ok((engine.fallbacks().get('SearchSorted') ?? 0) > 0);
  });

  test('kernels leave no memory behind', async () => {
    await tf.setBackend('tensorflow');
    const before = engine.backend.numDataIds();
    for (const families of Object.values(cases)) {
      for (const family of families) {
        for (const example of fc.sample(family, { numRuns: 2, seed: 5 })) await outcome('tensorflow', example);
      }
    }
    assert.equal(engine.backend.numDataIds(), before);
  });
});
