import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Rank } from '@tensorflow/tfjs-core';
import { EngineError } from '../../../src/engine/errors.ts';
import { openEngine } from '../../../src/engine/open.ts';
import { tf } from '../../../src/engine/tfjs.ts';
import { assetsDirectory } from './support.ts';

function code(error: unknown): string {
  assert.ok(error instanceof EngineError, String(error));
  return error.code;
}

test('native is refused in words, a folder without binaries too', async () => {
  await assert.rejects(openEngine('native', { assetsDirectory }), (error) => {
    assert.equal(code(error), 'engine-unavailable');
    assert.match(String(error), /auto.*wasm/);
    return true;
  });
  const nowhere = path.join(assetsDirectory, 'nowhere');
  await assert.rejects(openEngine('wasm', { assetsDirectory: nowhere }), (error) => {
    assert.equal(code(error), 'engine-unavailable');
    assert.match(String(error), /tfjs-backend-wasm.*missing/);
    return true;
  });
});

test('auto opens the embedded engine, says why, and leaves the process as it was', async (t) => {
  const printed: unknown[] = [];
  for (const method of ['log', 'warn', 'error', 'info'] as const) {
    t.mock.method(console, method, (...args: unknown[]) => printed.push(args));
  }
  const listeners = (): number =>
    process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
  const before = listeners();
  const engine = await openEngine('auto', { assetsDirectory });
  assert.equal(engine.description.name, 'wasm');
  assert.match(engine.description.detail.en, /SIMD.*native engine/);
  assert.equal(tf.getBackend(), 'wasm');
  assert.equal(tf.backend(), engine.backend);
  assert.deepEqual([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()], [11]);
  assert.equal(listeners(), before);
  assert.deepEqual(printed, []);
  engine.dispose();
});

test('an engine opened twice lives until the last is disposed, and opens again', async () => {
  const first = await openEngine('wasm', { assetsDirectory });
  const second = await openEngine('wasm', { assetsDirectory });
  first.dispose();
  first.dispose();
  assert.deepEqual([...tf.add([1], [2]).dataSync()], [3]);
  second.dispose();
  const third = await openEngine('wasm', { assetsDirectory });
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const filter = tf.ones<Rank.R4>([2, 2, 1, 1]);
  const gradient = tf.grad((w) => tf.sum(tf.conv2d(x, w as typeof x, 1, 'valid')))(filter);
  assert.deepEqual([...gradient.dataSync()], [1, 2, 3, 4]);
  third.dispose();
});

test('engines opened at the same time are one, which the last to go frees; without a note the detail ends there', async () => {
  const nowhere = path.join(assetsDirectory, 'nowhere');
  const failed = [1, 2].map(() => assert.rejects(openEngine('wasm', { assetsDirectory: nowhere })));
  await Promise.all(failed);
  const [first, second] = await Promise.all([1, 2].map(() => openEngine('wasm', { assetsDirectory })));
  assert.ok(first && second);
  assert.equal(first.backend, second.backend);
  first.dispose();
  assert.deepEqual([...tf.add([1], [2]).dataSync()], [3]);
  const { detail, ...rest } = second.description;
  assert.deepEqual(detail, {
    en: `TensorFlow.js ${tf.version_core} on WebAssembly, SIMD, 1 thread`,
    zh: `TensorFlow.js ${tf.version_core}（WebAssembly），SIMD，1 个线程`,
  });
  assert.deepEqual(rest, { name: 'wasm', device: 'cpu', graph: false, threads: 1, deterministic: true });
  assert.equal(second.version, `TensorFlow.js ${tf.version_core}, SIMD`);
  second.dispose();
  assert.equal(tf.findBackend('wasm'), null);
});

test('what the engine lacks runs on the cpu backend and is counted; complex numbers are refused in words', async () => {
  const engine = await openEngine('wasm', { assetsDirectory });
  const counted = engine.fallbacks().get('StaticRegexReplace') ?? 0;
  const replaced = tf.string.staticRegexReplace(tf.tensor1d(['abc', 'bcd']), 'b', 'x');
  assert.deepEqual(replaced.dataSync(), ['axc', 'xcd']);
  assert.equal(engine.fallbacks().get('StaticRegexReplace'), counted + 1);
  assert.throws(
    () => tf.engine().runKernel('FFT', { input: tf.zeros([2]) }),
    (error) => code(error) === 'operation-unsupported' && /complex/.test(String(error)),
  );
  engine.dispose();
});

test('works in a worker thread', async () => {
  const source = (file: string): string => pathToFileURL(path.resolve('src/engine', file)).href;
  const body = `
    import { parentPort } from 'node:worker_threads';
    import { register } from 'tsx/esm/api';
    register();
    const { openEngine } = await import(${JSON.stringify(source('open.ts'))});
    const { tf } = await import(${JSON.stringify(source('tfjs.ts'))});
    const engine = await openEngine('wasm', { assetsDirectory: ${JSON.stringify(assetsDirectory)} });
    parentPort.postMessage([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()]);
    engine.dispose();`;
  const worker = new Worker(
    new URL(
      'data:text/javascript,' +
        encodeURIComponent(body.replace("'tsx/esm/api'", JSON.stringify(import.meta.resolve('tsx/esm/api')))),
    ),
  );
  const answer = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  assert.deepEqual(answer, [11]);
});
