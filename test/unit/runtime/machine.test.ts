import assert from 'node:assert/strict';
import os from 'node:os';
import { test } from 'node:test';
import { memoryOf, thisMachine } from '../../../src/runtime/machine.ts';

const told = { total: 1000, free: 300, platform: 'linux' };

test('a container has what it may take, not what the machine has', () => {
  assert.deepEqual(memoryOf({ ...told, constrained: 400, available: 350 }), { total: 400, available: 350 });
  assert.deepEqual(memoryOf({ ...told, constrained: 400, available: 900 }), { total: 400, available: 400 });
  // No limit is 0 or a number beyond any machine.
  assert.deepEqual(memoryOf({ ...told, constrained: 0 }), { total: 1000, available: 300 });
  assert.deepEqual(memoryOf({ ...told, constrained: 2 ** 64, available: 500 }), { total: 1000, available: 500 });
});

test('on a Mac most of the memory counts as free', () => {
  assert.deepEqual(memoryOf({ ...told, platform: 'darwin' }), { total: 1000, available: 700 });
  assert.deepEqual(memoryOf({ ...told, platform: 'darwin', available: 800 }), { total: 1000, available: 800 });
});

test('this machine, without a native engine in an empty folder', () => {
  const { total, available, native } = thisMachine('/nonexistent');
  assert.ok(total > 0 && total <= os.totalmem());
  assert.ok(available > 0 && available <= total);
  assert.equal(native, false);
});
