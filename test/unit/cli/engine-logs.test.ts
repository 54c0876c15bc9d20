import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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

test('apart, a command gives its exit status or its signal, its output, and what it says but for information', (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-apart-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const script = path.join(folder, 'command.mts');
  const source = new URL('../../../src/cli/engine-logs.ts', import.meta.url).href;
  fs.writeFileSync(
    script,
    `import { runApart } from ${JSON.stringify(source)};
     if (process.env.MTL_ENGINE_PROCESS === undefined) process.exitCode = await runApart(process.argv.slice(2));
     else {
       process.stderr.write('I0000 00:00:17.257477    6008 port.cc:153] on\\nWarning: kept\\nthe last');
       console.log(process.argv.slice(2).join(' '));
       if (process.argv[2] === 'kill') process.kill(process.pid, 'SIGTERM');
       else process.exitCode = 3;
     }`,
  );
  const run = (...words: string[]): (number | string | null)[] => {
    const { MTL_ENGINE_PROCESS: _, ...env } = process.env;
    const args = ['--import', import.meta.resolve('tsx'), script, ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    return [status, stdout, stderr];
  };
  const said = 'Warning: kept\nthe last\n';
  assert.deepEqual(run('train', 'a b'), [3, 'train a b\n', said]);
  assert.deepEqual(run('kill'), [128 + os.constants.signals.SIGTERM, 'kill\n', said]);
});
