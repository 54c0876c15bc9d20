/** What a kernel gives, and that it leaves nothing behind. */
import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../../src/engine/tfjs.ts';
import { wasmBackend } from '../../../../src/engine/wasm/heap.ts';

const dataIds = (): number => wasmBackend(tf.backend()).numDataIds();

/**
 * Ids that the compiled kernels know after `act` and did not know before: they have a table of their own, also for matrices
 * inside another tensor's memory.
 */
function leftInKernels(act: () => void): number[] {
  const kernels = wasmBackend(tf.backend()).wasm.tfjs;
  const registerTensor = kernels.registerTensor.bind(kernels);
  const disposeData = kernels.disposeData.bind(kernels);
  const known = new Set<number>();
  kernels.registerTensor = (id, ...rest) => {
    known.add(id);
    registerTensor(id, ...rest);
  };
  kernels.disposeData = (id) => {
    known.delete(id);
    disposeData(id);
  };
  try {
    act();
  } finally {
    Object.assign(kernels, { registerTensor, disposeData });
  }
  return [...known];
}

/** Type, shape and numbers of what `make` returns; nothing else may be left of it. */
export function told(make: () => Tensor): unknown[] {
  const before = dataIds();
  let found: unknown[] = [];
  const left = leftInKernels(() => {
    tf.tidy(() => {
      const out = make();
      found = [out.dtype, out.shape, Array.from(out.dataSync() as ArrayLike<unknown>)];
    });
  });
  assert.deepEqual(left, [], 'something is left in the kernels');
  assert.equal(dataIds(), before, 'something is left');
  return found;
}

/** What every refusal must leave: nothing. */
export function refused(make: () => unknown, message: RegExp): void {
  const before = dataIds();
  assert.throws(() => tf.tidy(() => void make()), message);
  assert.equal(dataIds(), before, 'something is left');
}
