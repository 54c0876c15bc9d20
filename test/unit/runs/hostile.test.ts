import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { modelFolder, readLatestCheckpoint } from '../../../src/runs/checkpoints.ts';
import { takeRequest } from '../../../src/runs/control.ts';
import { RunError } from '../../../src/runs/error.ts';
import { readFrozen, readRunRecord } from '../../../src/runs/frozen.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { LeaseWatch } from '../../../src/runs/leases.ts';
import { findRuns, glance } from '../../../src/runs/list.ts';
import { RunReader } from '../../../src/runs/reader.ts';
import { readResult } from '../../../src/runs/result.ts';
import { temporaryFolder } from './helpers.ts';

const contents = fc.oneof(
  fc.json(),
  fc.string(),
  fc.constantFrom(
    '',
    '{}',
    '[]',
    'null',
    '{"v":1}',
    '{"v":1,"format":99}',
    '{"v":1,"attempt":1,"token":{},"pid":1e99}',
  ),
  fc.record({ v: fc.constant(1), format: fc.anything(), name: fc.anything(), attempt: fc.constant(1), token: fc.anything(), ended: fc.anything() }).map((value) => { try { return JSON.stringify(value); } catch { return ''; } }), // prettier-ignore
);

test('whatever stands in a run directory, looking at it never throws', (context) => {
  const directory = path.join(temporaryFolder(context), '.mtl', 'runs', 'x');
  const paths = runPaths(directory);
  const files = [paths.spec, paths.run, path.join(paths.attempts, '1.json'), paths.lock, paths.alive, paths.events, paths.control, paths.latest, paths.result, paths.log]; // prettier-ignore
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...files), contents), { maxLength: 8 }), (written) => {
      fs.rmSync(directory, { recursive: true, force: true });
      for (const [file, content] of written) {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, content);
      }
      lookAtEverything(directory);
    }),
    { numRuns: 150 },
  );
});

function lookAtEverything(directory: string): void {
  const reader = new RunReader(directory);
  reader.pollAll();
  reader.status();
  reader.identity();
  glance(directory);
  readResult(directory);
  takeRequest(directory, 'token');
  modelFolder(directory);
  new LeaseWatch(directory, 1).tick();
  for (const read of [readFrozen, readRunRecord, readLatestCheckpoint]) {
    try {
      read(directory);
    } catch (error) {
      assert.ok(error instanceof RunError, String(error));
      assert.ok(error.text.zh.length > 0);
    }
  }
}

test('links, folders and pipes in place of files are absent files', async (context) => {
  const root = temporaryFolder(context);
  const secret = path.join(root, 'secret.json');
  fs.writeFileSync(secret, '{"v":1,"format":1,"name":"secret","root":"..","spec":"s","created":1}');
  const { execFileSync } = await import('node:child_process');
  const makers: ((file: string) => void)[] = [
    (file) => fs.symlinkSync(secret, file),
    (file) => fs.symlinkSync(file, file),
    (file) => fs.mkdirSync(file),
    (file) => execFileSync('mkfifo', [file]),
  ];
  for (const [index, make] of makers.entries()) {
    const directory = path.join(root, '.mtl', 'runs', `run-${index}`);
    const paths = runPaths(directory);
    fs.mkdirSync(path.join(directory, 'attempts'), { recursive: true });
    for (const file of [paths.run, paths.spec, paths.events, paths.lock, paths.alive, paths.control, paths.result, paths.log]) make(file); // prettier-ignore
    lookAtEverything(directory);
    assert.notEqual(new RunReader(directory).identity().name, 'secret');
    assert.throws(() => readRunRecord(directory), RunError);
  }
  assert.deepEqual(findRuns(root), []);
});

test('a run of a newer format is refused by name, not misread', (context) => {
  const directory = temporaryFolder(context);
  fs.writeFileSync(
    path.join(directory, 'run.json'),
    '{"v":1,"format":2,"name":"n","root":"..","spec":"s","created":1}',
  );
  assert.throws(() => readRunRecord(directory), { code: 'version' });
  assert.match(glance(directory).problem?.en ?? '', /newer version/);
});
