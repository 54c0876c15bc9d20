/** The thread that reads batches ahead of the training. It knows no tensors, only files, orders and the rings it fills. */
import type { MessagePort } from 'node:worker_threads';
import { isMainThread, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openRecords, type ReadRecords } from './records.ts';
import { batchesIn, cell, isReaderStart, slotView, type Announcement, type Channel, type ToReader } from './ring.ts';

interface Work {
  readonly ring: Channel;
  readonly read: readonly ReadRecords[];
  /** What is still to be read, in this order. */
  readonly announced: Announcement[];
}

/** Fills rings until it is told to stop. */
export function serve(port: MessagePort, signal: Int32Array): void {
  const channels = new Map<number, Work>();
  for (;;) {
    const seen = Atomics.load(signal, 0);
    for (let message = receiveMessageOnPort(port); message !== undefined; message = receiveMessageOnPort(port)) {
      const told = message.message as ToReader;
      if (told.type === 'stop') return;
      if (told.type === 'open') {
        const read = told.ring.parts.map(({ source }) => openRecords(source));
        channels.set(told.channel, { ring: told.ring, read, announced: [] });
      } else channels.get(told.announcement.channel)?.announced.push(told.announcement);
    }
    // One batch a channel in turn, so that an evaluation does not wait until the training's ring is full.
    let busy = false;
    for (const work of channels.values()) busy = fillNext(work) || busy;
    if (!busy) Atomics.wait(signal, 0, seen);
  }
}

/** Reads one batch; false where there is none to read, or no free slot. */
function fillNext({ ring, read, announced }: Work): boolean {
  const { control } = ring;
  const number = Atomics.load(control, cell.produced);
  let [next] = announced;
  while (next !== undefined && number >= next.base + batchesIn(next)) {
    announced.shift();
    next = announced[0];
  }
  if (next === undefined || Atomics.load(control, cell.failed) === 1) return false;
  const skip = Atomics.load(control, cell.skip);
  if (number < skip) {
    Atomics.store(control, cell.produced, Math.min(skip, next.base + batchesIn(next)));
    Atomics.notify(control, cell.produced);
    return true;
  }
  if (number - Atomics.load(control, cell.consumed) >= ring.slotCount) return false;
  const from = (next.from + number - next.base) * next.batchSize;
  const positions = next.order.slice(from, from + next.batchSize);
  try {
    for (const [index, part] of ring.parts.entries())
      read[index]?.(positions, slotView(ring, number, part, positions.length));
  } catch {
    Atomics.store(control, cell.failed, 1);
    Atomics.notify(control, cell.produced);
    return false;
  }
  Atomics.store(control, cell.produced, number + 1);
  Atomics.notify(control, cell.produced);
  return true;
}

if (!isMainThread && parentPort !== null && isReaderStart(workerData)) serve(parentPort, workerData.signal);
