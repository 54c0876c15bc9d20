/** The training's side of the rings: what is announced comes, what does not come is read on the spot, and both are counted. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startReader, type Ahead, type Reader } from '../../../../src/samples/stream/ahead.ts';
import { bytesOf } from '../../../../src/samples/stream/columns.ts';
import { openScratch } from '../../../../src/samples/stream/scratch.ts';
import { eventually } from '../../eventually.ts';
import { readerBundle } from './support.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'ahead-'));
const scratch = openScratch(folder);
after(() => {
  scratch.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
const program = readerBundle(folder);
/** A thread that does nothing for ever. */
const idle = join(folder, 'idle.cjs');
fs.writeFileSync(idle, 'setInterval(() => undefined, 1000);\n');

/** Record r is r, r + 0.5, and as a whole number 10 r. */
function open(reader: Reader, records = 12): Ahead {
  const [one, two] = [scratch.create(), scratch.create()];
  one.append(bytesOf(Float32Array.from({ length: records * 2 }, (_, at) => at / 2)));
  two.append(bytesOf(Int32Array.from({ length: records }, (_, at) => at * 10)));
  return reader.open([
    { source: { kind: 'ready', fd: one.fd, width: 2, dtype: 'float32' }, dtype: 'float32' },
    { source: { kind: 'ready', fd: two.fd, width: 1, dtype: 'int32' }, dtype: 'int32' },
  ]);
}
const samples = (...records: readonly number[]): unknown => [
  Float32Array.from(records.flatMap((record) => [record, record + 0.5])),
  Int32Array.from(records, (record) => record * 10),
];
const order = (...of: readonly number[]): Int32Array => Int32Array.from(of);

test('batches of an order come in turn, may be taken again and in parts, and the last is smaller', () => {
  const reader = startReader(program, 0, 600_000);
  const ahead = open(reader);
  const first = order(3, 1, 0, 2, 11, 5, 4);
  ahead.announce(first, 3, 0, 'next');
  assert.deepEqual(ahead.take(first.subarray(0, 3)), samples(3, 1, 0));
  assert.deepEqual(ahead.take(first.subarray(1, 3)), samples(1, 0));
  assert.deepEqual(ahead.take(first.subarray(0, 3)), samples(3, 1, 0));
  assert.deepEqual(ahead.take(first.subarray(3, 6)), samples(2, 11, 5));
  // What has been given up does not come back.
  assert.equal(ahead.take(first.subarray(0, 3)), undefined);
  assert.deepEqual(ahead.take(first.subarray(6)), samples(4));
  assert.deepEqual([reader.waits.batches, reader.waits.direct], [3, 0]);
  reader.close();
});

test('an order that is foreseen is the same numbers in another array; batches left out are skipped', () => {
  const reader = startReader(program, 1e6, 600_000);
  const ahead = open(reader);
  const [first, foreseen] = [order(0, 1, 2, 3), order(5, 4, 3, 2, 1, 0)];
  ahead.announce(first, 2, 0, 'next');
  ahead.announce(foreseen, 2, 0, 'later');
  assert.deepEqual(ahead.take(first.subarray(2, 4)), samples(2, 3));
  const again = order(...foreseen);
  ahead.announce(again, 2, 0, 'next');
  assert.deepEqual(ahead.take(again.subarray(4, 6)), samples(1, 0));
  // The former array is known no more.
  assert.equal(ahead.take(foreseen.subarray(4, 6)), undefined);
  assert.equal(reader.waits.batches, 2);
  reader.close();
});

test('epochs in one and the same order are each read anew', () => {
  const reader = startReader(program, 1e6, 600_000);
  const ahead = open(reader);
  const epochs = Array.from({ length: 4 }, () => order(3, 2, 1, 0));
  for (const [epoch, now] of epochs.entries()) {
    ahead.announce(now, 2, 0, 'next');
    const next = epochs[epoch + 1];
    if (next !== undefined) ahead.announce(order(...next), 2, 0, 'later');
    assert.deepEqual(ahead.take(now.subarray(0, 2)), samples(3, 2), `epoch ${String(epoch)}`);
    assert.deepEqual(ahead.take(now.subarray(2, 4)), samples(1, 0), `epoch ${String(epoch)}`);
  }
  assert.deepEqual([reader.waits.batches, reader.waits.direct], [8, 0]);
  reader.close();
});

test('an epoch that goes on begins with its first wanted batch', () => {
  const reader = startReader(program, 1e6, 600_000);
  const ahead = open(reader);
  const one = order(0, 1, 2, 3, 4, 5);
  ahead.announce(one, 2, 1, 'next');
  assert.equal(ahead.take(one.subarray(0, 2)), undefined);
  assert.deepEqual(ahead.take(one.subarray(2, 4)), samples(2, 3));
  // Another order of larger batches needs a larger ring, of smaller ones does not.
  const larger = order(9, 8, 7, 6);
  ahead.announce(larger, 4, 0, 'next');
  assert.deepEqual(ahead.take(larger), samples(9, 8, 7, 6));
  const smaller = order(1, 2, 3);
  ahead.announce(smaller, 1, 0, 'next');
  assert.deepEqual(ahead.take(smaller.subarray(1, 2)), samples(2));
  reader.close();
});

test('what nobody announced, spans two batches, or is another array is not there', () => {
  const reader = startReader(program, 1e6, 600_000);
  const ahead = open(reader);
  const one = order(0, 1, 2, 3, 4, 5);
  assert.equal(ahead.take(one.subarray(0, 2)), undefined);
  ahead.announce(one, 2, 0, 'next');
  assert.equal(ahead.take(one.subarray(1, 3)), undefined);
  assert.equal(ahead.take(order(0, 1)), undefined);
  assert.deepEqual(ahead.take(one.subarray(0, 2)), samples(0, 1));
  assert.equal(reader.waits.batches, 1);
  reader.close();
});

test('waiting is told by whether it could be foreseen: the first batch could not', () => {
  const reader = startReader(program, 1e6, 600_000);
  const ahead = open(reader);
  const one = order(0, 1, 2, 3);
  ahead.announce(one, 2, 0, 'next');
  ahead.take(one.subarray(0, 2));
  const { late, seconds, first } = reader.waits;
  assert.deepEqual([late, seconds], [0, 0]);
  assert.ok(first > 0);
  ahead.readDirectly(1.5);
  ahead.readDirectly(0.25);
  assert.deepEqual([reader.waits.direct, reader.waits.seconds], [2, 1.75]);
  reader.close();
});

test('a thread that does not move is waited for once, and not longer than it may take', () => {
  const reader = startReader(idle, 1e6, 30);
  const ahead = open(reader);
  const one = order(0, 1, 2, 3);
  ahead.announce(one, 2, 0, 'later');
  const began = performance.now();
  assert.equal(ahead.take(one.subarray(0, 2)), undefined);
  assert.ok(performance.now() - began >= 25);
  const waited = { ...reader.waits };
  assert.deepEqual([waited.batches, waited.late, waited.direct, waited.first], [0, 1, 0, 0]);
  assert.ok(waited.seconds >= 0.025);
  assert.equal(ahead.take(one.subarray(2, 4)), undefined);
  ahead.announce(one, 2, 0, 'next');
  assert.equal(ahead.take(one.subarray(0, 2)), undefined);
  assert.deepEqual(reader.waits, waited);
  reader.close();
});

test('a thread that has ended, by an error or without one, is not waited for any more', async () => {
  for (const [name, text] of [
    ['ends', '// Nothing to do.\n'],
    ['breaks', 'throw new Error("broken");\n'],
  ] as const) {
    // prettier-ignore
    const file = join(folder, `${name}.cjs`);
    fs.writeFileSync(file, text);
    const reader = startReader(file, 1e6, 20);
    // Each asks a ring of its own, since one that has waited in vain asks no more.
    const waits = (): boolean => {
      const before = reader.waits.first;
      const ahead = open(reader);
      const one = order(0, 1, 2, 3);
      ahead.announce(one, 2, 0, 'next');
      assert.equal(ahead.take(one.subarray(0, 2)), undefined);
      return reader.waits.first > before;
    };
    await eventually(() => !waits(), 'the end of the thread', { seconds: 20 });
    reader.close();
  }
});

test('what cannot be read is not waited for', () => {
  const reader = startReader(program, 1e6, 600_000);
  const ahead = open(reader, 2);
  const beyond = order(0, 1, 7, 8);
  ahead.announce(beyond, 2, 0, 'next');
  assert.deepEqual(ahead.take(beyond.subarray(0, 2)), samples(0, 1));
  assert.equal(ahead.take(beyond.subarray(2, 4)), undefined);
  assert.equal(reader.waits.batches, 1);
  reader.close();
});

test('without a program, or when all is over, nothing comes', () => {
  for (const name of [undefined, join(folder, 'none.cjs')]) {
    const reader = startReader(name, 1e6);
    const ahead = open(reader);
    const one = order(0, 1);
    ahead.announce(one, 2, 0, 'next');
    assert.equal(ahead.take(one), undefined);
    assert.deepEqual(reader.waits, { batches: 0, late: 0, seconds: 0, first: 0, direct: 0 });
    reader.close();
  }
  const reader = startReader(program, 1e6, 600_000);
  const ahead = open(reader);
  const one = order(0, 1);
  ahead.announce(one, 2, 0, 'next');
  reader.close();
  assert.equal(ahead.take(one), undefined);
});
