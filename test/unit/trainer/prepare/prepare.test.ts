/** What there is for a run is compared with what it takes, before anything is built. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readSpec } from '../../../../src/spec/index.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { TrainingError } from '../../../../src/trainer/errors.ts';
import { prepare, type Prepared } from '../../../../src/trainer/prepare/prepare.ts';
import type { Machine } from '../../../../src/plan/index.ts';
import type { StorageOptions } from '../../../../src/samples/stream/storage.ts';
import { watchOpenFiles } from '../../open-files.ts';
import { csvOf, embeddedEngine, sampleRows } from '../training-helpers.ts';

const GB = 2 ** 30;
let folder: string;
let engine: Engine;
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-setup-'));
  fs.writeFileSync(path.join(folder, 'data.csv'), csvOf(sampleRows(40)));
  engine = await embeddedEngine();
});
after(() => {
  engine.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function prepared(
  units: number,
  machine: Machine | undefined,
  phases: string[] = [],
  storage: StorageOptions = {},
): Promise<Prepared> {
  const { spec } = readSpec(
    JSON.stringify({
      data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } } },
      network: {
        trunk: {
          input: 'x',
          layers: [
            { type: 'dense', units },
            { type: 'dense', units },
          ],
        },
      },
      tasks: { value: { type: 'regression', target: 'value', input: 'trunk' } },
    }),
  );
  assert.ok(spec);
  const place = { specFile: path.join(folder, 's.mtl.json'), root: folder, allowOutside: false };
  return prepare({ spec, hash: '', place, name: 's' }, (phase) => phases.push(phase), storage, machine);
}

test('a run that is likely to take more than is free begins, and says so', async () => {
  // (8 + 21) · 4 bytes for each of 5.3 million parameters, and 500 MB: 1.06 GB.
  const machine = { total: 8 * GB, available: 0.9 * GB, native: false, engine: 'native' };
  const { model, data, tight } = await prepared(2300, machine);
  assert.match(tight?.en ?? '', /about 1\.1 GB of memory, and 922 MB are free here\. Make the layers smaller/);
  assert.match(tight?.zh ?? '', /^此训练可能占用约 1\.1 GB 内存，而本机可用 922 MB。/);
  model.dispose();
  data.close();
});

test('one that cannot fit is refused before the model is built', async () => {
  const phases: string[] = [];
  const machine = { total: 0.1 * GB, available: 8 * GB, native: false, engine: 'native' };
  await assert.rejects(prepared(1800, machine, phases), (error) => {
    assert.ok(error instanceof TrainingError);
    assert.equal(error.code, 'memory');
    assert.match(
      error.message,
      /at least 124 MB of memory, and this machine has 102 MB\..*"sgd" or take the embedded engine/,
    );
    return true;
  });
  assert.ok(phases.length > 0 && !phases.includes('model'));
});

test('refused, it leaves none of the files open that its data were read into', async () => {
  const files = watchOpenFiles();
  try {
    const machine = { total: 0.1 * GB, available: 8 * GB, native: false, engine: 'native' };
    await assert.rejects(prepared(1800, machine, [], { memory: 1, scratchFolder: folder }), { code: 'memory' });
    assert.deepEqual(files.names(), []);
  } finally {
    files.stop();
  }
});

test('nothing is said where it fits, or where nobody asks', async () => {
  for (const machine of [undefined, { total: 8 * GB, available: 8 * GB, native: false }]) {
    const { model, data, tight } = await prepared(4, machine);
    assert.equal(tight, undefined);
    model.dispose();
    data.close();
  }
});
