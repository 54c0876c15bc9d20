/**
 * The training's side of the rings: says which batches come, takes them when they are there, and counts how long it had to wait. What
 * was not announced, or cannot be read ahead, is read on the spot: the numbers are the same, only later.
 */
import * as fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { RecordSource } from './records.ts';
import type { Channel, ReaderStart, ToReader } from './ring.ts';
import { batchesIn, cell, layOut, slotView, wake } from './ring.ts';

/** How reading went, since the beginning. */
export interface Waits {
  /** Batches taken from the rings. */
  readonly batches: number;
  /** Of them, how many were not there yet, though they had been announced in time. */
  readonly late: number;
  /** Seconds in which the training waited for those, and for batches that it had to read itself. */
  readonly seconds: number;
  /** Seconds in which it waited for the first batches of orders that nobody could foresee: at the very beginning. */
  readonly first: number;
  /** Batches read on the spot. */
  readonly direct: number;
}

export interface Reader {
  /** A ring for the samples of one split. */
  open(sources: readonly RingSource[]): Ahead;
  readonly waits: Waits;
  close(): void;
}

export interface RingSource {
  readonly source: RecordSource;
  readonly dtype: 'float32' | 'int32';
}

export interface Ahead {
  /**
   * The batches of this order come, from batch `from`.
   * @param when `next`: they are about to be taken; `later`: after those that have been announced
   */
  announce(order: Int32Array, batchSize: number, from: number, when: 'next' | 'later'): void;
  /**
   * The inputs of a batch of an announced order, or of a part of it, in the order of the sources; undefined where it must be read on
   * the spot. A batch can be taken again until a later one is.
   */
  take(positions: Int32Array): readonly (Float32Array | Int32Array)[] | undefined;
  /** Adds to the waiting time what reading on the spot took. */
  readDirectly(seconds: number): void;
}

/** A reader that does not move for so many milliseconds is not waited for any longer. */
const usualPatience = 20_000;

/**
 * @param program file of the reader thread; without it nothing is read ahead
 * @param budget bytes for the slots of one ring
 * @param patience milliseconds
 */
export function startReader(program: string | undefined, budget: number, patience = usualPatience): Reader {
  const count = { batches: 0, late: 0, seconds: 0, first: 0, direct: 0 };
  const signal = new Int32Array(new SharedArrayBuffer(4));
  let worker: Worker | undefined;
  let dead = program === undefined || !fs.existsSync(program);
  let channels = 0;
  const tell = (message: ToReader): void => {
    if (dead || program === undefined) return;
    if (worker === undefined) {
      const start: ReaderStart = { kind: 'reader', signal };
      worker = new Worker(program, { workerData: start, execArgv: [] });
      // Its errors reach the training as batches that do not come.
      worker.on('error', () => (dead = true));
      worker.on('exit', () => (dead = true));
      worker.unref();
    }
    worker.postMessage(message);
    wake(signal);
  };
  return {
    get waits() {
      return { ...count };
    },
    open: (sources) =>
      createAhead(sources, { budget, patience, signal, count, channel: channels++, tell, isDead: () => dead }),
    close: () => {
      tell({ type: 'stop' });
      void worker?.terminate();
      dead = true;
    },
  };
}

interface Shared {
  readonly budget: number;
  readonly patience: number;
  readonly signal: Int32Array;
  readonly count: { batches: number; late: number; seconds: number; first: number; direct: number };
  readonly channel: number;
  readonly tell: (message: ToReader) => void;
  readonly isDead: () => boolean;
}

/** An announced order; the training's own array, by which its batches are known again. */
interface Known {
  readonly base: number;
  order: Int32Array;
  readonly batchSize: number;
  readonly from: number;
  /** Announced for later, and not yet as the next. */
  later: boolean;
  /** The next batch of it could be read before it was wanted. */
  foreseen: boolean;
}

/** One that is worked on, one that is ready, one that is being read. */
const fewestSlots = 3;
const mostSlots = 64;

function createAhead(sources: readonly RingSource[], shared: Shared): Ahead {
  let ring: Channel | undefined;
  let announced: Known[] = [];
  let lost = false;
  /** The batch whose slot is held. */
  let taken = -1;

  const ringFor = (batchSize: number): Channel => {
    if (ring !== undefined && batchSize <= ring.batchSize) return ring;
    const { parts, slotBytes } = layOut(sources, batchSize);
    const slotCount = Math.min(mostSlots, Math.max(fewestSlots, Math.floor(shared.budget / slotBytes)));
    const control = new Int32Array(new SharedArrayBuffer(4 * 4));
    ring = { control, slots: new SharedArrayBuffer(slotCount * slotBytes), slotBytes, slotCount, batchSize, parts };
    announced = [];
    taken = -1;
    shared.tell({ type: 'open', channel: shared.channel, ring });
    return ring;
  };

  const announce: Ahead['announce'] = (order, batchSize, from, when) => {
    if (lost || shared.isDead()) return;
    // An order that was foreseen is the same numbers in another array.
    const same = (known: Known): boolean =>
      known.later && known.batchSize === batchSize && known.from === from && sameNumbers(known.order, order);
    const after = when === 'next' ? 0 : announced.findLastIndex(({ later }) => !later);
    const entry = announced.slice(Math.max(0, after)).find(same);
    if (entry !== undefined) {
      entry.order = order;
      entry.later = when === 'later';
      return;
    }
    const current = ringFor(batchSize);
    const last = announced.at(-1);
    const base = last === undefined ? Atomics.load(current.control, cell.produced) : last.base + batchesIn(last);
    announced.push({ base, order, batchSize, from, later: when === 'later', foreseen: when === 'later' });
    const announcement = { channel: shared.channel, base, order: shareable(order), batchSize, from };
    shared.tell({ type: 'announce', announcement });
  };

  /** Waits until the batch is there; false where it will not come. */
  const waitFor = (control: Int32Array, number: number, foreseen: boolean): boolean => {
    let produced = Atomics.load(control, cell.produced);
    if (produced > number) return true;
    const began = performance.now();
    let moved = began;
    while (
      produced <= number &&
      Atomics.load(control, cell.failed) === 0 &&
      performance.now() - moved < shared.patience
    ) {
      Atomics.wait(control, cell.produced, produced, Math.min(1000, shared.patience));
      const now = Atomics.load(control, cell.produced);
      if (now !== produced) moved = performance.now();
      produced = now;
    }
    shared.count[foreseen ? 'seconds' : 'first'] += (performance.now() - began) / 1000;
    if (foreseen) shared.count.late++;
    lost = produced <= number;
    return !lost;
  };

  const take = (positions: Int32Array): readonly (Float32Array | Int32Array)[] | undefined => {
    if (ring === undefined || lost || shared.isDead()) return undefined;
    const at = announced.findIndex((entry) => isPartOf(positions, entry));
    const entry = announced[at];
    if (entry === undefined) return undefined;
    const index = (positions.byteOffset - entry.order.byteOffset) / 4;
    const batch = Math.floor(index / entry.batchSize);
    const row = index - batch * entry.batchSize;
    const number = entry.base + batch - entry.from;
    const { control } = ring;
    if (batch < entry.from || number < Atomics.load(control, cell.consumed)) return undefined;
    announced.splice(0, at);
    if (number !== taken) {
      Atomics.store(control, cell.skip, number);
      Atomics.store(control, cell.consumed, number);
      wake(shared.signal);
      if (!waitFor(control, number, entry.foreseen)) return undefined;
      shared.count.batches++;
      taken = number;
      // Its next batches are foreseen, whenever it was announced.
      entry.foreseen = true;
    }
    const count = Math.min(entry.batchSize, entry.order.length - batch * entry.batchSize);
    return slotInputs(ring, number, count, row, positions.length);
  };

  const readDirectly = (seconds: number): void => {
    shared.count.direct++;
    shared.count.seconds += seconds;
  };
  return { announce, take, readDirectly };
}

/** Whether these are neighboring positions of one batch. */
function isPartOf(positions: Int32Array, { order, batchSize }: Known): boolean {
  const first = (positions.byteOffset - order.byteOffset) / 4;
  const within = positions.buffer === order.buffer && first >= 0 && first + positions.length <= order.length;
  return within && (first % batchSize) + positions.length <= batchSize;
}

/** Some rows of the batch of `count` samples that lies in a slot. */
function slotInputs(
  ring: Channel,
  number: number,
  count: number,
  row: number,
  rows: number,
): readonly (Float32Array | Int32Array)[] {
  return ring.parts.map((part) => {
    const { width } = part.source;
    return slotView(ring, number, part, count).slice(row * width, (row + rows) * width);
  });
}

function sameNumbers(a: Int32Array, b: Int32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

function shareable(order: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(4 * order.length));
  shared.set(order);
  return shared;
}
