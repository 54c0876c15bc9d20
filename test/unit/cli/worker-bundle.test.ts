/** The bundle with the tensors: loaded when it is asked for, and only where it is of this version. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadWorker } from '../../../src/cli/worker-bundle.ts';

test('the worker of this build has what the verbs call', () => {
  const worker = loadWorker();
  for (const work of [worker.evaluateRun, worker.predictRun, worker.suggest]) assert.equal(typeof work, 'function');
  assert.match(worker.suggestionNote.en, /starting point/);
  assert.notEqual(worker.suggestionNote.zh, '');
});
