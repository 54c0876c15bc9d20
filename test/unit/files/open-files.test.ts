/** No file stays open, whether all went well or not. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { sha256OfFile } from '../../../src/files/hash.ts';
import { openForAppending, openPlain, readBytes, replaceFile, syncFolder, writeNew } from '../../../src/files/plain.ts';
import { doctor } from '../../../src/runtime/doctor.ts';
import { recordsBackward } from '../../../src/runs/backward.ts';
import { createRun, launch } from '../../../src/runs/launch.ts';
import { acquireLock } from '../../../src/runs/lock.ts';
import { lastLines } from '../../../src/runs/state.ts';
import { LineTail } from '../../../src/runs/tail.ts';
import { openWriter } from '../../../src/runs/writer.ts';
import { fillDisk } from '../full-disk.ts';
import { startBody, temporaryFolder } from '../runs/helpers.ts';
import { descriptorsOf } from './descriptors.ts';

test('files that are read and written', async (context) => {
  const folder = temporaryFolder(context);
  const at = (name: string): string => path.join(folder, name);
  fs.writeFileSync(at('a'), 'text');
  const one = { opened: 1, left: 0 };
  assert.deepEqual(await descriptorsOf(() => readBytes(at('a'), 10)), one);
  assert.deepEqual(await descriptorsOf(() => readBytes(at('a'), 1)), one);
  assert.deepEqual(await descriptorsOf(() => sha256OfFile(at('a'))), one);
  assert.deepEqual(await descriptorsOf(() => replaceFile(at('b'), 'x')), one);
  assert.deepEqual(await descriptorsOf(() => replaceFile(at('b'), 'x', { sync: true })), { opened: 2, left: 0 });
  const full = await descriptorsOf(() => {
    const end = fillDisk();
    try {
      writeNew(at('c'), 'x', true);
    } finally {
      end();
    }
  });
  assert.deepEqual(full, one);
});

test('what is opened and seen to be no file, and a folder', { skip: process.platform === 'win32' }, async (context) => {
  const folder = temporaryFolder(context);
  const one = { opened: 1, left: 0 };
  for (const open of [openPlain, openForAppending]) assert.deepEqual(await descriptorsOf(() => open('/dev/null')), one);
  assert.deepEqual(await descriptorsOf(() => openPlain(folder)), one);
  assert.deepEqual(await descriptorsOf(() => syncFolder(folder)), one);
});

test('the files of a run', async (context) => {
  const directory = temporaryFolder(context);
  const lock = await acquireLock(directory, { attempt: 1 });
  context.after(() => lock.release());
  const written = await descriptorsOf(() => {
    const writer = openWriter(directory, { token: lock.token });
    writer.append(startBody(1));
    writer.close();
  });
  assert.ok(written.opened > 0);
  assert.equal(written.left, 0);
  const events = path.join(directory, 'events.ndjson');
  const one = { opened: 1, left: 0 };
  assert.deepEqual(await descriptorsOf(() => new LineTail(events).read()), one);
  assert.deepEqual(await descriptorsOf(() => lastLines(events)), one);
  assert.deepEqual(await descriptorsOf(() => [...recordsBackward(directory)]), one);
  const stopped = await descriptorsOf(() => {
    for (const record of recordsBackward(directory)) if (record.kind === 'start') break;
  });
  assert.deepEqual(stopped, one);
});

test('the log of a run whose trainer cannot be started', async (context) => {
  const root = temporaryFolder(context);
  const directory = createRun({ text: '{}', resolved: {}, specFile: path.join(root, 'x.mtl.json'), root, name: 'x' });
  const options = { engine: 'wasm', root, allowOutside: false, keepAliveMinutes: 0, resume: false };
  const node = process.execPath;
  process.execPath = path.join(root, 'none');
  context.after(() => {
    process.execPath = node;
  });
  const { opened, left } = await descriptorsOf(async () => {
    await launch(directory, { ...options, trainerFile: path.join(root, 'none.cjs') });
  });
  assert.ok(opened > 0);
  assert.equal(left, 0);
});

test('the engine’s file that the doctor looks at', async (context) => {
  const folder = temporaryFolder(context);
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) fs.mkdirSync(path.join(folder, name));
  const places = { runtimeFolder: path.join(folder, 'none'), addonFolder: folder };
  for (const assetsDirectory of [folder, path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist')])
    assert.deepEqual(await descriptorsOf(() => doctor({ assetsDirectory, ...places })), { opened: 1, left: 0 });
});
