import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineError } from '../../../../src/engine/errors.ts';
import { refuseOversized, tellingExhaustion } from '../../../../src/engine/wasm/exhaustion.ts';
import type { BackendWasm } from '../../../../src/engine/wasm/heap.ts';

type Imports = Record<string, Record<string, unknown> | undefined>;
const { WebAssembly: assembly } = globalThis as unknown as {
  readonly WebAssembly: { instantiate: (source: unknown, imports?: Imports) => Promise<unknown> };
};

function failure(act: () => unknown): EngineError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof EngineError, String(error));
    assert.equal(error.code, 'memory');
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('a module is met however late it is instantiated, and growth in vain is told by its size', async (t) => {
  const given: unknown[] = [];
  t.mock.method(assembly, 'instantiate', (source: unknown, imports?: Imports) => {
    given.push(source, imports);
    return Promise.resolve('instance');
  });
  const { instantiate } = assembly;
  const asked: number[] = [];
  const resize = (bytes: number): boolean => {
    asked.push(bytes);
    return bytes === 65536;
  };
  const imports = { env: { emscripten_resize_heap: resize, other: 1 }, wasi: {} };
  const answer = await tellingExhaustion(async () => {
    // tfjs looks for its file first.
    await Promise.resolve();
    return assembly.instantiate('source', imports);
  });
  assert.equal(answer, 'instance');
  assert.equal(assembly.instantiate, instantiate);
  assert.deepEqual(given, ['source', imports]);
  assert.equal(given[1], imports);
  assert.equal(imports.env.other, 1);
  const grow = imports.env.emscripten_resize_heap;
  assert.equal(grow(65536), true);
  assert.match(
    failure(() => grow(3 * 2 ** 20)).text.en,
    /^The embedded engine needs 3 MB of memory and cannot have it:/,
  );
  // 3 GB, as a number with a sign.
  const error = failure(() => grow(3 * 2 ** 30 - 2 ** 32));
  assert.match(error.text.en, /needs 3 GB of memory/);
  assert.match(error.text.zh, /^内置引擎需要 3 GB 内存而无法取得：/);
  assert.deepEqual(asked, [65536, 3 * 2 ** 20, -(2 ** 30)]);
});

test('imports without a function that grows stay as they are; what fails to start leaves no hook', async (t) => {
  const given: unknown[] = [];
  t.mock.method(assembly, 'instantiate', (_source: unknown, imports?: Imports) => {
    given.push(imports);
    return Promise.reject(new Error('damaged'));
  });
  const { instantiate } = assembly;
  for (const imports of [undefined, {}, { wasi: { emscripten_resize_heap: 1 } }, { env: { other: 1 } }]) {
    const before = structuredClone(imports);
    await assert.rejects(
      tellingExhaustion(() => assembly.instantiate('source', imports as Imports | undefined)),
      /damaged/,
    );
    assert.deepEqual(given.pop(), before);
    assert.equal(assembly.instantiate, instantiate);
  }
});

test('memory for nothing may be at address 0, memory for something may not; 32 bits are the limit', () => {
  const asked: number[] = [];
  const freed: number[] = [];
  let next = 16;
  const wasm = {
    _malloc(this: unknown, bytes: number) {
      assert.equal(this, wasm);
      asked.push(bytes);
      return next;
    },
    _free: (offset: number) => freed.push(offset),
  };
  refuseOversized({ wasm } as unknown as BackendWasm);
  assert.deepEqual([asked, freed], [[1], [16]]);
  assert.equal(wasm._malloc(2 ** 32 - 1), 16);
  assert.deepEqual(asked, [1, 2 ** 32 - 1]);
  for (const bytes of [2 ** 32, 2 ** 32 + 4]) failure(() => wasm._malloc(bytes));
  assert.equal(asked.length, 2, 'what 32 bits do not hold is not asked for');
  next = 0;
  assert.equal(wasm._malloc(0), 0);
  assert.match(failure(() => wasm._malloc(1)).text.en, /needs 1 byte|needs \d/);
});
