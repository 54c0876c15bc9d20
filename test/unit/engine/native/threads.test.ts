import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { intraOpThreads, prepareEnvironment } from '../../../../src/engine/native/environment.ts';
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

test('from which width on a layer of each kind is worth several threads', () => {
  const rows = [
    ['conv1d', 'filters', 32],
    ['conv2d', 'filters', 16],
    ['separableConv2d', 'filters', 16],
    ['conv2dTranspose', 'filters', 16],
    ['dense', 'units', 1024],
    ['lstm', 'units', 256],
    ['gru', 'units', 256],
  ] as const;
  for (const [type, key, least] of rows) {
    assert.equal(threadsFor(withLayers(map({ type, [key]: least - 1 })), 8), 1, type);
    assert.equal(threadsFor(withLayers(map({ type, [key]: least })), 8), 8, type);
    // Widths of another name do not count.
    assert.equal(threadsFor(withLayers(map({ type, [key === 'units' ? 'filters' : 'units']: 4096 })), 8), 1, type);
  }
  assert.equal(threadsFor(withLayers(map({ type: 'dropout', units: 4096 })), 8), 1);
  assert.equal(threadsFor(withLayers(map({ type: 'dense', units: 4096 }), map({ type: 'dense', units: 2 })), 5), 5);
  // A layer within a layer, as a residual block has them.
  assert.equal(threadsFor(withLayers(map({ type: 'residual', layers: [map({ type: 'lstm', units: 512 })] })), 8), 8);
});

test('threads are whole numbers from 1 on, or else what there is', () => {
  for (const [given, expected] of [
    ['3', 3],
    ['1', 1],
    ['0', 6],
    ['-2', 6],
    ['2.5', 6],
    ['many', 6],
    ['', 6],
    [undefined, 6],
  ] as const) {
    // prettier-ignore
    assert.equal(intraOpThreads({ TF_NUM_INTRAOP_THREADS: given }, 6), expected, given);
  }
});

test('TensorFlow is told to be deterministic and quiet, and on a GPU to leave memory and find its compiler', () => {
  const cpu: NodeJS.ProcessEnv = {};
  prepareEnvironment(cpu, '/runtime', false, 4);
  assert.deepEqual(cpu, {
    TF_NUM_INTRAOP_THREADS: '4',
    TF_NUM_INTEROP_THREADS: '-1',
    TF_DETERMINISTIC_OPS: '1',
    TF_CPP_MIN_LOG_LEVEL: '1',
  });
  const gpu: NodeJS.ProcessEnv = {};
  prepareEnvironment(gpu, '/runtime', true, 4);
  const folder = path.join('/runtime', 'deps', 'nvidia', 'cuda_nvcc');
  assert.deepEqual(gpu, {
    ...cpu,
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    XLA_FLAGS: `--xla_gpu_cuda_data_dir=${folder}`,
  });
  const names = Object.keys(gpu);
  const own: NodeJS.ProcessEnv = Object.fromEntries(names.map((name) => [name, '7']));
  prepareEnvironment(own, '/runtime', true, 4);
  assert.ok(names.every((name) => own[name] === '7'));
});
