import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEngineInformation, Lines } from '../../../src/cli/engine-logs.ts';

test('information of TensorFlow’s log is told from its warnings and from our own words', () => {
  for (const line of [
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n',
    'I0000 00:00:1796090554.257477    6008 port.cc:153] oneDNN custom operations are on.\n',
    '2026-12-01 01:02:03.456789: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary\n',
  ]) {
    assert.equal(isEngineInformation(line), true, line);
  }
  for (const line of [
    'W0000 00:00:17.257477    6008 gpu_device.cc:2433] TensorFlow was not built with CUDA kernel binaries\n',
    'E0000 00:00:17.257477    6008 cuda_dnn.cc:1] Unable to register cuDNN factory\n',
    '2026-12-01 01:02:03.456789: E tensorflow/compiler/xla/stream_executor/cuda/cuda_dnn.cc:1] no\n',
    'warning: Task “I0000”: 2 rows.\n',
    'mtl: There is no run.\n',
    'note: I0000 00:00:17.257477    6008 port.cc:153] was said\n',
    'note: 2026-12-01 01:02:03.456789: I tensorflow said\n',
    'note: WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n',
  ]) {
    assert.equal(isEngineInformation(line), false, line);
  }
});

test('lines come whole, however they arrive, and the last one without its end too', () => {
  const seen: string[] = [];
  const lines = new Lines((line) => seen.push(line));
  for (const part of ['a', 'b\nc', '\n\n', 'd\ne', '']) lines.add(part);
  assert.deepEqual(seen, ['ab\n', 'c\n', '\n', 'd\n']);
  lines.end();
  lines.end();
  assert.deepEqual(seen.slice(4), ['e']);
  lines.add('f\ng\nh');
  lines.add('i\n');
  assert.deepEqual(seen.slice(5), ['f\n', 'g\n', 'hi\n']);
});
