/** The bundle with the tensors: loaded when it is asked for, and only where it is of this version. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadWorker } from '../../../src/cli/worker-bundle.ts';

test('the worker of this build has what the verbs call', () => {
  const worker = loadWorker();
  for (const name of ['evaluateRun', 'predictRun', 'suggest'] as const) assert.equal(typeof worker[name], 'function');
  assert.match(worker.suggestionNote.en, /starting point/);
  assert.notEqual(worker.suggestionNote.zh, '');
});
