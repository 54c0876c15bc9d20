import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineError } from '../../../src/engine/errors.ts';
import { openEngine } from '../../../src/engine/open.ts';
import { wasmBackend } from '../../../src/engine/wasm/heap.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import { describeError } from '../../../src/trainer/errors.ts';
import { assetsDirectory } from './support.ts';

const MiB = 2 ** 20;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow: (this: Memory, pages: number) => number;
}
const { WebAssembly: assembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly instantiate: unknown; readonly Memory: { readonly prototype: Memory } };
};

function failure(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('memory that cannot grow is an error at once, and what was there is not overwritten', async (t) => {
  const { instantiate } = assembly;
  const engine = await openEngine('wasm', { assetsDirectory });
  assert.equal(assembly.instantiate, instantiate, 'the hook is taken away again');
  const kept = tf.tensor1d([1, 2, 3]);
  // A machine that gives no more than 64 MB.
  const { grow } = assembly.Memory.prototype;
  t.mock.method(assembly.Memory.prototype, 'grow', function (this: Memory, pages: number) {
    if (this.buffer.byteLength + pages * 65536 > 64 * MiB) throw new RangeError('no more');
    return grow.call(this, pages);
  });
  // Handed over by JavaScript, and made by an operation.
  const made = [() => tf.tensor1d(new Float32Array(32 * MiB)), () => tf.tile(kept, [8 * MiB])];
  for (const act of made) {
    const error = failure(act);
    assert.ok(error instanceof EngineError, String(error));
    assert.equal(error.code, 'memory');
    assert.match(error.message, /needs \d{2,3} MB of memory.*batchSize.*runtime install.*checkpoint/);
    assert.deepEqual(describeError(error), { code: 'memory', message: error.message, zh: error.text.zh });
  }
  assert.deepEqual([...kept.dataSync()], [1, 2, 3]);
  assert.deepEqual([...tf.add(kept, 1).dataSync()], [2, 3, 4]);
  engine.dispose();
});

test('beyond the 4 GB of WebAssembly it is the same error', async (t) => {
  t.mock.method(assembly.Memory.prototype, 'grow', () => {
    throw new RangeError('no more');
  });
  const engine = await openEngine('wasm', { assetsDirectory });
  // Taken by 32 bits the last two would be no bytes and 16 bytes of memory.
  for (const size of [2 ** 29 + 2 ** 28, 2 ** 30 - 2 ** 16, 2 ** 30, 2 ** 30 + 4]) {
    const error = failure(() => wasmBackend(engine.backend).makeOutput([size], 'float32'));
    assert.ok(error instanceof EngineError, String(error));
    assert.equal(error.code, 'memory');
    assert.match(error.message, /needs [34] GB of memory/);
  }
  engine.dispose();
});
