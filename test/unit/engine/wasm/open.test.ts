import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import { EngineError } from '../../../../src/engine/errors.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import { openWasm } from '../../../../src/engine/wasm/open.ts';
import { assetsDirectory } from '../support.ts';

const plain = 'tfjs-backend-wasm.wasm';
const simd = 'tfjs-backend-wasm-simd.wasm';

async function refusal(directory: string): Promise<EngineError> {
  const error: unknown = await openWasm({ assetsDirectory: directory }, null).then(
    () => assert.fail('it opened'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof EngineError, String(error));
  assert.equal(error.code, 'engine-unavailable');
  return error;
}

test('without SIMD the plain binary is taken, and said to be slow; a note follows', async (t) => {
  const has = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  t.after(() => {
    tf.env().set('WASM_HAS_SIMD_SUPPORT', has);
  });
  tf.env().set('WASM_HAS_SIMD_SUPPORT', false);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-wasm-'));
  t.after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  // Only the other one is there.
  fs.copyFileSync(path.join(assetsDirectory, simd), path.join(folder, simd));
  const missing = await refusal(folder);
  assert.match(missing.text.en, /^The embedded engine's file tfjs-backend-wasm\.wasm is missing: install/);
  assert.match(missing.text.zh, /^缺少内置引擎的文件 tfjs-backend-wasm\.wasm：请/);
  assert.equal((missing.cause as { code?: string }).code, 'ENOENT');
  fs.rmSync(path.join(folder, simd));
  fs.copyFileSync(path.join(assetsDirectory, plain), path.join(folder, plain));
  // A folder may be named with its separator at the end.
  for (const directory of [folder, folder + path.sep]) {
    const engine = await openWasm({ assetsDirectory: directory }, text('no other', '没有其他'));
    assert.deepEqual(engine.description.detail, {
      en: `TensorFlow.js ${tf.version_core} on WebAssembly, no SIMD (this Node cannot): several times slower, 1 thread; no other`,
      zh: `TensorFlow.js ${tf.version_core}（WebAssembly），无 SIMD（当前 Node 不支持），慢数倍，1 个线程；没有其他`,
    });
    assert.equal(engine.version, `TensorFlow.js ${tf.version_core}, no SIMD`);
    assert.deepEqual([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()], [11]);
    engine.dispose();
  }
});

test('a damaged binary is told in both languages and leaves the process as it was', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-wasm-'));
  t.after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  for (const file of [plain, simd]) fs.writeFileSync(path.join(folder, file), 'no module');
  for (const method of ['log', 'warn', 'error'] as const) t.mock.method(console, method, () => undefined);
  const listeners = (): unknown[] => [
    ...process.listeners('uncaughtException'),
    ...process.listeners('unhandledRejection'),
  ];
  const before = listeners();
  const damaged = await refusal(folder);
  assert.match(damaged.text.en, /^The embedded engine's WebAssembly did not start, so its files are damaged/);
  assert.match(damaged.text.zh, /^内置引擎的 WebAssembly 未能启动，其文件已损坏/);
  assert.deepEqual(listeners(), before);
});
