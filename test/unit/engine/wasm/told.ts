/** What a kernel gives, and that it leaves nothing behind. */
import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../../src/engine/tfjs.ts';
import { wasmBackend } from '../../../../src/engine/wasm/heap.ts';

const dataIds = (): number => wasmBackend(tf.backend()).numDataIds();

/** Type, shape and numbers of what `make` returns; nothing else may be left of it. */
export function told(make: () => Tensor): unknown[] {
  const before = dataIds();
  let found: unknown[] = [];
  tf.tidy(() => {
    const out = make();
    found = [out.dtype, out.shape, Array.from(out.dataSync() as ArrayLike<unknown>)];
  });
  assert.equal(dataIds(), before, 'something is left');
  return found;
}

/** What every refusal must leave: nothing. */
export function refused(make: () => unknown, message: RegExp): void {
  const before = dataIds();
  assert.throws(() => tf.tidy(() => void make()), message);
  assert.equal(dataIds(), before, 'something is left');
}
