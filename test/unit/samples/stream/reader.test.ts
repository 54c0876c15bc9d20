/**
 * The thread that reads ahead, run here: another thread is the training. It announces, waits for what it wants, frees slots and says
 * stop; what it saw is told when the reader has ended.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { bytesOf } from '../../../../src/samples/stream/columns.ts';
import { serve } from '../../../../src/samples/stream/reader.ts';
import type { RecordSource } from '../../../../src/samples/stream/records.ts';
import { layOut, slotView, type Channel } from '../../../../src/samples/stream/ring.ts';
import { openScratch } from '../../../../src/samples/stream/scratch.ts';
import { toldWithin } from './support.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'reader-'));
const scratch = openScratch(folder);
after(() => {
  scratch.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Record r is r, r + 0.5. */
function sourceOf(records: number): RecordSource {
  const file = scratch.create();
  file.append(bytesOf(Float32Array.from({ length: records * 2 }, (_, at) => at / 2)));
  return { kind: 'ready', fd: file.fd, width: 2, dtype: 'float32' };
}

function ringOf(source: RecordSource, batchSize: number, slotCount: number): Channel {
  const { parts, slotBytes } = layOut([{ source, dtype: 'float32' }], batchSize);
  const slots = new SharedArrayBuffer(slotBytes * slotCount);
  return { control: new Int32Array(new SharedArrayBuffer(16)), slots, slotBytes, slotCount, batchSize, parts };
}

/** Steps of the training: what it says, what it sets, and what it waits for; each wait must be ended by the reader. */
type Step =
  | { readonly tell: object }
  | { readonly ring: number; readonly set: Readonly<Record<number, number>> }
  | { readonly ring: number; readonly until: number }
  | { readonly ring: number; readonly look: number; readonly slot?: number; readonly length?: number };

const training = `
const { workerData } = require('node:worker_threads');
const { port, signal, rings, steps } = workerData;
// Waiting alone does not keep a thread alive; and whatever happens here, the reader must not wait for ever.
const alive = setInterval(() => undefined, 1000);
process.once('exit', () => { port.postMessage({ type: 'stop' }); wake(); });
const wake = () => { Atomics.add(signal, 0, 1); Atomics.notify(signal, 0); };
const report = [];
const run = async () => {
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    const ring = rings[step.ring];
    // Waits begin before what ends them is said, so that a reader that does not notify is found out.
    const next = steps[at + 1];
    const before = next && 'until' in next ? Atomics.load(rings[next.ring].control, 0) : 0;
    const ended = next && 'until' in next ? Atomics.waitAsync(rings[next.ring].control, 0, before, 10000) : undefined;
    if ('tell' in step) { port.postMessage(step.tell); wake(); }
    if ('set' in step) { for (const [cell, value] of Object.entries(step.set)) Atomics.store(ring.control, Number(cell), value); wake(); }
    if (ended) {
      const how = ended.async ? await ended.value : ended.value;
      if (how === 'timed-out') { report.push('not told'); break; }
      // What comes after it is waited for as well.
      const stop = Date.now() + 10000;
      while (Atomics.load(ring2(next).control, 0) < next.until && Date.now() < stop) Atomics.wait(ring2(next).control, 0, Atomics.load(ring2(next).control, 0), 5);
      at++;
    }
    if ('look' in step) report.push([...ring.control.subarray(0, 4)]);
    if ('slot' in step) report.push([...new Float32Array(ring.slots, step.slot * ring.slotBytes, step.length)]);
  }
  port.postMessage({ type: 'stop' });
  wake();
  port.postMessage({ report });
  clearInterval(alive);
};
const ring2 = (step) => rings[step.ring];
run();
`;

/** @returns what the training looked at */
function played(rings: readonly Channel[], steps: readonly Step[]): unknown[] {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(training, {
    eval: true,
    execArgv: [],
    workerData: { port: port2, signal, rings, steps },
    transferList: [port2],
  });
  worker.unref();
  serve(port1, signal);
  const until = Date.now() + 10_000;
  for (;;) {
    const found = receiveMessageOnPort(port1)?.message as { readonly report?: unknown[] } | undefined;
    if (found?.report !== undefined || Date.now() > until) {
      port1.close();
      return found?.report ?? ['nothing'];
    }
  }
}

const open = (channel: number, ring: Channel) => ({ tell: { type: 'open', channel, ring } });
const announce = (order: readonly number[], base: number, batchSize: number, from = 0, channel = 0) => ({
  tell: { type: 'announce', announcement: { channel, base, order: Int32Array.from(order), batchSize, from } },
});
const records = (...of: readonly number[]): number[] => of.flatMap((record) => [record, record + 0.5]);

test('batches are read in order into their slots until all are full; a slot that is free is filled with the next', () => {
  const ring = ringOf(sourceOf(10), 2, 2);
  const seen = played([ring], [
    open(0, ring),
    announce([4, 0, 9, 1, 3, 3, 7], 0, 2),
    { ring: 0, until: 2 },
    { ring: 0, look: 0, slot: 0, length: 4 },
    { ring: 0, look: 0, slot: 1, length: 4 },
    { ring: 0, set: { 1: 1 } },
    { ring: 0, until: 3 },
    { ring: 0, look: 0, slot: 0, length: 4 },
    { ring: 0, set: { 1: 2 } },
    { ring: 0, until: 4 },
    { ring: 0, look: 0, slot: 1, length: 2 },
  ]); // prettier-ignore
  assert.deepEqual(seen, [
    [2, 0, 0, 0],
    records(4, 0),
    [2, 0, 0, 0],
    records(9, 1),
    [3, 1, 0, 0],
    records(3, 3),
    [4, 2, 0, 0],
    // The last one is smaller.
    records(7),
  ]);
});

test('an order follows another; batches before the first wanted one, and those that are skipped, are not read', () => {
  const ring = ringOf(sourceOf(10), 2, 8);
  const seen = played([ring], [
    open(0, ring),
    announce([0, 1, 2, 3, 4, 5], 0, 2, 1),
    { ring: 0, until: 2 },
    { ring: 0, look: 0, slot: 0, length: 4 },
    { ring: 0, set: { 2: 4, 1: 4 } },
    announce([5, 4, 3, 2, 1, 0, 9, 8], 2, 2),
    { ring: 0, until: 6 },
    { ring: 0, look: 0, slot: 2, length: 4 },
    { ring: 0, look: 0, slot: 4, length: 4 },
    { ring: 0, look: 0, slot: 5, length: 4 },
  ]); // prettier-ignore
  assert.deepEqual(seen, [
    [2, 0, 0, 0],
    records(2, 3),
    [6, 4, 4, 0],
    [0, 0, 0, 0],
    [6, 4, 4, 0],
    records(1, 0),
    [6, 4, 4, 0],
    records(9, 8),
  ]);
});

test('skipping ends at the end of an order: the next is read from its own beginning', () => {
  const ring = ringOf(sourceOf(10), 2, 8);
  const seen = played([ring], [
    open(0, ring),
    { ring: 0, set: { 1: 3, 2: 3 } },
    announce([0, 1, 2, 3], 0, 2),
    { ring: 0, until: 2 },
    { ring: 0, look: 0 },
    announce([9, 8, 7, 6], 2, 2),
    { ring: 0, until: 4 },
    { ring: 0, look: 0, slot: 2, length: 4 },
    { ring: 0, look: 0, slot: 3, length: 4 },
  ]); // prettier-ignore
  assert.deepEqual(seen, [[2, 3, 3, 0], [4, 3, 3, 0], [0, 0, 0, 0], [4, 3, 3, 0], records(7, 6)]);
});

test('every split has its own ring', () => {
  const [one, two] = [ringOf(sourceOf(4), 1, 2), ringOf(sourceOf(4), 1, 2)];
  const seen = played([one, two], [
    open(0, one),
    open(5, two),
    announce([3, 2, 1], 0, 1),
    { ring: 0, until: 2 },
    // The other is full: this one is served all the same.
    announce([1, 0], 0, 1, 0, 5),
    { ring: 1, until: 2 },
    { ring: 1, look: 0, slot: 1, length: 2 },
    { ring: 0, look: 0, slot: 1, length: 2 },
  ]); // prettier-ignore
  assert.deepEqual(seen, [[2, 0, 0, 0], records(0), [2, 0, 0, 0], records(2)]);
});

test('what cannot be read is marked, and said to who waits', async () => {
  const ring = ringOf(sourceOf(2), 1, 4);
  const marked = toldWithin(ring.control, 0, 0);
  const seen = played([ring], [
    open(0, ring),
    // The second is beyond the file.
    announce([1, 5, 0], 0, 1),
    { ring: 0, until: 1 },
    { ring: 0, look: 0, slot: 0, length: 2 },
  ]); // prettier-ignore
  assert.equal(await marked, 'ok');
  assert.deepEqual((seen[0] as number[]).slice(0, 3), [1, 0, 0]);
  assert.deepEqual(seen[1], records(1));
  const alone = ringOf(sourceOf(2), 1, 4);
  const waits = toldWithin(alone.control, 0, 0);
  played([alone], [open(0, alone), announce([7], 0, 1), { ring: 0, until: 0 }]);
  assert.equal(await waits, 'ok');
  assert.deepEqual([...alone.control], [0, 0, 0, 1]);
  assert.equal(slotView(alone, 0, alone.parts[0] ?? assert.fail(), 1).length, 2);
});
