import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { intraOpThreads, prepareEnvironment, prepareForRuntime } from '../../../../src/engine/native/environment.ts';

test('what a person sets goes before', () => {
  const own: NodeJS.ProcessEnv = { TF_NUM_INTRAOP_THREADS: '3', TF_NUM_INTEROP_THREADS: '2' };
  prepareEnvironment(own, '/runtime', false, 1);
  assert.deepEqual([own['TF_NUM_INTRAOP_THREADS'], own['TF_NUM_INTEROP_THREADS']], ['3', '2']);
  const fresh: NodeJS.ProcessEnv = {};
  prepareEnvironment(fresh, '/runtime', false, 1);
  assert.deepEqual([fresh['TF_NUM_INTRAOP_THREADS'], fresh['TF_NUM_INTEROP_THREADS']], ['1', '-1']);
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

test('this process is told before a runtime is loaded, and nothing where there is none', (context) => {
  const before = { ...process.env };
  context.after(() => {
    process.env = before;
  });
  const told = (gpu: boolean): NodeJS.ProcessEnv => {
    const { TF_NUM_INTRAOP_THREADS: _threads, TF_NUM_INTEROP_THREADS: _between, ...rest } = before;
    const { TF_FORCE_GPU_ALLOW_GROWTH: _growth, XLA_FLAGS: _flags, TF_DETERMINISTIC_OPS: _ops, ...bare } = rest;
    process.env = { ...bare };
    prepareForRuntime({ folder: '/runtime', manifest: { gpu } }, 2);
    const expected: NodeJS.ProcessEnv = { ...bare };
    prepareEnvironment(expected, '/runtime', gpu, 2);
    assert.deepEqual({ ...process.env }, expected);
    return expected;
  };
  assert.equal(told(false)['TF_NUM_INTRAOP_THREADS'], '2');
  assert.match(told(true)['XLA_FLAGS'] ?? '', /runtime/);
  process.env = { ...before };
  prepareForRuntime(null, 2);
  assert.deepEqual({ ...process.env }, before);
});
