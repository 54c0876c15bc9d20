/** The ways in which samples lie in memory: prepared once, or read from the source array batch by batch. */
import type { NumericArray } from '../data/table.ts';
import { product } from '../data/table.ts';
import type { PreparedTarget, RowStore } from './contract.ts';

/** Samples that are ready: [n, ...shape]. Bytes stay bytes and are gathered as float32. */
export function readyStore(data: Float32Array | Int32Array | Uint8Array, shape: readonly number[]): RowStore {
  const width = product(shape);
  const gather = (positions: Int32Array): Float32Array | Int32Array => {
    const size = positions.length * width;
    const out = data instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
    for (let index = 0; index < positions.length; index++) {
      const from = (positions[index] ?? 0) * width;
      if (width === 1) out[index] = data[from] ?? 0;
      else out.set(data.subarray(from, from + width), index * width);
    }
    return out;
  };
  return { shape, dtype: data instanceof Int32Array ? 'int32' : 'float32', gather };
}

/**
 * The samples of a store at other positions, and zeros where there is none.
 * @param places where in the store each position is; -1: nowhere
 */
export function scatteredStore(store: RowStore, places: Int32Array): RowStore {
  const { shape, dtype } = store;
  const width = product(shape);
  const gather = (positions: Int32Array): Float32Array | Int32Array => {
    const wanted = positions.map((position) => places[position] ?? -1);
    const found = store.gather(wanted.filter((place) => place >= 0));
    const size = positions.length * width;
    const out = dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
    let at = 0;
    for (const [index, place] of wanted.entries()) {
      if (place < 0) continue;
      out.set(found.subarray(at, at + width), index * width);
      at += width;
    }
    return out;
  };
  return { shape, dtype, gather };
}

/** All samples of a split, in its order. */
export function gatherAll(store: RowStore, n: number): Float32Array | Int32Array {
  return store.gather(Int32Array.from({ length: n }, (_, position) => position));
}

/**
 * Samples that stay as they are in the source (bytes of an image stay bytes) and are converted when gathered.
 * @param rows source row of each sample
 * @param convert number of channel `c` = position modulo `channels`
 */
export function sourceStore(
  source: NumericArray,
  shape: readonly number[],
  rows: Int32Array,
  channels: number,
  convert: (value: number, channel: number) => number,
): RowStore {
  const width = product(shape);
  const put = convertInto(source instanceof Uint8Array, channels, convert);
  const gather = (positions: Int32Array): Float32Array => {
    const out = new Float32Array(positions.length * width);
    for (let index = 0; index < positions.length; index++)
      put(source, (rows[positions[index] ?? 0] ?? 0) * width, out, index * width, width);
    return out;
  };
  return { shape, dtype: 'float32', gather };
}

/** Converts `count` numbers from one place to another, channel by channel from the first. */
type Put = (source: ArrayLike<number>, from: number, out: Float32Array | Int32Array, to: number, count: number) => void;

/** @param bytes the numbers are bytes: all results are known beforehand */
export function convertInto(
  bytes: boolean,
  channels: number,
  convert: (value: number, channel: number) => number,
): Put {
  const table = bytes ? lookupTable(channels, convert) : undefined;
  return (source, from, out, to, count) => {
    let channel = 0;
    for (let at = 0; at < count; at++) {
      const value = source[from + at] ?? 0;
      out[to + at] = table === undefined ? convert(value, channel) : (table[channel * 256 + value] ?? 0);
      if (++channel === channels) channel = 0;
    }
  };
}

/** All 256 results of a byte, per channel. */
function lookupTable(channels: number, convert: (value: number, channel: number) => number): Float32Array {
  return Float32Array.from({ length: channels * 256 }, (_, index) => convert(index % 256, Math.floor(index / 256)));
}

/** Labels that are gathered at once where all are looked at. */
const labelsAtOnce = 1024;

/**
 * Visits the labels of a split one by one, some of them in memory at a time.
 *
 * @param visit with a label's numbers, and which of them are there where some lack
 */
export function eachLabel(
  { values, present, mask }: Pick<PreparedTarget, 'values' | 'present' | 'mask'>,
  visit: (label: Float32Array | Int32Array, present: Float32Array | Int32Array | undefined) => void,
): void {
  const size = product(values.shape);
  const labeled = Int32Array.from(mask.keys()).filter((position) => mask[position] === 1);
  for (let first = 0; first < labeled.length; first += labelsAtOnce) {
    const positions = labeled.subarray(first, first + labelsAtOnce);
    const numbers = values.gather(positions);
    const there = present?.gather(positions);
    for (let at = 0; at < numbers.length; at += size)
      visit(numbers.subarray(at, at + size), there?.subarray(at, at + size));
  }
}
