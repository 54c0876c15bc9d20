/** The ring of batches: where a batch lies, and how many an order has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordSource } from '../../../../src/samples/stream/records.ts';
import { batchesIn, cell, isReaderStart, layOut, slotView, wake } from '../../../../src/samples/stream/ring.ts';
import { toldWithin } from './support.ts';

const source = (width: number): RecordSource => ({ kind: 'ready', fd: -1, width, dtype: 'float32' });

test('an order has its batches, the last perhaps smaller, less those that are skipped', () => {
  const order = new Int32Array(10);
  const count = (batchSize: number, from: number): number => batchesIn({ order, batchSize, from });
  assert.deepEqual([count(4, 0), count(5, 0), count(4, 1), count(4, 3), count(4, 5), count(10, 0)], [3, 2, 2, 0, 0, 1]);
});

test('the parts of a slot lie one after the other, four bytes a number; a slot is never empty', () => {
  const sources = [
    { source: source(3), dtype: 'float32' },
    { source: source(1), dtype: 'int32' },
    { source: source(2), dtype: 'float32' },
  ] as const;
  const { parts, slotBytes } = layOut(sources, 5);
  assert.deepEqual(
    parts.map(({ offset, dtype }) => [offset, dtype]),
    [
      [0, 'float32'],
      [60, 'int32'],
      [80, 'float32'],
    ],
  );
  assert.equal(parts[1]?.source, sources[1].source);
  assert.equal(slotBytes, 120);
  assert.equal(layOut([], 5).slotBytes, 8);
  assert.equal(layOut([{ source: source(3), dtype: 'float32' }], 1).slotBytes, 12);
});

test('batches lie in their slots by turns, seen as the numbers they are', () => {
  const { parts, slotBytes } = layOut(
    [
      { source: source(2), dtype: 'float32' },
      { source: source(1), dtype: 'int32' },
    ],
    3,
  );
  const slots = new SharedArrayBuffer(2 * slotBytes);
  const ring = { control: new Int32Array(4), slots, slotBytes, slotCount: 2, batchSize: 3, parts };
  const [first, second] = parts;
  assert.ok(first !== undefined && second !== undefined);
  const views = [0, 1, 2, 5].map((number) => slotView(ring, number, first, 3));
  assert.deepEqual(
    views.map((view) => [view.byteOffset, view.length]),
    [
      [0, 6],
      [slotBytes, 6],
      [0, 6],
      [slotBytes, 6],
    ],
  );
  assert.ok(views[0] instanceof Float32Array);
  const whole = slotView(ring, 3, second, 2);
  assert.ok(whole instanceof Int32Array);
  assert.deepEqual([whole.byteOffset, whole.length, whole.buffer], [slotBytes + 24, 2, slots]);
});

test('the shared numbers have places of their own; waking changes the signal', () => {
  assert.deepEqual(new Set(Object.values(cell)), new Set([0, 1, 2, 3]));
  const signal = new Int32Array(new SharedArrayBuffer(4));
  wake(signal);
  wake(signal);
  assert.equal(signal[0], 2);
});

test('waking ends a wait', async () => {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const waiting = toldWithin(signal, 0, 0);
  wake(signal);
  assert.equal(await waiting, 'ok');
});

test('a thread knows by its data whether it is to read', () => {
  for (const value of [null, undefined, 'reader', {}, { kind: 'other' }]) assert.equal(isReaderStart(value), false);
  assert.equal(isReaderStart({ kind: 'reader', signal: new Int32Array(1) }), true);
});
