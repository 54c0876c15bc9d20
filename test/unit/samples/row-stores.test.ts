/** Samples are gathered by their positions, as they are or converted channel by channel. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { convertInto, gatherAll, readyStore, scatteredStore, sourceStore } from '../../../src/samples/row-stores.ts';
import { rowsOf } from './helpers.ts';

test('samples that are ready come in the order that is asked for, any number of times', () => {
  const wide = readyStore(Float32Array.of(1, 2, 3, 4, 5, 6), [2]);
  assert.deepEqual([wide.shape, wide.dtype], [[2], 'float32']);
  assert.deepEqual(wide.gather(rowsOf(2, 0, 2)), Float32Array.of(5, 6, 1, 2, 5, 6));
  const narrow = readyStore(Int32Array.of(7, 8, 9), []);
  assert.deepEqual([narrow.shape, narrow.dtype], [[], 'int32']);
  assert.deepEqual(narrow.gather(rowsOf(1, 2)), Int32Array.of(8, 9));
  const single = readyStore(Float32Array.of(0.5, 1.5), [1]);
  assert.deepEqual(single.gather(rowsOf(1)), Float32Array.of(1.5));
  assert.deepEqual(wide.gather(rowsOf()), new Float32Array(0));
});

test('samples of the source are converted by their channel when they are gathered', () => {
  const convert = (value: number, channel: number): number => value * 10 + channel;
  // Two pixels of three channels a row; positions stand for source rows 2 and 0.
  const values = Array.from({ length: 18 }, (_, at) => at);
  for (const source of [Uint8Array.from(values), Float32Array.from(values), Int16Array.from(values)]) {
    const store = sourceStore(source, [1, 2, 3], rowsOf(2, 0), 3, convert);
    assert.deepEqual([store.shape, store.dtype], [[1, 2, 3], 'float32']);
    const first = [0, 11, 22, 30, 41, 52];
    const last = [120, 131, 142, 150, 161, 172];
    assert.deepEqual([...store.gather(rowsOf(1, 0))], [...first, ...last]);
  }
});

test('a byte is converted by a table, with the results that its number has', () => {
  const convert = (value: number, channel: number): number => (value - 100) / (channel + 1);
  const source = Uint8Array.of(9, 0, 255, 128, 100, 1);
  const [bytes, numbers] = [true, false].map((kind) => {
    const out = new Float32Array(8);
    convertInto(kind, 2, convert)(source, 1, out, 2, 4);
    return [...out];
  });
  assert.deepEqual(bytes, [0, 0, -100, 77.5, 28, 0, 0, 0]);
  assert.deepEqual(numbers, bytes);
  // Each call begins with the first channel.
  const put = convertInto(true, 2, convert);
  const out = new Float32Array(2);
  put(source, 0, out, 0, 1);
  put(source, 0, out, 1, 1);
  assert.deepEqual([...out], [-91, -91]);
});

test('samples at other positions; where there is none stand zeros, before and between the others', () => {
  const store = readyStore(Int32Array.of(1, 2, 3, 4, 5, 6), [2]);
  const scattered = scatteredStore(store, Int32Array.of(-1, 2, -1, 0));
  assert.deepEqual([scattered.shape, scattered.dtype], [[2], 'int32']);
  assert.deepEqual(gatherAll(scattered, 4), Int32Array.of(0, 0, 5, 6, 0, 0, 1, 2));
  assert.deepEqual(scattered.gather(rowsOf(3, 0, 1, 3)), Int32Array.of(1, 2, 0, 0, 5, 6, 1, 2));
  // A position that nobody placed has none.
  assert.deepEqual(scattered.gather(rowsOf(9, 1)), Int32Array.of(0, 0, 5, 6));
  const single = scatteredStore(readyStore(Float32Array.of(0.5), []), Int32Array.of(-1, 0));
  assert.deepEqual([single.dtype, gatherAll(single, 2)], ['float32', Float32Array.of(0, 0.5)]);
});
