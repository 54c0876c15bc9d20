/** Which engine is opened, and what is said about the one that is not. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runProgram } from '../../../../src/runtime/process.ts';
import { writeJson } from '../../../../src/runtime/manifest.ts';
import { openEngine } from '../../../../src/engine/open.ts';
import { intraOpThreads, prepareEnvironment } from '../../../../src/engine/native/environment.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { assetsDirectory } from '../support.ts';
import { installedFolder, nativeMissing } from './support.ts';

function emptyFolder(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-native-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A runtime folder whose runtime has files of the right names and nothing in them. What a local one's libraries must be
 * nobody has written down.
 */
function hollowRuntime(context: TestContext, name = 'tensorflow-local-12345678'): string {
  const folder = emptyFolder(context);
  for (const file of ['deps/lib/libtensorflow_cc.so.2', 'deps/lib/libtensorflow_framework.so.2']) {
    fs.mkdirSync(path.dirname(path.join(folder, name, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, name, file), '');
  }
  fs.mkdirSync(path.join(folder, name, 'lib/napi-v8'), { recursive: true });
  fs.writeFileSync(path.join(folder, name, 'lib/napi-v8/tfjs_binding.node'), 'not an addon');
  const manifest = { v: 1, name, version: '2.21.0', gpu: false, source: 'pip', addon: '', bytes: 0, installed: 'then' };
  writeJson(path.join(folder, name, 'runtime.json'), manifest);
  writeJson(path.join(folder, 'current.json'), { v: 1, name });
  return folder;
}

test('without a runtime, auto trains on the embedded engine and says why; native refuses', async (context) => {
  const runtimeFolder = emptyFolder(context);
  const engine = await openEngine('auto', { assetsDirectory, runtimeFolder });
  assert.equal(engine.description.name, 'wasm');
  assert.match(engine.description.detail.en, /native engine is not installed.*mtl runtime install/);
  assert.match(
    engine.description.detail.zh,
    /^TensorFlow\.js .*（WebAssembly）.*1 个线程；未安装原生引擎（可用“mtl runtime install”安装）$/,
  );
  engine.dispose();
  await assert.rejects(
    openEngine('native', { assetsDirectory, runtimeFolder }),
    /not installed.*Set "engine" to "auto"/,
  );
});

test('an addon with other bytes than this version brings is never loaded', async (context) => {
  const runtimeFolder = hollowRuntime(context);
  await assert.rejects(openEngine('native', { assetsDirectory, runtimeFolder }), /not the addon of this version/);
  const engine = await openEngine('auto', { assetsDirectory, runtimeFolder });
  assert.match(engine.description.detail.en, /not the addon of this version.*mtl runtime install"$/);
  engine.dispose();
});

test('a library with other bytes than the published ones speaks before the addon; its sentence ends once', async (context) => {
  const runtimeFolder = hollowRuntime(context, 'tensorflow-cpu-2.21.0');
  await assert.rejects(
    openEngine('native', { assetsDirectory, runtimeFolder }),
    /^EngineError: No native engine: .*libtensorflow_cc\.so\.2 is not the file that was installed.*then "mtl runtime install"\. Set "engine" to "auto" or "wasm" to train on the embedded one\.$/,
  );
  const engine = await openEngine('auto', { assetsDirectory, runtimeFolder });
  assert.match(engine.description.detail.en, /not the file that was installed.*then "mtl runtime install"$/);
  engine.dispose();
});

test('a runtime with a missing library says which', async (context) => {
  const runtimeFolder = hollowRuntime(context);
  fs.rmSync(path.join(runtimeFolder, 'tensorflow-local-12345678/deps/lib/libtensorflow_cc.so.2'));
  await assert.rejects(openEngine('native', { assetsDirectory, runtimeFolder }), /libtensorflow_cc\.so\.2 is missing/);
});

test('the environment fixes threads and asks for deterministic operations; what a person set stays', () => {
  const fresh: NodeJS.ProcessEnv = {};
  prepareEnvironment(fresh, '/runtime', false);
  assert.equal(fresh['TF_DETERMINISTIC_OPS'], '1');
  assert.equal(Number(fresh['TF_NUM_INTRAOP_THREADS']), intraOpThreads({}));
  assert.equal(fresh['XLA_FLAGS'], undefined);
  const own: NodeJS.ProcessEnv = { TF_NUM_INTRAOP_THREADS: '3', TF_DETERMINISTIC_OPS: '0' };
  prepareEnvironment(own, '/runtime', true);
  assert.equal(own['TF_NUM_INTRAOP_THREADS'], '3');
  assert.equal(own['TF_DETERMINISTIC_OPS'], '0');
  assert.equal(intraOpThreads(own), 3);
  assert.match(own['XLA_FLAGS'] ?? '', /cuda_nvcc$/);
});

test('a thread that has loaded the engine ends without harm to its process', { skip: nativeMissing }, async () => {
  const source = (file: string): string => pathToFileURL(path.resolve('src/engine', file)).href;
  const ownAddress = 'import.meta.url';
  const body = `
    import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};
    import { isMainThread, parentPort, Worker } from 'node:worker_threads';
    if (isMainThread) {
      new Worker(new URL(${ownAddress})).on('exit', (code) => console.log('ended ' + code));
    } else {
      register();
      const { openEngine } = await import(${JSON.stringify(source('open.ts'))});
      const { tf } = await import(${JSON.stringify(source('tfjs.ts'))});
      const options = { assetsDirectory: '', runtimeFolder: ${JSON.stringify(installedFolder)} };
      const engine = await openEngine('native', options);
      if (tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0] !== 11) process.exit(3);
      engine.dispose();
    }`;
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-thread-')), 'thread.mjs');
  fs.writeFileSync(file, body);
  try {
    const ran = await runProgram(process.execPath, [file], { cwd: process.cwd() });
    assert.deepEqual([ran.code, ran.signal, ran.stdout.trim()], [0, null, 'ended 0'], ran.stderr);
  } finally {
    fs.rmSync(path.dirname(file), { recursive: true, force: true });
  }
});

test('auto takes the native engine where it works, and opens it again', { skip: nativeMissing }, async () => {
  const options = { assetsDirectory, runtimeFolder: installedFolder };
  const engine = await openEngine('auto', options);
  assert.equal(engine.description.name, 'native');
  assert.match(engine.description.detail.en, /^TensorFlow 2\.\d+\.\d+ on the (?:GPU|CPU, \d+ threads?)(?:$|; )/);
  assert.match(engine.description.detail.zh, /^TensorFlow 2\.\d+\.\d+（(?:GPU）|CPU），\d+ 个线程)(?:$|；)/);
  assert.ok(engine.description.threads >= 1);
  assert.equal(tf.getBackend(), 'tensorflow');
  assert.deepEqual([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()], [11]);
  const second = await openEngine('native', options);
  engine.dispose();
  assert.deepEqual([...tf.add([1], [2]).dataSync()], [3]);
  second.dispose();
  const third = await openEngine('native', options);
  assert.deepEqual([...tf.add([1], [3]).dataSync()], [4]);
  third.dispose();
});
