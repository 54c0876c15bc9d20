/** What TensorFlow is fed: types and shapes, and the ids of tensors that it has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeJSKernelBackend } from '../../../../../../src/engine/native/tfjs-node.ts';
import type { tf } from '../../../../../../src/engine/tfjs.ts';
import { shapesOf } from '../../../../../../src/trainer/step/executors/captured/feeds.ts';
import { tracerOf } from '../../../../../../src/trainer/step/executors/captured/tracer.ts';

const tensor = (shape: readonly number[], dtype = 'float32'): tf.Tensor => ({ shape, dtype }) as unknown as tf.Tensor;

test('what is fed is the id that the backend knows the tensor by', () => {
  const backend = { getInputTensorIds: () => [12] } as unknown as NodeJSKernelBackend;
  assert.equal(tracerOf(backend).idOf(tensor([1])), 12);
});

test('shapes of what is fed, with the types of TensorFlow', () => {
  const shapes = shapesOf(
    new Map([
      ['a', tensor([4, 8])],
      ['b', tensor([4], 'int32')],
      ['c', tensor([], 'bool')],
    ]),
  );
  // DataType of types.proto: DT_FLOAT 1, DT_INT32 3, DT_BOOL 10.
  assert.deepEqual(
    [...shapes],
    [
      ['a', { type: 1, shape: [4, 8] }],
      ['b', { type: 3, shape: [4] }],
      ['c', { type: 10, shape: [] }],
    ],
  );
});
