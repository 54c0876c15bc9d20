/** The bytes of an NPY array as a column: byte order, Fortran order and the types JavaScript has no array for. */
import { text } from '../common/text.ts';
import { DataError } from './error.ts';
import type { NpyHeader } from './npy.ts';
import type { Column, NumericArray } from './table.ts';
import { emptyLike, product } from './table.ts';

/**
 * 64-bit integers become doubles; a column with integers beyond ±2⁵³ becomes text, so that two ids never merge into one.
 * @param data begins where numbers of eight bytes may begin
 * @param asText for a part of such a column, that the whole has them
 * @throws DataError `shape` for text or such integers of several values a row
 */
export function decodeArray(data: Uint8Array, header: NpyHeader, name: string, file: string, asText = false): Column {
  const shape = header.shape.slice(1);
  const width = product(shape);
  const rows = header.shape[0] ?? 0;
  if (header.dtype === 'unicode' || header.dtype === 'bytes') {
    if (width !== 1) throw severalTexts(file, name, width);
    return { kind: 'text', cells: Array.from({ length: rows }, (_, row) => textAt(data, header, row)) };
  }
  if (header.dtype === 'int64' || header.dtype === 'uint64') {
    const exact = exactTexts(data, header, asText);
    if (exact !== undefined) {
      if (width !== 1) throw severalTexts(file, name, width);
      return { kind: 'text', cells: exact };
    }
  }
  const flat = numbersAt(data, header);
  const values = header.fortranOrder && header.shape.length > 1 ? fromFortranOrder(flat, header.shape) : flat;
  return { kind: 'number', dtype: header.dtype, shape, width, values };
}

function severalTexts(file: string, name: string, width: number): DataError {
  return new DataError(
    'shape',
    text(
      `${file}, array “${name}” has ${width} texts (or integers beyond 2⁵³) a row; only one a row can be read. Save its parts as arrays of their own.`,
      `${file}，数组“${name}”每行有 ${width} 个文本（或超出 2⁵³ 的整数），而每行只能读取一个。请将各部分另存为单独的数组。`,
    ),
    { file, column: name },
  );
}

/** Every platform Node runs on is little-endian, so most types need no conversion at all. */
function numbersAt(data: Uint8Array, { dtype, littleEndian, itemBytes }: NpyHeader): NumericArray {
  const { buffer, byteOffset, byteLength } = littleEndian ? data : swapped(data, itemBytes);
  const count = byteLength / itemBytes;
  switch (dtype) {
    case 'int8':
      return new Int8Array(buffer, byteOffset, count);
    case 'int16':
      return new Int16Array(buffer, byteOffset, count);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, count);
    case 'int32':
      return new Int32Array(buffer, byteOffset, count);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'int64':
      return converted(new BigInt64Array(buffer, byteOffset, count), new Float64Array(count), Number);
    case 'uint64':
      return converted(new BigUint64Array(buffer, byteOffset, count), new Float64Array(count), Number);
    case 'float16':
      return converted(new Uint16Array(buffer, byteOffset, count), new Float32Array(count), half);
    case 'float32':
      return new Float32Array(buffer, byteOffset, count);
    case 'float64':
      return new Float64Array(buffer, byteOffset, count);
    default:
      return data;
  }
}

function converted<T>(from: ArrayLike<T>, into: NumericArray, convert: (value: T) => number): NumericArray {
  for (let index = 0; index < from.length; index++) into[index] = convert(from[index] as T);
  return into;
}

/** A copy with the bytes of each number the other way round. */
function swapped(data: Uint8Array, itemBytes: number): Uint8Array {
  const copy = new Uint8Array(data);
  const bytes = Buffer.from(copy.buffer);
  if (itemBytes === 2) bytes.swap16();
  else if (itemBytes === 4) bytes.swap32();
  else if (itemBytes === 8) bytes.swap64();
  return copy;
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function half(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Whether a part of an array has an integer that is not exact as a double. */
export function hasLargeIntegers(data: Uint8Array, header: NpyHeader): boolean {
  return exactTexts(data, header, false) !== undefined;
}

/** The integers as text where at least one of them is not exact as a double; otherwise undefined. */
function exactTexts(data: Uint8Array, header: NpyHeader, always: boolean): string[] | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = data.byteLength / 8;
  const at = (index: number): bigint =>
    header.dtype === 'int64'
      ? view.getBigInt64(index * 8, header.littleEndian)
      : view.getBigUint64(index * 8, header.littleEndian);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  for (let index = 0; index < count; index++) {
    const value = at(index);
    if (always || value > limit || value < -limit)
      return Array.from({ length: count }, (_, other) => String(at(other)));
  }
  return undefined;
}

function textAt(data: Uint8Array, header: NpyHeader, row: number): string {
  const start = row * header.itemBytes;
  if (header.dtype === 'bytes') {
    const bytes = data.subarray(start, start + header.itemBytes);
    const end = bytes.indexOf(0);
    return new TextDecoder('utf-8').decode(end < 0 ? bytes : bytes.subarray(0, end));
  }
  const view = new DataView(data.buffer, data.byteOffset + start, header.itemBytes);
  let text = '';
  for (let at = 0; at < header.itemBytes; at += 4) {
    const point = view.getUint32(at, header.littleEndian);
    if (point === 0) break;
    text += point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
  }
  return text;
}

/** From first-index-fastest to last-index-fastest order. */
function fromFortranOrder(values: NumericArray, shape: readonly number[]): NumericArray {
  const result = emptyLike(values, values.length);
  const strides = shape.map((_, axis) => product(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  for (let at = 0; at < result.length; at++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += (index[axis] ?? 0) * (strides[axis] ?? 0);
    result[at] = values[from] ?? NaN;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next === shape[axis] ? 0 : next;
      if (next !== shape[axis]) break;
    }
  }
  return result;
}
