import assert from 'node:assert/strict';
import os from 'node:os';
import { test } from 'node:test';
import { thisMachine } from '../../../src/runtime/machine.ts';

test('this machine, without a native engine in an empty folder', () => {
  const { total, available, native } = thisMachine('/nonexistent');
  assert.ok(total > 0 && total <= os.totalmem());
  assert.ok(available > 0 && available <= total);
  assert.equal(native, false);
});
