import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { openEngine } from '../../../src/engine/open.ts';
import { findKernel } from '../../../src/engine/registry.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { wasmKernels } from '../../../src/engine/wasm/kernels.ts';
import { kernelCases } from './kernel-cases.ts';
import { assertClose, assertSlopes, assetsDirectory, outcome, type Case } from './support.ts';

let engine: Engine;
before(async () => {
  engine = await openEngine('wasm', { assetsDirectory });
});
after(() => {
  engine.dispose();
});

/** The kernels that tfjs calls while `action` runs on the embedded engine. */
async function calledDuring(action: () => Promise<unknown>): Promise<Set<string>> {
  const seen = new Set<string>();
  const wrapped = wasmKernels.flatMap((kernel) => {
    const config = findKernel(kernel.name, 'wasm');
    if (config === undefined) return [];
    tf.unregisterKernel(kernel.name, 'wasm');
    tf.registerKernel({ ...config, kernelFunc: (call) => (seen.add(kernel.name), config.kernelFunc(call)) });
    return [config];
  });
  try {
    await action();
  } finally {
    for (const config of wrapped) {
      tf.unregisterKernel(config.kernelName, 'wasm');
      tf.registerKernel(config);
    }
  }
  return seen;
}

async function check(name: string, example: Case): Promise<void> {
  const want = await outcome('cpu', example);
  const got = await outcome('wasm', example);
  assert.deepEqual(got.shape, want.shape, `${name}: shape`);
  assert.equal(got.dtype, want.dtype, `${name}: type`);
  assertClose(got.values, want.values, 2e-5, name);
  const trusted = example.trustCpu === false ? [] : want.gradients;
  trusted.forEach((gradient, i) => {
    assertClose(got.gradients[i] ?? [], gradient, 2e-5, `${name}: gradient of operand ${String(example.slopes[i])}`);
  });
  assertSlopes(example, got.gradients, name);
}

for (const kernel of wasmKernels) {
  test(`${kernel.name} equals the cpu backend and finite differences`, async () => {
    const families = kernelCases[kernel.name];
    assert.ok(families !== undefined, `${kernel.name} has no cases in kernel-cases.ts`);
    const called = await calledDuring(async () => {
      for (const family of families) {
        await fc.assert(
          fc.asyncProperty(family, (example) => check(kernel.name, example)),
          { numRuns: 25, seed: 20, includeErrorInReport: true },
        );
      }
    });
    assert.ok(called.has(kernel.name), `${kernel.name} was never called: its cases test something else`);
  });
}

test('kernels leave no memory behind', async () => {
  await tf.setBackend('wasm');
  const before = engine.backend.numDataIds();
  for (const families of Object.values(kernelCases)) {
    for (const family of families) {
      for (const example of fc.sample(family, { numRuns: 3, seed: 5 })) await outcome('wasm', example);
    }
  }
  assert.equal(engine.backend.numDataIds(), before);
});
