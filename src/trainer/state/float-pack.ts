/**
 * Named float32 arrays in one block of bytes with a list of contents, for checkpoints: raw little-endian floats, nothing
 * that could run.
 */
import { text } from '../../common/text.ts';
import { ToldError } from '../../common/told-error.ts';

export interface PackedEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** In floats from the start of the block. */
  readonly offset: number;
}

export interface Packed {
  readonly entries: readonly PackedEntry[];
  readonly bytes: Uint8Array;
}

export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

export function pack(arrays: readonly NamedArray[]): Packed {
  const total = arrays.reduce((sum, array) => sum + array.data.length, 0);
  const floats = new Float32Array(total);
  const entries: PackedEntry[] = [];
  let offset = 0;
  for (const { name, shape, data } of arrays) {
    if (data.length !== sizeOf(shape))
      throw new RangeError(`${name}: ${data.length} numbers for the shape [${shape.join(', ')}].`);
    floats.set(data, offset);
    entries.push({ name, shape, offset });
    offset += data.length;
  }
  return { entries, bytes: new Uint8Array(floats.buffer) };
}

/** @throws ToldError when the list and the bytes do not fit together: the file was damaged */
export function unpack({ entries, bytes }: Packed): readonly NamedArray[] {
  if (bytes.byteLength % 4 !== 0)
    throw new ToldError(
      text(
        `The block has ${bytes.byteLength} bytes, no whole number of floats.`,
        `数据块有 ${bytes.byteLength} 字节，不是整数个浮点数。`,
      ),
    );
  // A real copy: bytes from a file may be a Buffer, a window at any address into a larger block, whose `slice` copies nothing.
  const floats = new Float32Array(new Uint8Array(bytes).buffer);
  return entries.map(({ name, shape, offset }) => {
    const end = offset + sizeOf(shape);
    if (!Number.isInteger(offset) || offset < 0 || !(end <= floats.length)) {
      throw new ToldError(
        text(
          `${name} lies outside the block of ${floats.length} numbers.`,
          `${name} 超出含 ${floats.length} 个数的数据块。`,
        ),
      );
    }
    return { name, shape, data: floats.slice(offset, end) };
  });
}
