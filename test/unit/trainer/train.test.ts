/** A run in this process: what its thread says last is what the event file has. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, mock, test } from 'node:test';
import { isBackendRegistered } from '../../../src/engine/registry.ts';
import { train } from '../../../src/trainer/train.ts';
import type { WorkerEnd } from '../../../src/trainer/process/messages.ts';
import { assetsDirectory } from '../engine/support.ts';
import { fillDisk } from '../full-disk.ts';
import { watchOpenFiles } from '../open-files.ts';
import { startedRun } from './started-run.ts';
import { events, makeWorkplace, specText, type Workplace } from './run-helpers.ts';

let place: Workplace;
before(() => {
  place = makeWorkplace(24);
});
after(() => place.remove());

const logged = mock.method(console, 'error', () => undefined);
beforeEach(() => logged.mock.resetCalls());
after(() => logged.mock.restore());

const short = { engine: 'wasm', batchSize: 8, epochs: 1 };

/** Trains it; `meanwhile` is done before, and what it returns after. */
async function trained(
  name: string,
  text: string,
  meanwhile: (directory: string) => () => void,
): Promise<{ end: WorkerEnd; directory: string }> {
  const { start, directory, release } = await startedRun(place, name, text);
  const files = watchOpenFiles();
  const undo = meanwhile(directory);
  try {
    const end = await train(start, assetsDirectory);
    assert.deepEqual(files.names(), [], 'all files are closed');
    assert.equal(isBackendRegistered('wasm'), false, 'the engine is gone');
    return { end, directory };
  } finally {
    undo();
    files.stop();
    release();
  }
}

test('a run that ends: its record stands', async () => {
  const { end, directory } = await trained('whole', specText(short), () => () => undefined);
  assert.deepEqual(end, { type: 'end', status: 'completed', recorded: true });
  const last = events(directory).at(-1);
  assert.deepEqual([last?.['kind'], last?.['status']], ['end', 'completed']);
  assert.equal(logged.mock.callCount(), 0);
});

test('a run that fails: what failed is recorded, with its seconds, and the stack is logged', async () => {
  const data = path.join(place.folder, 'data.csv');
  const began = performance.now();
  const { end, directory } = await trained('without-data', specText(short), () => {
    fs.renameSync(data, `${data}.away`);
    return () => fs.renameSync(`${data}.away`, data);
  });
  const most = (performance.now() - began) / 1000;
  assert.deepEqual([end.type, end.status, end.recorded], ['end', 'failed', true]);
  const last = events(directory).at(-1) as { kind: string; status: string; error: object; seconds: number };
  assert.deepEqual([last.kind, last.status], ['end', 'failed']);
  assert.deepEqual(last.error, JSON.parse(JSON.stringify(end.error)));
  assert.match(end.error?.message ?? '', /data\.csv/);
  assert.match(end.error?.zh ?? '', /data\.csv.*[\u4e00-\u9fff]/);
  assert.ok(last.seconds > 0 && last.seconds <= most + 0.001, String(last.seconds));
  assert.ok(Math.abs(last.seconds * 1000 - Math.round(last.seconds * 1000)) < 1e-6, 'whole milliseconds');
  assert.match(String(logged.mock.calls[0]?.arguments[0]), /\n\s+at /);
});

test('a run whose last words the disk does not take says so, and leaves them to whoever waits for it', async () => {
  const { end, directory } = await trained('full', specText(short), () => fillDisk());
  assert.deepEqual([end.type, end.status, end.recorded], ['end', 'failed', false]);
  assert.ok((end.error?.message ?? '').length > 10);
  assert.deepEqual(events(directory), []);
});
