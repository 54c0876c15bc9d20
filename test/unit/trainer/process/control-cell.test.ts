import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { RequestCell } from '../../../../src/trainer/process/control-cell.ts';

test('a request and who made it pass through shared memory; a stop is never taken back', () => {
  const cell = new RequestCell();
  const other = new RequestCell(cell.buffer);
  assert.deepEqual([other.request, other.by], ['resume', '']);
  cell.set('pause', '窗口 1');
  assert.deepEqual([other.request, other.by], ['pause', '窗口 1']);
  cell.set('stop', 'x'.repeat(1000));
  assert.equal(other.by, 'x'.repeat(248));
  cell.set('resume', 'late');
  assert.equal(other.request, 'stop');
});

test('a paused thread sleeps until it is told to go on', async () => {
  const cell = new RequestCell();
  cell.set('pause', 'test');
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     const header = new Int32Array(workerData, 0, 2);
     parentPort.postMessage('waiting');
     while (Atomics.load(header, 0) === 1) Atomics.wait(header, 0, 1, 1000);
     parentPort.postMessage(Atomics.load(header, 0));`,
    { eval: true, workerData: cell.buffer },
  );
  const messages: unknown[] = [];
  const done = new Promise((resolve) => worker.on('exit', resolve));
  worker.on('message', (message) => {
    messages.push(message);
    if (message === 'waiting') cell.set('resume', 'test');
  });
  await done;
  assert.deepEqual(messages, ['waiting', 0]);
});

test('whoever waits goes on when it is told to, and at once where nobody wants a pause', async () => {
  const cell = new RequestCell();
  cell.waitWhilePaused();
  cell.set('pause', 'test');
  const worker = new Worker(
    `const { workerData } = require('node:worker_threads');
     const header = new Int32Array(workerData, 0, 2);
     setTimeout(() => { Atomics.store(header, 0, 0); Atomics.notify(header, 0); }, 20);`,
    { eval: true, workerData: cell.buffer },
  );
  const done = new Promise((resolve) => worker.on('exit', resolve));
  cell.waitWhilePaused();
  assert.equal(cell.request, 'resume');
  await done;
  cell.set('stop', 'test');
  cell.waitWhilePaused();
  assert.equal(cell.request, 'stop');
});

test('a code that means nothing asks for nothing', () => {
  const cell = new RequestCell();
  Atomics.store(new Int32Array(cell.buffer, 0, 1), 0, 9);
  assert.equal(cell.request, 'resume');
});

test('a request wakes who waits for it, however long that one would wait', async () => {
  const cell = new RequestCell();
  cell.set('pause', 'test');
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     parentPort.postMessage('waiting');
     parentPort.postMessage(Atomics.wait(new Int32Array(workerData), 0, 1, 10000));`,
    { eval: true, workerData: cell.buffer },
  );
  const messages: unknown[] = [];
  const done = new Promise((resolve) => worker.on('exit', resolve));
  worker.on('message', (message) => {
    messages.push(message);
    if (message === 'waiting') setTimeout(() => cell.set('resume', 'test'), 20);
  });
  await done;
  assert.notEqual(messages[1], 'timed-out');
});
