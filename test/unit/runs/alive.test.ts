// Signs of life of the process that writes a run.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { thisProcess } from '../../../src/files/process-mark.ts';
import { readAlive, startBeating } from '../../../src/runs/alive.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { temporaryFolder } from './helpers.ts';

test('alive.json holds the mark of a process, a token and a beat', (context) => {
  const mark = { pid: 7, boot: 'b', ticks: 0 };
  const directory = temporaryFolder(context);
  assert.equal(readAlive(directory), null);
  const read = (value: object): unknown => {
    fs.writeFileSync(runPaths(directory).alive, JSON.stringify(value));
    return readAlive(directory);
  };
  const alive = { ...mark, token: 't', beat: 12 };
  assert.deepEqual(read({ ...alive, more: 1 }), alive);
  for (const wrong of [{ pid: 0 }, { token: 5 }, { beat: '12' }]) assert.equal(read({ ...alive, ...wrong }), null);
});

test('it beats at once and every two seconds, tells so, tries again after a failure, and stops', (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 5000 });
  const directory = temporaryFolder(context);
  let told = 0;
  const beating = startBeating(directory, 'token', () => told++);
  const file = runPaths(directory).alive;
  assert.deepEqual(JSON.parse(fs.readFileSync(file, 'utf8')), { ...thisProcess(), token: 'token', beat: 5000 });
  assert.equal(told, 0);
  context.mock.timers.tick(1999);
  assert.equal(readAlive(directory)?.beat, 5000);
  context.mock.timers.tick(1);
  assert.deepEqual([readAlive(directory)?.beat, told], [7000, 1]);
  // Nothing can be written over a folder that is not empty.
  fs.rmSync(file);
  fs.mkdirSync(`${file}/in the way`, { recursive: true });
  context.mock.timers.tick(2000);
  assert.equal(told, 2);
  fs.rmSync(file, { recursive: true });
  context.mock.timers.tick(2000);
  assert.deepEqual([readAlive(directory)?.beat, told], [11_000, 3]);
  beating.stop();
  context.mock.timers.tick(10_000);
  assert.deepEqual([readAlive(directory)?.beat, told], [11_000, 3]);
});

test('the beat stands in alive.json from the first moment', (context) => {
  const directory = temporaryFolder(context);
  const beating = startBeating(directory, 'token-of-a-test');
  beating.stop();
  const alive = JSON.parse(fs.readFileSync(path.join(directory, 'alive.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(Object.keys(alive), ['pid', 'boot', 'ticks', 'token', 'beat']);
  assert.equal(alive['pid'], process.pid);
});
