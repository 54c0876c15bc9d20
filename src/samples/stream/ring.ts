/**
 * A ring of batches between the thread that reads ahead and the one that trains. Batches have numbers that only grow; batch `s` lies in
 * slot `s` modulo the number of slots. One thread fills, the other takes; all they share are these numbers and the slots.
 */
import type { RecordSource } from './records.ts';

/** Places of the shared numbers. */
export const cell = {
  /** Batches below this have been filled (or skipped). */
  produced: 0,
  /** Batches below this are not wanted any more: their slots are free. */
  consumed: 1,
  /** Batches below this need not be read any more. */
  skip: 2,
  /** 1 after the reader met an error; the batch is then read by whoever wants it, which says what is wrong. */
  failed: 3,
} as const;

/** One input's place in a slot. */
export interface SlotPart {
  readonly source: RecordSource;
  readonly dtype: 'float32' | 'int32';
  /** Bytes from the beginning of the slot. */
  readonly offset: number;
}

/** What both threads know of one split. */
export interface Channel {
  readonly control: Int32Array;
  readonly slots: SharedArrayBuffer;
  readonly slotBytes: number;
  readonly slotCount: number;
  /** Samples that fit into a slot. */
  readonly batchSize: number;
  readonly parts: readonly SlotPart[];
}

/** To the reader: the batches of an order come next, from number `base`. */
export interface Announcement {
  readonly channel: number;
  readonly base: number;
  readonly order: Int32Array;
  readonly batchSize: number;
  /** The first batch of the order that is wanted. */
  readonly from: number;
}

/** How many batches are announced. */
export function batchesIn({ order, batchSize, from }: Pick<Announcement, 'order' | 'batchSize' | 'from'>): number {
  return Math.max(0, Math.ceil(order.length / batchSize) - from);
}

export interface ReaderStart {
  readonly kind: 'reader';
  /** Changes whenever there may be something to do. */
  readonly signal: Int32Array;
}

/** The messages to the reader. */
export type ToReader =
  | { readonly type: 'open'; readonly channel: number; readonly ring: Channel }
  | { readonly type: 'announce'; readonly announcement: Announcement }
  | { readonly type: 'stop' };

export function isReaderStart(value: unknown): value is ReaderStart {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'reader';
}

/** One input of `count` samples in the slot of batch `number`. */
export function slotView(ring: Channel, number: number, part: SlotPart, count: number): Float32Array | Int32Array {
  const at = (number % ring.slotCount) * ring.slotBytes + part.offset;
  const length = count * part.source.width;
  return part.dtype === 'float32' ? new Float32Array(ring.slots, at, length) : new Int32Array(ring.slots, at, length);
}

/** Where the parts of a slot for `batchSize` samples begin, and its size. */
export function layOut(
  sources: readonly { readonly source: RecordSource; readonly dtype: 'float32' | 'int32' }[],
  batchSize: number,
): { readonly parts: readonly SlotPart[]; readonly slotBytes: number } {
  let slotBytes = 0;
  const parts = sources.map(({ source, dtype }) => {
    const offset = slotBytes;
    slotBytes += batchSize * source.width * 4;
    return { source, dtype, offset };
  });
  return { parts, slotBytes: Math.max(8, slotBytes) };
}

export function wake(signal: Int32Array): void {
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}
