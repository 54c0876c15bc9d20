import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareEnvironment } from '../../../../src/engine/native/environment.ts';
import { threadsFor } from '../../../../src/engine/native/threads.ts';

const map = (of: Record<string, unknown>): Map<string, unknown> => new Map(Object.entries(of));
const withLayers = (...layers: Map<string, unknown>[]): Map<string, unknown> =>
  map({ network: map({ trunk: map({ stages: [layers] }) }) });

test('small layers get one thread, wide ones all processors', () => {
  const small = [map({ type: 'conv2d', filters: 10 }), map({ type: 'dense', units: 128 })];
  assert.equal(threadsFor(withLayers(...small), 8), 1);
  assert.equal(threadsFor(withLayers(...small, map({ type: 'conv2d', filters: 32 })), 8), 8);
  assert.equal(threadsFor(withLayers(map({ type: 'dense', units: 2048 })), 8), 8);
  assert.equal(threadsFor(null, 8), 1);
});

test('what a person sets goes before', () => {
  const own: NodeJS.ProcessEnv = { TF_NUM_INTRAOP_THREADS: '3', TF_NUM_INTEROP_THREADS: '2' };
  prepareEnvironment(own, '/runtime', false, 1);
  assert.deepEqual([own['TF_NUM_INTRAOP_THREADS'], own['TF_NUM_INTEROP_THREADS']], ['3', '2']);
  const fresh: NodeJS.ProcessEnv = {};
  prepareEnvironment(fresh, '/runtime', false, 1);
  assert.deepEqual([fresh['TF_NUM_INTRAOP_THREADS'], fresh['TF_NUM_INTEROP_THREADS']], ['1', '-1']);
});
